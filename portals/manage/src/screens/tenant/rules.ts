import type { Impersonation, TenantDeletion } from "@leadmetrics/web";

/** How far erasing is, 0 to 1: a holder counts half when it is erased and whole when that was verified. */
export function erasedShare(steps: TenantDeletion["steps"]): number {
  if (steps.length === 0) return 0;
  const points = { waiting: 0, erased: 0.5, verified: 1 } as const;
  return steps.reduce((sum, step) => sum + points[step.status], 0) / steps.length;
}

const words: Record<TenantDeletion["status"], string> = {
  requested: "Suspended; what there is to erase is being counted",
  grace: "Suspended; erased when the grace period ends",
  erasing: "Being erased",
  verifying: "Erased; being counted again until nothing has come back",
  finished: "Erased, and proven",
  cancelled: "Cancelled",
};

export const deletionWords = (status: TenantDeletion["status"]): string => words[status];

/** Where an impersonation stands: its ticket waits, somebody looks, or it is over. */
export function impersonationState(
  { endedOn, expiresOn, opened }: Pick<Impersonation, "endedOn" | "expiresOn" | "opened">,
  now: number,
): "waiting" | "looking" | "over" {
  if (endedOn || Date.parse(expiresOn) <= now) return "over";
  return opened ? "looking" : "waiting";
}

/** Whether the tenant can still be brought back. */
export const canCancel = (status: TenantDeletion["status"]): boolean =>
  status === "requested" || status === "grace";
