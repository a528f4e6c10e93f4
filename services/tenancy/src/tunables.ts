const DAY = 86_400_000;

/** Milliseconds an invitation can be taken. */
export const INVITATION_MS = 14 * DAY;
/** Milliseconds between comparisons of the reviewers' tenants and of waiting contracts with the bucket every verifier watches. */
export const ASSIGNMENTS_RECONCILE_MS = 5 * 60_000;
/** Attempts to append to an audit chain that others append to at the same time. */
export const AUDIT_APPEND_TRIES = 5;
/** Milliseconds between looks at deletions that go on. */
export const DELETION_POLL_MS = 1_000;
/** Milliseconds a replica that died while erasing blocks the others for. */
export const DELETION_LEASE_MS = 10_000;
/** Milliseconds until a deletion that met something that doesn't answer goes on. */
export const DELETION_RETRY_MS = 5_000;
/** Milliseconds a service may take to count what it holds of a tenant. */
export const COUNT_TIMEOUT_MS = 55_000;
/** Milliseconds between looks at exports that are to be made. */
export const EXPORT_POLL_MS = 1_000;
/** Milliseconds a replica that died while making an export blocks the others for. */
export const EXPORT_LEASE_MS = 15_000;
/** Attempts to make one export. */
export const EXPORT_TRIES = 3;
/** Bytes of a zip that lie in one row. */
export const EXPORT_PIECE_BYTES = 512 * 1024;
/** Pieces one call of a download sends. */
export const DOWNLOAD_PIECES = 32;
/** Pieces of an old export that one transaction throws away. */
export const EXPIRE_PIECES = 200;
