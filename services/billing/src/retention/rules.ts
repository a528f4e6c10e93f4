/** Years after the end of the year that books have to be kept; the longest of the laws that apply (ten years). */
export const KEEP_YEARS = 10;

/** The last day payments of a tenant that is erased now are kept, YYYY-MM-DD. */
export function keepUntil(now: Date): string {
  return `${now.getUTCFullYear() + KEEP_YEARS}-12-31`;
}
