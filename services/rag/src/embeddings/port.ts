/** Turns text into vectors whose angles say how near two texts are. */
export interface Embeddings {
  /** Names the space of the vectors: those of two labels can't be compared. Shown with every file. */
  readonly label: string;
  readonly dimensions: number;
  /** How many texts one call takes at most. */
  readonly batchSize: number;
  /**
   * One vector of length 1 per text, in the texts' order.
   *
   * @throws AppError `unavailable` when trying again later may work
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]>;
}

/** Scales a vector to length 1; a zero vector stays. */
export function normalise(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (sum === 0) return vector;
  const length = Math.sqrt(sum);
  return vector.map((value) => value / length);
}
