import { Code, ConnectError } from "@connectrpc/connect";
import { emit, type Id, newId, type TenantId, toRef } from "@leadmetrics/kit";
import { PausesService } from "@leadmetrics/proto/agents/v1/pauses";
import { RunCancellationRequestedSchema, WakeReason } from "@leadmetrics/proto/content/events/v1/events";
import { TenantCreatedSchema, TenantUpdatedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import { admit, candidatesOf, capacityOf, hold } from "../src/dispatch/store.ts";
import { beat, claim, finish, giveBack } from "../src/runs/store.ts";
import { CREDITS, HOLD_MS, LEASE_MS, startRuns } from "./runs.ts";

const runs = await startRuns();
const { t, tenant, request, row, arrives, requested, asTenant, working } = runs;
afterAll(() => runs.close());

describe("a requested run", () => {
  it("is there once, however often it is asked for", async () => {
    const tenantId = tenant();
    const runId = await request(tenantId);
    await request(tenantId, { runId });
    await arrives(tenantId, runId);
    const runs = await asTenant(tenantId, (tx) => tx.selectFrom("agent_run").select("id").execute());
    expect(runs).toHaveLength(1);
  });

  it("takes the place of an older one of the same step, which is cancelled; an older one that comes late is void", async () => {
    const tenantId = tenant();
    const stepRef = toRef(newId());
    const late = newId();
    const first = await request(tenantId, { stepRef });
    await arrives(tenantId, first);
    const second = await request(tenantId, { stepRef, wakeReason: WakeReason.REJECTION });
    await arrives(tenantId, second);
    expect((await row(tenantId, first))?.status).toBe("cancelled");
    expect((await row(tenantId, second))?.lane).toBe("interactive");
    await request(tenantId, { stepRef, runId: late });
    const marker = await requested(tenantId);
    expect(marker.status).toBe("requested");
    expect(await row(tenantId, late)).toBeUndefined();
  });

  it("of a role that does not exist fails with the name of the role", async () => {
    const tenantId = tenant();
    const runId = await request(tenantId, { role: "poet" });
    await arrives(tenantId, runId, "failed");
    expect((await row(tenantId, runId))?.problem).toContain("poet");
  });

  it("ends when content does not want it any more, whoever has it", async () => {
    const tenantId = tenant();
    const run = await working(tenantId);
    const ctx = t.ctx.tenant(tenantId);
    const event = { runRef: toRef(run.id as Id), reason: "On hold." };
    await t.db.withTenant(ctx, (tx) =>
      emit(tx, ctx, RunCancellationRequestedSchema, event, {
        aggregate: run.id,
        subject: `evt.content.run.cancellation_requested.v1.${toRef(tenantId)}`,
      }),
    );
    await arrives(tenantId, run.id as Id, "cancelled");
    // The worker that still thinks it has it can't write any more.
    expect(await asTenant(tenantId, (tx) => beat(tx, run, { events: 1, leaseMs: LEASE_MS }))).toBeUndefined();
    expect(await asTenant(tenantId, (tx) => finish(tx, run, { status: "succeeded" }))).toBeUndefined();
  });
});

describe("a run in hand", () => {
  it("goes to one of two dispatchers that want it, and to one of two workers", async () => {
    const tenantId = tenant();
    const run = await requested(tenantId);
    const take = () => t.db.withSystem("test", (tx) => hold(tx, [run.id], HOLD_MS, CREDITS));
    const held = await Promise.all([take(), take(), take()]);
    expect(held.flat()).toHaveLength(1);
    expect(held.flat()[0]).toMatchObject({ credits: 5, credit_state: "reserved" });
    const admitted = await asTenant(tenantId, (tx) =>
      admit(tx, run, { adapter: "offline", model: "offline-1" }),
    );
    if (!admitted) throw new Error("not admitted");
    const claims = await Promise.all(
      ["a", "b", "c"].map((worker) => asTenant(tenantId, (tx) => claim(tx, admitted, worker, LEASE_MS))),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  it("is lost to a worker whose run was given to another one: nothing it writes counts", async () => {
    const tenantId = tenant();
    const old = await working(tenantId);
    const back = {
      status: "requested",
      inMs: 0,
      countAttempt: true,
      problem: "The worker stopped answering.",
    } as const;
    await asTenant(tenantId, (tx) => giveBack(tx, old, back));
    const again = await row(tenantId, old.id as Id);
    expect(again).toMatchObject({ status: "requested", attempt: 2, worker: null });
    expect(await asTenant(tenantId, (tx) => beat(tx, old, { events: 0, leaseMs: LEASE_MS }))).toBeUndefined();
    expect(await asTenant(tenantId, (tx) => finish(tx, old, { status: "failed" }))).toBeUndefined();
    expect(await asTenant(tenantId, (tx) => giveBack(tx, old, back))).toBeUndefined();
  });

  it("numbers what it says without gaps", async () => {
    const run = await working(tenant());
    const take = (events: number) =>
      asTenant(run.tenant_id as TenantId, (tx) => beat(tx, run, { events, leaseMs: LEASE_MS }));
    expect(await take(3)).toEqual({ firstSequence: 1 });
    expect(await take(0)).toEqual({ firstSequence: 4 });
    expect(await take(2)).toEqual({ firstSequence: 4 });
    const ended = await asTenant(run.tenant_id as TenantId, (tx) =>
      finish(tx, run, { status: "succeeded", events: 3 }),
    );
    expect(ended).toMatchObject({ last_sequence: 8 });
  });
});

describe("who is next", () => {
  it("is asked of every tenant, a few of each, without the suspended ones and those in other hands", async () => {
    const [big, small, suspended] = [tenant(), tenant(), tenant()];
    for (const tenantId of [big, small, suspended]) {
      const ctx = t.ctx.tenant(tenantId);
      await t.db.withTenant(ctx, (tx) =>
        emit(
          tx,
          ctx,
          TenantCreatedSchema,
          { tenantRef: toRef(tenantId), name: "T", timeZone: "UTC" },
          { aggregate: tenantId, subject: `evt.tenancy.tenant.created.v1.${toRef(tenantId)}` },
        ),
      );
    }
    const ctx = t.ctx.tenant(suspended);
    await t.db.withTenant(ctx, (tx) =>
      emit(
        tx,
        ctx,
        TenantUpdatedSchema,
        { tenantRef: toRef(suspended), name: "T", timeZone: "UTC", suspended: true },
        { aggregate: suspended, subject: `evt.tenancy.tenant.updated.v1.${toRef(suspended)}` },
      ),
    );
    for (let i = 0; i < 12; i++) await request(big);
    const own = await requested(small);
    await requested(suspended);
    const held = await requested(big);
    await expect
      .poll(
        async () => (await asTenant(big, (tx) => tx.selectFrom("agent_run").select("id").execute())).length,
        {
          timeout: 10_000,
        },
      )
      .toBe(13);
    await t.db.withSystem("test", (tx) => hold(tx, [held.id], HOLD_MS, CREDITS));
    const found = await t.db.withSystem("test", (tx) => candidatesOf(tx, "llm", 5));
    const of = (tenantId: TenantId) =>
      found.filter((each) => each.tenantId === tenantId).map((each) => each.id);
    expect(of(big)).toHaveLength(5);
    expect(of(big)).not.toContain(held.id);
    expect(of(small)).toEqual([own.id]);
    expect(of(suspended)).toEqual([]);
  });

  it("is nobody while no worker is alive", async () => {
    const capacity = () => t.db.withSystem("test", (tx) => capacityOf(tx, "llm", 10_000));
    expect((await capacity()).slots).toBe(0);
    await t.db.global((tx) =>
      tx.insertInto("agent_worker").values({ id: newId(), work_group: "llm", slots: 7 }).execute(),
    );
    expect((await capacity()).slots).toBe(7);
    await t.db.global((tx) =>
      tx.updateTable("agent_worker").set({ seen_on: sql<Date>`now() - interval '11 seconds'` }).execute(),
    );
    expect((await capacity()).slots).toBe(0);
  });

  it("finds its way through a hundred thousand waiting runs by the index", async () => {
    await t.db.withSystem("test", async (tx) => {
      await sql`set local enable_seqscan = off`.execute(tx);
      const { rows } = await sql<{ "QUERY PLAN": string }>`
        explain select id from agent_run where work_group = 'llm' and tenant_id = ${tenant()} and lane = 'batch'
          and status = 'requested' order by id limit 5`.execute(tx);
      expect(rows.map((line) => line["QUERY PLAN"]).join("\n")).toContain("agent_run_waiting");
    });
  });
});

describe("a pause", () => {
  it("holds back whom it names, a tenant, a role or everybody, until it is lifted, and is audited", async () => {
    const [paused, other] = [tenant(), tenant()];
    for (const tenantId of [paused, other]) await requested(tenantId);
    const admin = await t.client(PausesService, t.ctx.superAdmin().principal);
    const waiting = async () => {
      const found = await t.db.withSystem("test", (tx) => candidatesOf(tx, "llm", 5));
      return [paused, other].filter((tenantId) => found.some((each) => each.tenantId === tenantId));
    };
    const during = async (what: { tenantRef?: string; role?: string }) => {
      const { pause } = await admin.pauseRuns({ ...what, reason: "A look at its drafts first." });
      const seen = await waiting();
      await admin.resumeRuns({ pauseRef: pause?.ref });
      return seen;
    };
    expect(await during({ tenantRef: toRef(paused) })).toEqual([other]);
    expect(await during({ tenantRef: toRef(paused), role: "social-post-writer" })).toEqual([paused, other]);
    expect(await during({ role: "blog-writer" })).toEqual([]);
    expect(await during({})).toEqual([]);
    expect(await waiting()).toEqual([paused, other]);
    expect((await admin.listPauses({})).pauses).toEqual([]);
    const again = await admin
      .resumeRuns({ pauseRef: toRef(newId()) })
      .catch((error) => ConnectError.from(error));
    expect(again).toMatchObject({ code: Code.NotFound });
    const kept = await t.db.withSystem("test", (tx) =>
      sql`select 1 from kit.outbox where tenant_id = ${paused} and subject like 'evt.agents.audit.%'`.execute(
        tx,
      ),
    );
    expect(kept.rows).toHaveLength(4);
  });
});
