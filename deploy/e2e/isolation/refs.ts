import { newId, toRef } from "@leadmetrics/kit";

/**
 * One of everything a tenant has, by what it is. A request's fields are filled from it by name: `plan_ref` from `plan`,
 * the `ref` of a `Goal` from `goal`.
 */
export const REF_KINDS = [
  "tenant",
  "user",
  "session",
  "strategy",
  "goal",
  "plan",
  "deliverable",
  "activity",
  "revision",
  "comment",
  "publication",
  "channel",
  "run",
  "file",
  "crawl",
  "invitation",
  "topUp",
  "notification",
  "request",
  "passkey",
  "pause",
  "export",
  "contract",
  "impersonation",
  "reviewer",
] as const;
export type RefKind = (typeof REF_KINDS)[number];
export type Refs = Readonly<Record<RefKind, string>>;

/** References of the right form that nobody has; a reviewer belongs to no tenant and stays who they are. */
export function nobodysRefs(reviewer: string): Refs {
  return refsFrom((kind) => (kind === "reviewer" ? reviewer : toRef(newId())));
}

/** A reference of each kind. */
export function refsFrom(refOf: (kind: RefKind) => string): Refs {
  const entries: Partial<Record<RefKind, string>> = {};
  for (const kind of REF_KINDS) entries[kind] = refOf(kind);
  return entries as Refs;
}
