import { emit, type Id, newId, type TenantId, toRef } from "@leadmetrics/kit";
import { RunRequestedSchema, WakeReason } from "@leadmetrics/proto/content/events/v1/events";
import { ContentType } from "@leadmetrics/proto/content/v1/plans";
import { expect } from "vitest";
import type { RunRow } from "../src/db.ts";
import { service } from "../src/definition.ts";
import { admit, hold } from "../src/dispatch/store.ts";
import { claim } from "../src/runs/store.ts";
import { agentsTest, refusal } from "./agents.ts";
import { startMessagesServer } from "./wire/messages-server.ts";

export const LEASE_MS = 15_000;
export const HOLD_MS = 30_000;
export const CREDITS = { "blog-writer": 5 };

interface Wanted {
  runId?: Id;
  stepRef?: string;
  role?: string;
  wakeReason?: WakeReason;
}

/** Agents without dispatcher and reconciler, before a provider that speaks Messages. */
export async function startRuns() {
  const wire = await startMessagesServer();
  const { t, config } = await agentsTest();
  // Without dispatcher and reconciler: the tests take their steps themselves.
  const { rpc, consumers } = service;
  await t.start({ config, rpc, consumers });

  const tenant = () => newId() as TenantId;

  /** Content asks for a run, as its event does. */
  async function request(tenantId: TenantId, wanted: Wanted = {}): Promise<Id> {
    const runId = wanted.runId ?? newId();
    const ctx = t.ctx.tenant(tenantId);
    await t.db.withTenant(ctx, (tx) =>
      emit(
        tx,
        ctx,
        RunRequestedSchema,
        {
          runRef: toRef(runId),
          role: wanted.role ?? "blog-writer",
          activityRef: toRef(newId()),
          stepRef: wanted.stepRef ?? toRef(newId()),
          planRef: toRef(newId()),
          wakeReason: wanted.wakeReason ?? WakeReason.NEW_TASK,
          input: { contentType: ContentType.BLOG_POST, title: "Rye bread" },
        },
        { aggregate: runId, subject: `evt.content.run.requested.v1.${toRef(tenantId)}` },
      ),
    );
    return runId;
  }

  async function row(tenantId: TenantId, runId: Id): Promise<RunRow | undefined> {
    return t.db.withTenant(t.ctx.tenant(tenantId), (tx) =>
      tx.selectFrom("agent_run").selectAll().where("id", "=", runId).executeTakeFirst(),
    );
  }

  const arrives = (tenantId: TenantId, runId: Id, status = "requested") =>
    expect.poll(async () => (await row(tenantId, runId))?.status, { timeout: 10_000 }).toBe(status);

  async function requested(tenantId: TenantId, wanted: Wanted = {}): Promise<RunRow> {
    const runId = await request(tenantId, wanted);
    await arrives(tenantId, runId);
    return (await row(tenantId, runId)) as RunRow;
  }

  const asTenant = <T>(tenantId: TenantId, work: Parameters<typeof t.db.withTenant<T>>[1]) =>
    t.db.withTenant(t.ctx.tenant(tenantId), work);

  /** A run in a worker's hands. */
  async function working(tenantId: TenantId): Promise<RunRow> {
    const run = await requested(tenantId);
    await t.db.withSystem("test", (tx) => hold(tx, [run.id], HOLD_MS, CREDITS));
    const admitted = await asTenant(tenantId, (tx) =>
      admit(tx, run, { adapter: "offline", model: "offline-1" }),
    );
    const claimed = admitted && (await asTenant(tenantId, (tx) => claim(tx, admitted, newId(), LEASE_MS)));
    if (!claimed) throw new Error("not claimed");
    return claimed;
  }

  return {
    t,
    wire,
    config,
    tenant,
    request,
    row,
    arrives,
    requested,
    asTenant,
    working,
    refusal,
    async close() {
      await t.close();
      await wire.close();
    },
  };
}
