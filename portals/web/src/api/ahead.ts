/**
 * Answers the server has asked for while it wrote the page, so that they are on their way before the page's own code is. Each
 * is used once, by the first to ask for it, and only while the page is new; undefined stands for "ask yourself".
 */
export type Answers = Readonly<Record<string, Promise<unknown>>>;

/** From the page's coming alive: so long an answer counts as what would be answered now. */
const FRESH_MS = 5_000;

const waiting = new Map<string, { answer: Promise<unknown>; untilMs: number }>();
/** Going back shows a page again with the answers it once came with. */
const known = new WeakSet<Answers>();

export function keepAnswers(answers: Answers, nowMs: number): void {
  if (known.has(answers)) return;
  known.add(answers);
  for (const [path, answer] of Object.entries(answers))
    waiting.set(path, { answer, untilMs: nowMs + FRESH_MS });
}

/** The answer to a path with its query, if it was asked for ahead. */
export function takeAnswer(path: string, nowMs: number): Promise<unknown> | undefined {
  const one = waiting.get(path);
  if (!one) return undefined;
  waiting.delete(path);
  return nowMs <= one.untilMs ? one.answer : undefined;
}

/** After a change nothing that was answered before it counts. */
export function dropAnswers(): void {
  waiting.clear();
}
