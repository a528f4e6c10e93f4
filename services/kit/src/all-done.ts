/**
 * What all of them come to, once each has ended: when one fails the others are waited for, so that nothing goes on behind the
 * caller's back.
 *
 * @throws what failed first
 */
export async function allDone<T extends readonly unknown[]>(
  work: readonly [...{ [K in keyof T]: T[K] | Promise<T[K]> }],
): Promise<T>;
export async function allDone<T>(work: readonly Promise<T>[]): Promise<T[]>;
export async function allDone(work: readonly unknown[]): Promise<unknown[]> {
  const all = Promise.all(work);
  // Its rejection is the first one in time; who waits below hears of it.
  all.catch(() => undefined);
  await Promise.allSettled(work);
  return all;
}
