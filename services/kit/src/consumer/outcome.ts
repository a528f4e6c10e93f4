/** What became of one delivery. Handlers say it; only the runtime acknowledges. */
export type Outcome =
  | { readonly kind: "ok" }
  | { readonly kind: "retry"; readonly delayMs: number | undefined; readonly why: string }
  | { readonly kind: "reject"; readonly why: string };

/** Done: the effect is committed (or there was none to take). */
export function ok(): Outcome {
  return { kind: "ok" };
}

/** Not now: deliver again after `delayMs` (the profile's own back-off when undefined). The transaction rolls back. */
export function retry(delayMs: number | undefined, why: string): Outcome {
  return { kind: "retry", delayMs, why };
}

/** Never: to the dead letters, for a person to look at. The transaction rolls back. */
export function reject(why: string): Outcome {
  return { kind: "reject", why };
}
