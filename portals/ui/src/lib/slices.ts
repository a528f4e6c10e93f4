/** Milliseconds of work before keys and pictures get their turn: half a frame. */
const SLICE_MS = 8;

/**
 * Carries a long work out a few milliseconds at a time, so that nothing on the page waits for it.
 *
 * @param stop asked between the slices; what was begun is then left
 * @returns its result; undefined when it was stopped
 */
export async function inSlices<Result>(
  work: Generator<undefined, Result>,
  stop: () => boolean,
): Promise<Result | undefined> {
  let began = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - began < SLICE_MS) continue;
    await new Promise((later) => setTimeout(later));
    if (stop()) return undefined;
    began = performance.now();
  }
}
