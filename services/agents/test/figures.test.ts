import { type Id, newId, type TenantId, toRef } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { RunFiguresService, RunGrouping } from "@leadmetrics/proto/agents/v1/figures";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentsDb } from "../src/db.ts";
import { runFiguresService } from "../src/figures/rpc.ts";

const DAY_MS = 86_400_000;

let t: ServiceTest<AgentsDb>;
beforeAll(async () => {
  t = await startServiceTest<AgentsDb>({
    service: "agents",
    migrations: new URL("../migrations/", import.meta.url),
  });
  await t.start({ config: t.config, rpc: ({ db }) => [runFiguresService(db)] });
});
afterAll(() => t?.close());

const bakery = newId() as TenantId;
const travel = newId() as TenantId;

async function run(
  tenant: TenantId,
  what: { role: string; failed?: boolean; daysAgo?: number; cost?: number },
) {
  const id = newId();
  await t.db.withTenant(t.ctx.tenant(tenant), (tx) =>
    tx
      .insertInto("agent_run")
      .values({
        id,
        tenant_id: tenant,
        role: what.role,
        work_group: "util",
        lane: "batch",
        activity_id: null,
        step_id: null,
        plan_id: null,
        work_key: id,
        title: "",
        wake_reason: "new_task",
        input: "{}",
        traceparent: null,
        status: what.failed ? "failed" : "succeeded",
        held_until: null,
        lease_until: null,
        worker: null,
        model: "offline-1",
        credits: 2,
        input_tokens: 10,
        cost_micro_usd: what.cost ?? 100,
        requested_on: new Date(Date.now() - (what.daysAgo ?? 0) * DAY_MS),
        started_on: null,
        finished_on: null,
        created_by: "test",
      })
      .execute(),
  );
  return id;
}

const admin = () => t.client(RunFiguresService, t.ctx.superAdmin().principal);

describe("figures of runs", () => {
  let called: Id;
  beforeAll(async () => {
    called = await run(bakery, { role: "blog-writer", cost: 900 });
    await run(bakery, { role: "blog-writer", failed: true });
    await run(travel, { role: "topic-researcher" });
    await run(travel, { role: "topic-researcher", daysAgo: 3 });
    await run(travel, { role: "topic-researcher", daysAgo: 40 });
    await t.db.withTenant(t.ctx.tenant(bakery), (tx) =>
      tx
        .insertInto("llm_call")
        .values({
          id: newId(),
          tenant_id: bakery,
          run_id: called,
          attempt: 1,
          adapter: "offline",
          model: "offline-1",
          outcome: "ok",
          input_tokens: 10,
          output_tokens: 5,
          cached_tokens: 0,
          cost_micro_usd: 900,
          duration_ms: 42,
          prompt_hash: "p",
          response_hash: "r",
          provider_ref: null,
        })
        .execute(),
    );
  });

  it("count the days asked for, today among them, over all tenants", async () => {
    const today = new Date().toISOString().slice(0, 10);
    const { figures } = await (await admin()).listRunFigures({});
    expect(figures.map(({ day, runs }) => [day, Number(runs)])).toEqual([
      [new Date(Date.now() - 3 * DAY_MS).toISOString().slice(0, 10), 1],
      [today, 3],
    ]);
    const [, now] = figures;
    expect(now).toMatchObject({ succeeded: 2n, failed: 1n, credits: 6n, usage: { costMicroUsd: 1100n } });
    expect((await (await admin()).listRunFigures({ days: 1 })).figures).toHaveLength(1);
    expect((await (await admin()).listRunFigures({ days: 60 })).figures).toHaveLength(3);
  });

  it("are told apart by tenant and by role", async () => {
    const byTenant = await (await admin()).listRunFigures({ days: 1, groupBy: RunGrouping.TENANT });
    expect(Object.fromEntries(byTenant.figures.map(({ key, runs }) => [key, Number(runs)]))).toEqual({
      [toRef(bakery)]: 2,
      [toRef(travel)]: 1,
    });
    const byRole = await (await admin()).listRunFigures({ days: 1, groupBy: RunGrouping.ROLE });
    expect(byRole.figures.map(({ key }) => key).sort()).toEqual(["blog-writer", "topic-researcher"]);
  });

  it("lead to the calls of one run, in its own tenant only", async () => {
    const client = await t.client(RunFiguresService, t.ctx.superAdmin(bakery).principal, bakery);
    const { calls } = await client.listModelCalls({ runRef: toRef(called) });
    expect(calls.map(({ durationMs, outcome }) => [durationMs, outcome])).toEqual([[42, "ok"]]);
    const other = await t.client(RunFiguresService, t.ctx.superAdmin(travel).principal, travel);
    await expect(other.listModelCalls({ runRef: toRef(called) })).rejects.toThrow(/no such run|not/i);
  });

  it("are nobody's but super admins'", async () => {
    const client = await t.client(RunFiguresService, t.ctx.tenant(bakery).principal);
    await expect(client.listRunFigures({})).rejects.toThrow(/permission_denied/);
  });
});
