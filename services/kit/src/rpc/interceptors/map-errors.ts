import { Code, ConnectError } from "@connectrpc/connect";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from "@leadmetrics/proto/gen/google/rpc/error_details_pb";
import { AppError, errors, kindOfCode } from "../../errors.ts";

/** How Connect begins when a caller sends more or fewer messages than a method takes. */
const BROKEN_PROTOCOL = "protocol error";
/** `domain` of every ErrorInfo. */
const DOMAIN = "leadmetrics";

/** An AppError as it goes over the wire: code, message, ErrorInfo, and field violations or a retry time where there are. */
export function toConnectError(error: AppError): ConnectError {
  const connect = new ConnectError(error.message, error.code, undefined, [
    {
      desc: ErrorInfoSchema,
      value: { reason: error.reason.toUpperCase(), domain: DOMAIN, metadata: error.metadata },
    },
    ...(error.fields.length > 0
      ? [
          {
            desc: BadRequestSchema,
            value: { fieldViolations: error.fields.map((violation) => ({ ...violation })) },
          },
        ]
      : []),
    ...(error.retryAfterMs === undefined
      ? []
      : [{ desc: RetryInfoSchema, value: { retryDelay: duration(error.retryAfterMs) } }]),
  ]);
  connect.cause = error.cause;
  return connect;
}

/** What another service answered, as an AppError for callers that pass it on on purpose (the gateway). */
export function fromConnectError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (!(error instanceof ConnectError)) return errors.internal(error);
  const kind = kindOfCode(error.code);
  if (kind === "internal") return errors.internal(error);
  const [info] = error.findDetails(ErrorInfoSchema);
  // Without our details it comes from the transport, and names addresses of the inside.
  if (!info && kind === "unavailable")
    return errors.unavailable("A part of the platform doesn't answer. Try again in a moment.", error);
  const [badRequest] = error.findDetails(BadRequestSchema);
  const [retry] = error.findDetails(RetryInfoSchema);
  const delay = retry?.retryDelay;
  return new AppError(kind, info?.reason ?? kind, error.rawMessage, {
    metadata: info?.metadata ?? {},
    fields: badRequest?.fieldViolations.map(({ field, description }) => ({ field, description })) ?? [],
    retryAfterMs: delay ? Number(delay.seconds) * 1_000 + delay.nanos / 1_000_000 : undefined,
    cause: error,
  });
}

/**
 * What a handler threw, as the one error its caller may see. An AppError goes out as it is; an upstream's error is
 * a fact about our insides, so the caller learns only whether trying again may help.
 *
 * @returns the error, and whether it is a defect that belongs into the log
 */
export function outward(thrown: unknown, signal: AbortSignal): { error: ConnectError; defect: boolean } {
  if (thrown instanceof AppError)
    return { error: toConnectError(thrown), defect: thrown.kind === "internal" };
  if (signal.aborted) return { error: toConnectError(errors.timeout()), defect: false };
  if (thrown instanceof ConnectError && thrown.rawMessage.startsWith(BROKEN_PROTOCOL))
    return {
      error: toConnectError(
        errors.invalid(`The call doesn't keep to its method's kind: ${thrown.rawMessage}.`),
      ),
      defect: false,
    };
  if (thrown instanceof ConnectError) {
    const passing =
      thrown.code === Code.Unavailable ||
      thrown.code === Code.DeadlineExceeded ||
      thrown.code === Code.ResourceExhausted;
    const mapped = passing
      ? errors.unavailable("A part of the platform doesn't answer. Try again in a moment.", thrown)
      : errors.internal(thrown);
    return { error: toConnectError(mapped), defect: !passing };
  }
  return { error: toConnectError(errors.internal(thrown)), defect: true };
}

function duration(ms: number): { seconds: bigint; nanos: number } {
  return { seconds: BigInt(Math.floor(ms / 1_000)), nanos: Math.round(ms % 1_000) * 1_000_000 };
}
