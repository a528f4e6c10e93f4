/** Why a file can't become knowledge: a stable word for programs. */
export type RefusalReason =
  | "file_empty"
  | "file_too_large"
  | "file_type_unsupported"
  | "file_type_mismatch"
  | "file_broken"
  | "file_encrypted"
  | "file_too_complex"
  | "file_too_slow"
  | "file_without_text"
  | "file_failed";

/** A file that is refused for what it is; the message is the one sentence people read. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}
