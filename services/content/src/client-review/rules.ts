import type { ContentTypeName } from "../db.ts";
import type { Part } from "../targets/rules.ts";

/** Content that doesn't wait for the client's own approval. */
export interface Skip {
  /** Null for every type. */
  readonly contentType: ContentTypeName | null;
  /** Null for every channel, and for content that goes to none. */
  readonly channelId: string | null;
}

/** Whether a skip says at least what another says. */
const includes = (wide: Skip, narrow: Skip): boolean =>
  (wide.contentType === null || wide.contentType === narrow.contentType) &&
  (wide.channelId === null || wide.channelId === narrow.channelId);

/** Whether content is published without the client's own approval: wherever it goes, a skip says so. */
export function skipsClientReview(
  skips: readonly Skip[],
  contentType: ContentTypeName,
  channelIds: readonly string[],
): boolean {
  const places: readonly (string | null)[] = channelIds.length > 0 ? channelIds : [null];
  return places.every((channelId) => skips.some((skip) => includes(skip, { contentType, channelId })));
}

/** The same in as few skips as say it, each once. */
export function simplest(skips: readonly Skip[]): Skip[] {
  return skips.filter(
    (skip, index) =>
      !skips.some(
        (other, at) => at !== index && includes(other, skip) && (at < index || !includes(skip, other)),
      ),
  );
}

/** Whether what the setting let through can still come to the client: it is nowhere, and nothing was tried. */
export const mayReturn = (parts: readonly Part[]): boolean =>
  parts.every((part) => part === "due" || part === "waiting");

const TYPES: Readonly<Record<ContentTypeName, string>> = {
  blog_post: "blog posts",
  social_post: "social posts",
};

/** What doesn't wait for the client, in words. */
export function inWords(skips: readonly Skip[], nameOf: (channelId: string) => string): string {
  if (skips.length === 0) return "nothing";
  return skips
    .map(({ contentType, channelId }) => {
      const what = contentType === null ? "everything" : TYPES[contentType];
      return channelId === null ? what : `${what} on ${nameOf(channelId)}`;
    })
    .join(", ");
}
