import { Code } from "@connectrpc/connect";

/**
 * Every kind of failure a caller can be told of: its code on the wire between services and its HTTP status.
 * The one table of the platform; the gateway and the interceptors read it.
 */
export const ERROR_KINDS = {
  invalid: { code: Code.InvalidArgument, status: 400 },
  unauthenticated: { code: Code.Unauthenticated, status: 401 },
  forbidden: { code: Code.PermissionDenied, status: 403 },
  not_found: { code: Code.NotFound, status: 404 },
  exists: { code: Code.AlreadyExists, status: 409 },
  conflict: { code: Code.FailedPrecondition, status: 409 },
  stale: { code: Code.Aborted, status: 409 },
  out_of_range: { code: Code.OutOfRange, status: 400 },
  exhausted: { code: Code.ResourceExhausted, status: 429 },
  unimplemented: { code: Code.Unimplemented, status: 501 },
  cancelled: { code: Code.Canceled, status: 499 },
  timeout: { code: Code.DeadlineExceeded, status: 504 },
  unavailable: { code: Code.Unavailable, status: 503 },
  internal: { code: Code.Internal, status: 500 },
} as const satisfies Record<string, { code: Code; status: number }>;

export type ErrorKind = keyof typeof ERROR_KINDS;

/** A stable word for programs, lower_snake_case (`locked_out`). On the wire between services it is UPPER_SNAKE_CASE. */
export type Reason = string;

export interface FieldViolation {
  /** Path of the field, dots and indices: `items[2].name`. */
  readonly field: string;
  readonly description: string;
}

export interface AppErrorOptions {
  readonly metadata?: Record<string, string>;
  readonly fields?: readonly FieldViolation[];
  readonly retryAfterMs?: number;
  /** For the log; never sent. */
  readonly cause?: unknown;
}

/** A failure the caller is told of. The message says what happened, to what, and what to do. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly kind: ErrorKind;
  readonly reason: Reason;
  readonly metadata: Record<string, string>;
  readonly fields: readonly FieldViolation[];
  readonly retryAfterMs: number | undefined;

  constructor(kind: ErrorKind, reason: Reason, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.reason = reason.toLowerCase();
    this.metadata = options.metadata ?? {};
    this.fields = options.fields ?? [];
    this.retryAfterMs = options.retryAfterMs;
  }

  get code(): Code {
    return ERROR_KINDS[this.kind].code;
  }

  get status(): number {
    return ERROR_KINDS[this.kind].status;
  }
}

/** The kind a Connect code stands for. */
export function kindOfCode(code: Code): ErrorKind {
  for (const [kind, row] of Object.entries(ERROR_KINDS)) {
    if (row.code === code) return kind as ErrorKind;
  }
  return "internal";
}

/** The ways to fail, one function each. */
export const errors = {
  /** Not there, or not the caller's: the two can't be told apart. */
  notFound(what = "record"): AppError {
    return new AppError("not_found", "not_found", `There is no such ${what}, or you can't see it.`);
  },
  /** The request itself is wrong; `fields` say where. */
  invalid(message: string, fields: readonly FieldViolation[] = []): AppError {
    return new AppError("invalid", "invalid_argument", message, { fields });
  },
  /** The request is fine but the state doesn't allow it; put what the state is into `metadata.state`. */
  conflict(reason: Reason, message: string, metadata: Record<string, string> = {}): AppError {
    return new AppError("conflict", reason, message, { metadata });
  },
  /** Somebody was faster: read again and decide again. */
  stale(
    reason: Reason = "version_conflict",
    message = "This was changed by somebody else in the meantime. Load it again and repeat your change.",
    metadata: Record<string, string> = {},
  ): AppError {
    return new AppError("stale", reason, message, { metadata });
  },
  /** The caller may see the thing but not do this with it. */
  forbidden(message = "You are not allowed to do this.", reason: Reason = "forbidden"): AppError {
    return new AppError("forbidden", reason, message);
  },
  unauthenticated(reason: Reason = "unauthenticated", message = "Sign in to do this."): AppError {
    return new AppError("unauthenticated", reason, message);
  },
  /** A limit or a budget is used up. */
  exhausted(reason: Reason, message: string, retryAfterMs?: number): AppError {
    return new AppError("exhausted", reason, message, { retryAfterMs });
  },
  /** Something this depends on doesn't answer; trying again later may work. */
  unavailable(message: string, cause?: unknown): AppError {
    return new AppError("unavailable", "unavailable", message, { cause });
  },
  exists(reason: Reason, message: string): AppError {
    return new AppError("exists", reason, message);
  },
  timeout(message = "This took too long and was given up. Try again."): AppError {
    return new AppError("timeout", "deadline_exceeded", message);
  },
  /** A defect of ours: the caller learns nothing but that it happened. */
  internal(cause: unknown): AppError {
    return new AppError("internal", "internal", "Something went wrong on our side. It was recorded.", {
      cause,
    });
  },
};
