import type { FailureClass } from "../adapters/failure.ts";

export const LIVE = ["requested", "admitted", "working", "awaiting_credits", "awaiting_config"] as const;
export const FINAL = ["succeeded", "failed", "cancelled"] as const;
export type RunStatus = (typeof LIVE)[number] | (typeof FINAL)[number];
export type CreditState = "none" | "reserved" | "settled" | "released";
export const LANES = ["interactive", "batch"] as const;
export type Lane = (typeof LANES)[number];
/** Workers are scaled by what their runs need; see the architecture. */
export const WORK_GROUPS = ["llm", "util"] as const;
export type WorkGroup = (typeof WORK_GROUPS)[number];

const NEXT: Record<RunStatus, readonly RunStatus[]> = {
  requested: ["admitted", "awaiting_credits", "awaiting_config", "failed", "cancelled"],
  admitted: ["working", "requested", "cancelled"],
  working: ["succeeded", "failed", "cancelled", "requested", "awaiting_config"],
  awaiting_credits: ["requested", "cancelled"],
  awaiting_config: ["requested", "cancelled"],
  succeeded: [],
  failed: [],
  cancelled: [],
};

/** Whether a run may go from one state to another. */
export const mayBecome = (from: RunStatus, to: RunStatus): boolean => NEXT[from].includes(to);
export const isLive = (status: RunStatus): boolean => (LIVE as readonly RunStatus[]).includes(status);

/** A person waits for the result of these; everything else is the plan's bulk. */
export function laneOf(wakeReason: string): Lane {
  return wakeReason === "new_task" ? "batch" : "interactive";
}

export interface Limits {
  leaseMs: number;
  unclaimedMs: number;
  configMs: number;
  creditsMs: number;
}

export interface Watched {
  status: RunStatus;
  statusSince: Date;
  leaseUntil: Date | null;
  /** Later than `statusSince` where it is worth looking again before the usual time. */
  notBefore: Date;
}

/** What is wrong with a run that stands still; undefined while it is on its way. */
export type Staleness = "lease_expired" | "unclaimed" | "recheck_config" | "recheck_credits";

/** The one judgement about runs that don't move. */
export function staleness(run: Watched, now: Date, limits: Limits): Staleness | undefined {
  const stoodFor = now.getTime() - run.statusSince.getTime();
  switch (run.status) {
    case "working":
      return (run.leaseUntil?.getTime() ?? 0) < now.getTime() ? "lease_expired" : undefined;
    case "admitted":
      return stoodFor > limits.unclaimedMs ? "unclaimed" : undefined;
    case "awaiting_config":
      return stoodFor > limits.configMs ? "recheck_config" : undefined;
    case "awaiting_credits":
      return stoodFor > limits.creditsMs || (run.notBefore > run.statusSince && run.notBefore < now)
        ? "recheck_credits"
        : undefined;
    default:
      return undefined;
  }
}

export interface Failed {
  class: FailureClass;
  message: string;
  retryAfterMs?: number;
  config: boolean;
}

export type AfterFailure =
  | { outcome: "retry"; inMs: number }
  | { outcome: "wait_for_config"; problem: string }
  /** The role's next model takes the run. */
  | { outcome: "fall_back"; problem: string }
  | { outcome: "fail"; problem: string };

/** Attempts of the model that has the run. */
export const triesOf = (run: { readonly attempt: number; readonly setup_attempt: number }): number =>
  run.attempt - run.setup_attempt + 1;

export interface RetryLimits {
  attempts: number;
  retry: { firstMs: number; factor: number; capMs: number };
}

/** Failures of a model that another one may not have; an answer that doesn't fit, or a name nobody knows, is no such thing. */
const ANOTHER_MAY: ReadonlySet<FailureClass> = new Set(["retryable", "rate_limited", "auth", "budget"]);

/**
 * What becomes of a run whose attempt failed.
 *
 * @param attempt the one that failed, from 1, of the model that has the run
 * @param canFallBack there is a model to go on with
 * @param jitter 0 to 1; spreads retries of runs that failed together
 */
export function afterFailure(
  attempt: number,
  failure: Failed,
  limits: RetryLimits,
  jitter: number,
  canFallBack = false,
): AfterFailure {
  const again =
    failure.class === "retryable" || failure.class === "rate_limited" || failure.class === "unknown";
  const isLast = !again || attempt >= limits.attempts;
  if (canFallBack && isLast && ANOTHER_MAY.has(failure.class)) {
    return { outcome: "fall_back", problem: failure.message };
  }
  if (failure.config) return { outcome: "wait_for_config", problem: failure.message };
  if (!again) return { outcome: "fail", problem: failure.message };
  if (attempt >= limits.attempts) {
    return { outcome: "fail", problem: `${failure.message} Tried ${attempt} times.` };
  }
  const { firstMs, factor, capMs } = limits.retry;
  const backoff = Math.min(firstMs * factor ** (attempt - 1), capMs) * (1 + 0.25 * jitter);
  return { outcome: "retry", inMs: Math.round(Math.max(backoff, failure.retryAfterMs ?? 0)) };
}

/** Micro-USD of model work that one credit pays for. */
export const CREDIT_MICRO_USD = 20_000;

/** Credits a finished run costs: by its real cost, one at least, never more than was reserved. */
export function chargeOf(costMicroUsd: number, reserved: number): number {
  return Math.min(reserved, Math.max(1, Math.ceil(costMicroUsd / CREDIT_MICRO_USD)));
}
