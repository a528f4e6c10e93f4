/** What a channel is asked to publish; the body is Markdown. */
export interface Post {
  /** Ref of the publication: the channel's own mark by which the post is found again. */
  readonly mark: string;
  readonly title: string;
  readonly body: string;
  readonly excerpt: string;
  readonly slug: string;
}

export type Refusal =
  | "wrong_credentials"
  | "missing_rights"
  | "invalid"
  | "unreachable"
  | "private_address"
  | "not_wordpress";

/** What became of an attempt to publish. `unclear` means it may have happened: never send again, look it up. */
export type SendResult =
  | { readonly kind: "accepted"; readonly remoteId: string; readonly url: string }
  | { readonly kind: "refused"; readonly reason: Refusal; readonly problem: string }
  | { readonly kind: "retryable"; readonly afterMs: number; readonly problem: string }
  | { readonly kind: "unclear"; readonly problem: string };

/** Whether a post is there. */
export type LookupResult =
  | { readonly kind: "found"; readonly remoteId: string; readonly url: string }
  | { readonly kind: "absent" }
  | { readonly kind: "unknown"; readonly problem: string };

export type TestResult =
  | { readonly kind: "works"; readonly name: string }
  | { readonly kind: "refused"; readonly reason: Refusal; readonly problem: string };

/** A connected outside platform. Adding one: a folder beside `wordpress` and a line in `index.ts`. */
export interface ChannelAdapter {
  test(signal: AbortSignal): Promise<TestResult>;
  publish(post: Post, signal: AbortSignal): Promise<SendResult>;
  lookup(post: Pick<Post, "mark" | "slug">, signal: AbortSignal): Promise<LookupResult>;
}
