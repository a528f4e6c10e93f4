import type { DescEnum, DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { Event } from "@leadmetrics/kit";

export const COLLECTION_NAMES = [
  "activities",
  "blog_posts",
  "social_posts",
  "newsletters",
  "landing_pages",
  "strategies",
  "goals",
  "channels",
  "campaigns",
  "leads",
  "contacts",
  "reports",
  "knowledge_files",
] as const;
export type CollectionName = (typeof COLLECTION_NAMES)[number];

/** How much a match counts by where it is, 0 to 1. */
export interface Weights {
  readonly title: number;
  readonly keywords: number;
  readonly body: number;
}

/** What an event says about one thing of a collection. */
export type Change =
  | {
      readonly kind: "put";
      readonly ref: string;
      /** Counts up with every change of the thing; an older one is left out. */
      readonly version: number;
      readonly title: string;
      /** What else people would type to find it. */
      readonly keywords?: readonly string[];
      readonly status: string;
      /** True while only the platform's own people may see it. */
      readonly internal?: boolean;
      /** Plain text or Markdown with a counter of its own; left out by events that don't carry it. */
      readonly body?: { readonly text: string; readonly version: number };
      /** Left out: it can be found right away. "with_body": once a body came. */
      readonly findable?: "with_body";
    }
  | { readonly kind: "remove"; readonly ref: string; readonly version: number };

/** Which event changes a collection, and how. */
export interface Feed {
  readonly schema: DescMessage;
  readonly changes: (event: Event<unknown>) => readonly Change[];
}

export interface Collection {
  readonly name: CollectionName;
  readonly weights: Weights;
  /** Beside equal matches in other collections, about 1. */
  readonly boost: number;
  readonly feeds: readonly Feed[];
}

export const USUAL_WEIGHTS: Weights = { title: 1, keywords: 0.6, body: 0.35 };

export function collection(name: CollectionName, more: Partial<Omit<Collection, "name">> = {}): Collection {
  return { name, weights: USUAL_WEIGHTS, boost: 1, feeds: [], ...more };
}

/** Says what an event means for a collection; undefined for nothing. */
export function feed<D extends DescMessage>(
  schema: D,
  changes: (data: MessageShape<D>, event: Event<MessageShape<D>>) => Change | readonly Change[] | undefined,
): Feed {
  return {
    schema,
    // The consumer decodes with `schema` before it calls.
    changes: (event) => {
      const typed = event as Event<MessageShape<D>>;
      return [changes(typed.data, typed) ?? []].flat();
    },
  };
}

/** An enum's value as a word of the domain: ACTIVITY_STATUS_DM_REVIEW → "dm_review". */
export function word(desc: DescEnum, value: number): string {
  const name = desc.value[value]?.name ?? "";
  return name.slice(desc.sharedPrefix ? desc.sharedPrefix.length : 0).toLowerCase();
}
