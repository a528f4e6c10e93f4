import type { Comment } from "../api/shapes.ts";

export interface Thread {
  readonly first: Comment;
  readonly answers: readonly Comment[];
}

/** Comments by thread, oldest thread first; an answer whose beginning isn't there stands by itself. */
export function threadsOf(comments: readonly Comment[]): readonly Thread[] {
  const answers = Map.groupBy(comments, (one) => one.threadRef || one.ref);
  const known = new Set(comments.map((one) => one.ref));
  return comments
    .filter((one) => !one.threadRef || !known.has(one.threadRef))
    .map((first) => ({
      first,
      answers: (answers.get(first.ref) ?? []).filter((one) => one.ref !== first.ref),
    }));
}
