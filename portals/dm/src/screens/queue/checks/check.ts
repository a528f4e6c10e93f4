import { plainText } from "@leadmetrics/ui";
import type { ClientContext, ContentType, Revision } from "@leadmetrics/web";

/** One look a reviewer would take by hand. `hint` says what to do when it did not pass. */
export interface Check {
  name: string;
  passed: boolean;
  hint: string;
}

export type CheckedDraft = Pick<Revision, "title" | "body" | "excerpt" | "citations">;

/** What all checks look at, made once. */
export interface Looked {
  draft: CheckedDraft;
  type: ContentType;
  context: ClientContext | undefined;
  /** Without the marks of Markdown. */
  text: string;
  /** Title and text in small letters. */
  lower: string;
  sentences: string[];
}

export function look(draft: CheckedDraft, type: ContentType, context: ClientContext | undefined): Looked {
  const text = plainText(draft.body);
  return {
    draft,
    type,
    context,
    text,
    lower: `${draft.title} ${text}`.toLowerCase(),
    sentences: text.split(/(?<=[.!?…؟。！？])\s*/u).filter((one) => one.trim()),
  };
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Whether words stand in a text as words, not as part of others. */
export const names = (lower: string, words: string): boolean =>
  words.trim() !== "" &&
  new RegExp(`(?<![\\p{L}\\p{N}])${escapePattern(words.trim().toLowerCase())}(?![\\p{L}\\p{N}])`, "u").test(
    lower,
  );

export const some = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;
export const listed = (items: readonly string[], most = 4): string =>
  items.length > most
    ? `${items.slice(0, most).join(", ")} and ${items.length - most} more`
    : items.join(", ");
