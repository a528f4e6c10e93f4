const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Milliseconds between two posts on one channel below which people are warned. */
export const CROWDED_MS = HOUR;
/** Milliseconds before its moment in which an item should be approved by everybody. */
export const APPROVED_BEFORE_MS = DAY;
/** Milliseconds that the calendar can show at a time. */
export const LONGEST_STRETCH_MS = 100 * DAY;
/** Milliseconds by which a moment may have passed when it arrives: people need a while to press a button. */
export const LATE_MS = 2 * 60_000;
/** The furthest moment in milliseconds from now. */
export const FURTHEST_MS = 366 * DAY;
export const MOST_ENTRIES = 1_000;
export const MOST_UNDATED = 100;
