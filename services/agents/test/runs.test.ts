import { Code, ConnectError } from "@connectrpc/connect";
import { emit, fromConnectError, fromRef, type Id, newId, type TenantId, toRef } from "@leadmetrics/kit";
import { catalogueTest, type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { PausesService } from "@leadmetrics/proto/agents/v1/pauses";
import { ConfigsService, RolesService } from "@leadmetrics/proto/agents/v1/roles";
import { RunStatus, RunsService } from "@leadmetrics/proto/agents/v1/runs";
import { CreditsGrantedSchema } from "@leadmetrics/proto/billing/events/v1/events";
import {
  RunCancellationRequestedSchema,
  RunRequestedSchema,
  WakeReason,
} from "@leadmetrics/proto/content/events/v1/events";
import { ContentType } from "@leadmetrics/proto/content/v1/plans";
import { TenantCreatedSchema, TenantUpdatedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentsConfig } from "../src/config.ts";
import type { AgentsDb, RunRow } from "../src/db.ts";
import { service } from "../src/definition.ts";
import { admit, candidatesOf, capacityOf, defer, hold } from "../src/dispatch/store.ts";
import { beat, claim, finish, giveBack } from "../src/runs/store.ts";
import { setupFor } from "../src/settings/store.ts";
import { startMessagesServer } from "./wire/messages-server.ts";
import type { WireServer } from "./wire/wire.ts";

const LEASE_MS = 15_000;
const HOLD_MS = 30_000;
const CREDITS = { "blog-writer": 5 };

let t: ServiceTest<AgentsDb>;
let wire: WireServer;
let config: AgentsConfig;

beforeAll(async () => {
  wire = await startMessagesServer();
  t = await startServiceTest<AgentsDb>({
    service: "agents",
    migrations: new URL("../migrations/", import.meta.url),
  });
  config = {
    ...t.config,
    LLM_ADAPTER: undefined,
    LLM_MODEL: undefined,
    ANTHROPIC_API_KEY: undefined,
    ANTHROPIC_BASE_URL: undefined,
    OPENAI_API_KEY: undefined,
    OPENAI_BASE_URL: undefined,
    OFFLINE_PACE_MS: 0,
    WORKER_GROUPS: [],
    WORKER_SLOTS_LLM: 4,
    WORKER_SLOTS_UTIL: 4,
  };
  // Without dispatcher and reconciler: the tests take their steps themselves.
  const { rpc, consumers } = service;
  await t.start({ config, rpc, consumers });
});
afterAll(async () => {
  await t?.close();
  await wire?.close();
});

const tenant = () => newId() as TenantId;

interface Wanted {
  runId?: Id;
  stepRef?: string;
  role?: string;
  wakeReason?: WakeReason;
}

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

async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error("the call went through");
  return error;
}

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

describe("a run that waits", () => {
  it("for credits goes on when credits come, of its own tenant only", async () => {
    const [mine, theirs] = [tenant(), tenant()];
    const runs = [await requested(mine), await requested(theirs)];
    for (const run of runs) {
      await t.db.withSystem("test", (tx) => hold(tx, [run.id], HOLD_MS, CREDITS));
      await asTenant(run.tenant_id as TenantId, (tx) =>
        defer(tx, run, "awaiting_credits", "There are not enough credits."),
      );
    }
    const ctx = t.ctx.tenant(mine);
    await t.db.withTenant(ctx, (tx) =>
      emit(
        tx,
        ctx,
        CreditsGrantedSchema,
        { credits: 10n, available: 10n },
        { aggregate: mine, subject: `evt.billing.credits.granted.v1.${toRef(mine)}` },
      ),
    );
    await arrives(mine, runs[0]?.id as Id, "requested");
    expect((await row(theirs, runs[1]?.id as Id))?.status).toBe("awaiting_credits");
  });

  it("for a configuration goes on when a super admin sets one, whose key nobody reads again", async () => {
    const tenantId = tenant();
    const run = await requested(tenantId);
    await asTenant(tenantId, (tx) => defer(tx, run, "awaiting_config", "No API key for Claude."));
    const admin = await t.client(ConfigsService, t.ctx.superAdmin().principal, tenantId);
    const apiKey = "sk-ant-very-secret";
    const set = await admin.setConfig({
      config: { role: "blog-writer", adapter: "claude", baseUrl: wire.url, apiKey },
    });
    expect(set.config).toMatchObject({ adapter: "claude", hasApiKey: true, apiKey: "" });
    await arrives(tenantId, run.id as Id, "requested");
    const stored = await asTenant(tenantId, (tx) => tx.selectFrom("agent_config").selectAll().execute());
    expect(JSON.stringify(stored)).not.toContain(apiKey);
    wire.play({ kind: "text", text: "" });
    const { checks } = await admin.testAdapter({ role: "blog-writer" });
    expect(checks.every((check) => check.passed)).toBe(true);
    expect(wire.seen.at(-1)?.headers.authorization).toBe(`Bearer ${apiKey}`);
    const audit = await t.db.withSystem("test", (tx) =>
      sql<{
        text: string;
      }>`select encode(payload, 'escape') as text from kit.outbox where tenant_id = ${tenantId}`.execute(tx),
    );
    expect(JSON.stringify(audit.rows)).toContain("agents.config.set");
    expect(JSON.stringify(audit.rows)).not.toContain(apiKey);
  });

  it("says what is wrong with a key that the provider refuses", async () => {
    const tenantId = tenant();
    const admin = await t.client(ConfigsService, t.ctx.superAdmin().principal, tenantId);
    await admin.setConfig({
      config: { role: "*", adapter: "claude", baseUrl: wire.url, apiKey: "sk-wrong" },
    });
    wire.play({ kind: "http", status: 401, type: "authentication_error" });
    const { checks } = await admin.testAdapter({ role: "blog-writer" });
    expect(checks.find((check) => !check.passed)?.hint).toContain("refused the API key");
  });

  it("keeps no key for another provider or another address", async () => {
    const tenantId = tenant();
    const admin = await t.client(ConfigsService, t.ctx.superAdmin().principal, tenantId);
    const role = "blog-writer";
    await admin.setConfig({ config: { role, adapter: "claude", baseUrl: wire.url, apiKey: "sk-1" } });
    const same = await admin.setConfig({
      config: { role, adapter: "claude", baseUrl: wire.url, model: "claude-opus-5-5" },
    });
    expect(same.config?.hasApiKey).toBe(true);
    const moved = await admin.setConfig({
      config: { role, adapter: "claude", baseUrl: "https://elsewhere.example" },
    });
    expect(moved.config?.hasApiKey).toBe(false);
    const { box } = { box: (await import("@leadmetrics/kit")).secretBox(config.ENCRYPTION_KEYS) };
    const found = await setupFor({ db: t.db, box, platform: { paceMs: 0, providers: {} } }, tenantId, role);
    expect(found).toMatchObject({ ok: true, setup: { settings: { apiKey: undefined } } });
  });

  it.each([
    [{ role: "poet", adapter: "claude" }, "config.role"],
    [{ role: "*", adapter: "gpt" }, "config.adapter"],
    [{ role: "*", adapter: "openai", baseUrl: "file:///etc/passwd" }, "config.base_url"],
  ])("refuses the setting %o and names the field", async (setting, field) => {
    const admin = await t.client(ConfigsService, t.ctx.superAdmin().principal, tenant());
    const refused = await refusal(admin.setConfig({ config: setting }));
    expect(refused.code).toBe(Code.InvalidArgument);
    expect(fromConnectError(refused).fields?.map((each) => each.field)).toEqual([field]);
  });
});

