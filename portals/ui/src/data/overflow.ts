/** At which edges of a row that scrolls sideways more is hidden. */
export type More = "start" | "end" | "both" | "none";

/** Pixels that rounding may hide. */
const SLACK_PX = 2;

/** @param scrolled pixels from the row's beginning; negative where a script runs from the right */
export function moreBeyond(scrolled: number, shown: number, whole: number): More {
  const before = Math.abs(scrolled) > SLACK_PX;
  const after = whole - shown - Math.abs(scrolled) > SLACK_PX;
  if (before) return after ? "both" : "start";
  return after ? "end" : "none";
}
