/** Rows that one transaction erases. */
export const ERASE_ROWS = 500;
/** Milliseconds one call may erase or export; less than its caller waits. */
export const CALL_BUDGET_MS = 4_000;
/** Rows of an export that are read at a time. */
export const EXPORT_ROWS = 100;
/** Bytes one call may export, and of a file in one message. */
export const EXPORT_BYTES = 16 * 1024 * 1024;
export const EXPORT_PIECE_BYTES = 256 * 1024;
