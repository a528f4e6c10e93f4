/** Why something failed or waits, as far as the reader may know. */
export const whyOf = ({ problem, problemDetail }: { problem?: string; problemDetail?: string }): string =>
  problemDetail || problem || "";

/** What a run noted, as far as the reader may know. */
export const noteOf = ({ note, noteDetail }: { note?: string; noteDetail?: string }): string =>
  noteDetail || note || "";