describe("who sees and does what", () => {
  it("shows a run to its tenant, its reviewers and super admins, and to nobody else", async () => {
    const [mine, theirs] = [tenant(), tenant()];
    const run = await working(mine);
    const runRef = toRef(run.id as Id);
    const client = await t.client(RunsService, t.ctx.tenant(mine).principal);
    expect((await client.getRun({ runRef })).run).toMatchObject({
      ref: runRef,
      status: RunStatus.WORKING,
      credits: 5,
    });
    const stranger = await t.client(RunsService, t.ctx.tenant(theirs).principal);
    const [foreign, absent] = [
      await refusal(stranger.getRun({ runRef })),
      await refusal(stranger.getRun({ runRef: toRef(newId()) })),
    ];
    expect([foreign.code, foreign.rawMessage]).toEqual([absent.code, absent.rawMessage]);
    expect(foreign.code).toBe(Code.NotFound);
    expect((await stranger.listRuns({})).runs).toEqual([]);
    const reviewer = await t.client(RunsService, t.ctx.reviewer([mine, theirs]).principal);
    expect((await reviewer.listRuns({})).runs.map((each) => each.tenantRef)).toEqual([toRef(mine)]);
    const other = await t.client(RunsService, t.ctx.reviewer([theirs]).principal);
    expect((await other.listRuns({})).runs).toEqual([]);
    const admin = await t.client(RunsService, t.ctx.superAdmin().principal);
    expect((await admin.listRuns({ page: { pageSize: 200 } })).runs.some((each) => each.ref === runRef)).toBe(
      true,
    );
  });

  it("lets a reviewer cancel a run once, and a client not at all", async () => {
    const tenantId = tenant();
    const run = await requested(tenantId);
    const runRef = toRef(run.id as Id);
    const client = await t.client(RunsService, t.ctx.tenant(tenantId).principal);
    expect((await refusal(client.cancelRun({ runRef }))).code).toBe(Code.PermissionDenied);
    const reviewer = await t.client(RunsService, t.ctx.reviewer([tenantId]).principal, tenantId);
    expect((await reviewer.cancelRun({ runRef, reason: "Not now." })).run).toMatchObject({
      status: RunStatus.CANCELLED,
      problem: "Not now.",
    });
    const again = await refusal(reviewer.cancelRun({ runRef }));
    expect(again.code).toBe(Code.FailedPrecondition);
    expect(fromRef(runRef)).toBe(run.id);
  });

  it("lists the roles with what they cost, and which adapter stands behind them", async () => {
    const roles = await t.client(RolesService, t.ctx.tenant(tenant()).principal);
    const { roles: listed } = await roles.listRoles({});
    expect(listed.find((role) => role.name === "blog-writer")).toMatchObject({
      credits: 5,
      defaultAdapter: "offline",
    });
  });

  it("keeps tenants apart in every table", () => catalogueTest(t));
});
