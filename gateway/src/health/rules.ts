/** How many calls took at most so many seconds, the last bound being infinity; cumulative, as histograms keep them. */
export type Buckets = ReadonlyMap<number, number>;

/**
 * The duration below which `share` of the calls stayed, in milliseconds: inside its bucket it is taken for evenly spread.
 * Undefined without calls; the last bound there is when it lies beyond all of them.
 */
export function quantileMs(buckets: Buckets, share: number): number | undefined {
  const bounds = [...buckets].sort(([one], [other]) => one - other);
  const total = bounds.at(-1)?.[1] ?? 0;
  if (total === 0) return undefined;
  const wanted = total * share;
  let [low, below] = [0, 0];
  for (const [bound, count] of bounds) {
    if (count >= wanted) {
      if (!Number.isFinite(bound)) return low * 1_000;
      const inside = count - below;
      return (low + (bound - low) * (inside === 0 ? 1 : (wanted - below) / inside)) * 1_000;
    }
    [low, below] = [bound, count];
  }
  return low * 1_000;
}

/** What came since `before`; bounds of before that are gone count from zero. */
export function since(now: Buckets, before: Buckets | undefined): Buckets {
  return new Map([...now].map(([bound, count]) => [bound, count - (before?.get(bound) ?? 0)]));
}
