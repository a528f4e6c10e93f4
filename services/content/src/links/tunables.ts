/** Milliseconds a mailed link can be used: the two days of the promise and a weekend. */
export const LINK_MS = 5 * 86_400_000;
/** Random bytes of a link's secret. */
export const SECRET_BYTES = 32;
