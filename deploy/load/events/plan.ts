import type { DatabaseRole } from "@leadmetrics/kit";

/** The job queue's name in Redis. */
export const QUEUE = "items";

/** What a worker's process is to do; given to it as JSON. */
export type WorkerPlan = { readonly urls: Record<DatabaseRole, string> } & (
  | { readonly kind: "kit"; readonly natsUrl: string }
  | { readonly kind: "bullmq"; readonly redisPort: number }
);

/** What a worker's process tells its parent. */
export interface FromWorker {
  readonly ready?: boolean;
  /** Ids and when their effect had committed, milliseconds since 1970. */
  readonly done?: readonly (readonly [string, number])[];
}
