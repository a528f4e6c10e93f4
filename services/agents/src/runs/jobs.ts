import { ensureDurable, type Id, type Nats, type TenantId, toRef, tryFromRef } from "@leadmetrics/kit";
import { AckPolicy, type Consumer, DeliverPolicy, type JsMsg } from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import { z } from "zod";
import type { RunRow } from "../db.ts";
import { TUNABLES } from "../tunables.ts";
import type { WorkGroup } from "./rules.ts";
import type { Held } from "./store.ts";

const STREAM = "JOBS_AGENTS";

/** A run that was admitted, on its way to a worker. The row in the database is the truth; this only says where to look. */
export interface Job extends Held {
  readonly tenantId: TenantId;
}

const payload = z.object({ run: z.string(), tenant: z.string(), fence: z.number().int() });

/** Puts an admitted run before the workers. Twice is harmless: the fence lets one claim succeed. */
export async function sendJob(
  nats: Nats,
  run: Pick<RunRow, "id" | "tenant_id" | "work_group" | "lane" | "fence">,
): Promise<void> {
  const tenant = toRef(run.tenant_id as Id);
  await nats.js.publish(
    `job.agents.${run.work_group}.${run.lane}.${tenant}`,
    JSON.stringify({ run: toRef(run.id as Id), tenant, fence: run.fence } satisfies z.input<typeof payload>),
  );
}

/** What a message says; undefined when it isn't a job. */
export function readJob(message: JsMsg): Job | undefined {
  const parsed = payload.safeParse(parseJson(message.string()));
  const id = parsed.success ? tryFromRef(parsed.data.run) : undefined;
  const tenantId = parsed.success ? tryFromRef(parsed.data.tenant) : undefined;
  if (!parsed.success || !id || !tenantId) return undefined;
  return { id, tenantId: tenantId as TenantId, fence: parsed.data.fence };
}

/** The queue of a work group, shared by all its workers. */
export async function jobsOf(nats: Nats, group: WorkGroup): Promise<Consumer> {
  return ensureDurable(nats, STREAM, {
    durable_name: `agents-${group}`,
    filter_subject: `job.agents.${group}.>`,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(TUNABLES.worker.ackWaitMs),
    max_deliver: -1,
    max_ack_pending: -1,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
