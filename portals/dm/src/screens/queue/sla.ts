const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Time left from which a promise is in danger. */
const SOON = 2 * HOUR;

export interface Clock {
  /** "3 h left", "2 d late". */
  text: string;
  tone: "plain" | "soon" | "late";
}

/** How a promise stands at a moment; nothing without one. */
export function clockOf(promisedOn: string | null | undefined, now: number): Clock | undefined {
  const left = Date.parse(promisedOn ?? "") - now;
  if (Number.isNaN(left)) return undefined;
  return left < 0
    ? { text: `${span(-left)} late`, tone: "late" }
    : { text: `${span(left)} left`, tone: left < SOON ? "soon" : "plain" };
}

function span(ms: number): string {
  if (ms < HOUR) return `${Math.max(1, Math.round(ms / MINUTE))} min`;
  return ms < 2 * DAY ? `${Math.round(ms / HOUR)} h` : `${Math.round(ms / DAY)} d`;
}
