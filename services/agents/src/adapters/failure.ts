import type { Usage } from "./port.ts";

/** Why a call failed, as far as it decides what happens next. */
export const FAILURE_CLASSES = [
  "retryable",
  "rate_limited",
  "auth",
  "invalid",
  "budget",
  "cancelled",
  "unknown",
] as const;
export type FailureClass = (typeof FAILURE_CLASSES)[number];

export interface FailureInit {
  class: FailureClass;
  /** Stable, for programs: `overloaded`, `unknown_model`, `stream_cut`, … */
  code: string;
  /** One sentence for people: what happened and, where they can act, what to do. */
  message: string;
  retryAfterMs?: number;
  /** The cause is the configuration (key, model, account), so the run can wait for it to be fixed. */
  config?: boolean;
  requestId?: string;
  cause?: unknown;
}

export class RunFailure extends Error {
  readonly class: FailureClass;
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  readonly config: boolean;
  readonly requestId: string | undefined;
  /** What the provider had counted before the call failed: it is billed all the same. */
  usage: Usage | undefined;

  constructor(init: FailureInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = "RunFailure";
    this.class = init.class;
    this.code = init.code;
    this.retryAfterMs = init.retryAfterMs;
    this.config = init.config ?? false;
    this.requestId = init.requestId;
  }
}

/**
 * How long the provider asked us to wait, in milliseconds: `retry-after-ms`, else `retry-after` in seconds or as
 * an HTTP date; undefined when absent, unreadable or not positive.
 */
export function retryAfterMs(headers: Headers | undefined, now: number): number | undefined {
  const ms = Number(headers?.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(ms) && ms > 0) return ms;
  const value = headers?.get("retry-after");
  if (!value) return undefined;
  const seconds = Number(value);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now;
  return Number.isFinite(wait) && wait > 0 ? wait : undefined;
}

export const cancelled = (cause?: unknown): RunFailure =>
  new RunFailure({ class: "cancelled", code: "cancelled", message: "The call was stopped.", cause });

export const streamCut = (provider: string, cause?: unknown): RunFailure =>
  new RunFailure({
    class: "retryable",
    code: "stream_cut",
    message: `${provider} closed the stream before its final event, so the answer is incomplete.`,
    cause,
  });

export const unreachable = (provider: string, cause?: unknown): RunFailure =>
  new RunFailure({
    class: "retryable",
    code: "unreachable",
    message: `${provider} could not be reached.`,
    cause,
  });

/** The answer ended for a reason that makes it useless as it is; asking the same again would end the same. */
export const unusable = (code: string, message: string): RunFailure =>
  new RunFailure({ class: "invalid", code, message });

/** The failure, with what the call had used by then. */
export function spending(failure: RunFailure, usage: Usage): RunFailure {
  if (usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens > 0) {
    failure.usage = usage;
  }
  return failure;
}

/** Anything that is not yet a `RunFailure` is `unknown`; the text of the cause stays in logs only. */
export function asRunFailure(error: unknown): RunFailure {
  if (error instanceof RunFailure) return error;
  return new RunFailure({
    class: "unknown",
    code: "unknown",
    message: "The agent stopped because of an unexpected error.",
    cause: error,
  });
}
