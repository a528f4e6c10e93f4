/**
 * A moment as people read it where they are: "Tuesday 1 December at 09:00 (Europe/Berlin)".
 *
 * @param timeZone IANA name
 */
export function momentText(at: Date, timeZone: string): string {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { timeZone, ...options }).format(at);
  const day = part({ weekday: "long", day: "numeric", month: "long" }).replace(",", "");
  return `${day} at ${part({ hour: "2-digit", minute: "2-digit" })} (${timeZone})`;
}
