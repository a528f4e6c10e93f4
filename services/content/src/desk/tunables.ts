/** Numbers that tune the reviewers' desk. */
export const DESK = {
  /** Milliseconds a claim lasts without being prolonged: three missed heartbeats of a portal. */
  leaseMs: 90_000,
  /** Filters a person keeps of one list. */
  savedFilters: 30,
  /** Other items of the tenant a draft is held against, those changed last. */
  comparedItems: 400,
  /** Words a shingle has: shorter ones are shared by chance, longer ones miss a changed word. */
  shingleWords: 4,
  /** Hashes kept of a text; the error of a share is about 1/√this. */
  sketchSize: 256,
  /** Sketches kept in memory; revisions never change, so one is made once. */
  keptSketches: 4_000,
  /** Share of shingles from which two texts count as one and the same, or as alike. */
  duplicateShare: 0.6,
  similarShare: 0.12,
  /** Items named for one draft. */
  namedItems: 5,
  /** Words a passage must have to be worth showing, and characters shown of it. */
  passageWords: 8,
  passageCharacters: 240,
  /** Cells of the word-by-word comparison; larger texts are compared by what words they have. */
  distanceCells: 4_000_000,
} as const;
