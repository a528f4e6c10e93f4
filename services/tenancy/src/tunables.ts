const DAY = 86_400_000;

/** Milliseconds an invitation can be taken. */
export const INVITATION_MS = 14 * DAY;
/** Milliseconds between comparisons of the reviewers' tenants with the bucket every verifier watches. */
export const ASSIGNMENTS_RECONCILE_MS = 5 * 60_000;
/** Attempts to append to an audit chain that others append to at the same time. */
export const AUDIT_APPEND_TRIES = 5;
