/** A refusal or failure of the API, already in words for the person who caused it. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  /** Field name → what is wrong with it. */
  readonly fields: Readonly<Record<string, string>>;
  /** Further facts, such as `state` after a conflict. */
  readonly metadata: Readonly<Record<string, string>>;

  constructor(init: {
    status: number;
    code: string;
    message: string;
    requestId?: string;
    fields?: Record<string, string>;
    metadata?: Record<string, string>;
  }) {
    super(init.message);
    this.status = init.status;
    this.code = init.code;
    this.requestId = init.requestId || undefined;
    this.fields = init.fields ?? {};
    this.metadata = init.metadata ?? {};
  }
}

const NO_CONNECTION = "No connection. What you typed is still here; try again when you are back online.";

/** Any thrown value as an ApiError; a fetch that never arrived is "no connection". */
export function asApiError(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  if (cause instanceof TypeError) {
    return new ApiError({ status: 0, code: "network", message: NO_CONNECTION });
  }
  return new ApiError({
    status: 0,
    code: "unknown",
    message: cause instanceof Error ? cause.message : "Something went wrong.",
  });
}
