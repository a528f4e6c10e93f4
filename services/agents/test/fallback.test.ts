import { toJsonString } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { type Id, newId, type Principal, type TenantId, toRef } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { FallbacksService } from "@leadmetrics/proto/agents/v1/fallbacks";
import { RunFiguresService, RunGrouping } from "@leadmetrics/proto/agents/v1/figures";
import { ConfigsService } from "@leadmetrics/proto/agents/v1/roles";
import { RunEventSchema, RunSchema, RunsService } from "@leadmetrics/proto/agents/v1/runs";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AgentsConfig } from "../src/config.ts";
import type { AgentsDb, RunRow } from "../src/db.ts";
import { service } from "../src/definition.ts";
import { admitRun } from "../src/dispatch/admission.ts";
import { hold } from "../src/dispatch/store.ts";
import { partsOf } from "../src/parts.ts";
import { type Material, runInput } from "../src/prompt/material.ts";
import { topicResearcher } from "../src/roles/topic-researcher.ts";
import { insertRun, refOf } from "../src/runs/store.ts";
import { AdapterHealth } from "../src/settings/health.ts";
import { TUNABLES } from "../src/tunables.ts";
import { claimRun, executeRun } from "../src/work/execute.ts";
import { startMessagesServer } from "./wire/messages-server.ts";
import { startResponsesServer } from "./wire/responses-server.ts";
import type { HttpScript, WireServer } from "./wire/wire.ts";

const ROLE = topicResearcher.name;
const input = runInput.parse({ contentType: "blog_post", title: "Rye bread", theme: "How long it keeps" });
const OVERLOADED: HttpScript = { kind: "http", status: 529, type: "overloaded_error" };
const NO_CREDIT: HttpScript = { kind: "http", status: 402, type: "billing_error" };
const BAD_KEY: HttpScript = { kind: "http", status: 401, type: "authentication_error" };
const KNOWN_MODEL = { kind: "text", text: "" } as const;

let t: ServiceTest<AgentsDb>;
let parts: ReturnType<typeof partsOf>;
let first: WireServer;
let second: WireServer;

beforeAll(async () => {
  [first, second] = await Promise.all([startMessagesServer(), startResponsesServer()]);
  t = await startServiceTest<AgentsDb>({
    service: "agents",
    migrations: new URL("../migrations/", import.meta.url),
  });
  const config: AgentsConfig = {
    ...t.config,
    LLM_ADAPTER: "claude",
    LLM_MODEL: undefined,
    ANTHROPIC_API_KEY: "platform-key",
    ANTHROPIC_BASE_URL: first.url,
    OPENAI_API_KEY: "other-key",
    OPENAI_BASE_URL: second.url,
    OFFLINE_PACE_MS: 0,
    WORKER_GROUPS: [],
    WORKER_SLOTS_LLM: 4,
    WORKER_SLOTS_UTIL: 4,
  };
  // Without dispatcher and workers: the tests take their steps themselves.
  await t.start<AgentsConfig>({
    config,
    rpc: (deps) => {
      parts = partsOf(deps);
      return service.rpc?.(deps) ?? [];
    },
  });
});
beforeEach(() => {
  // What one test heard of a model is not known in the next.
  parts = { ...parts, health: new AdapterHealth() };
  first.seen.length = 0;
  second.seen.length = 0;
});
afterAll(async () => {
  await t?.close();
  await Promise.all([first?.close(), second?.close()]);
});

const tenant = () => newId() as TenantId;
const asTenant = <T>(tenantId: TenantId, work: Parameters<typeof t.db.withTenant<T>>[1]) =>
  t.db.withTenant(t.ctx.tenant(tenantId), work);
const fallbacks = (tenantId?: TenantId) => t.client(FallbacksService, t.ctx.superAdmin().principal, tenantId);

/** What tenancy and the knowledge would give to a run. */
const material = (run: RunRow): Material => ({
  runRef: refOf(run.id),
  tenantRef: refOf(run.tenant_id),
  wakeReason: "new_task",
  context: {
    version: 1,
    companySummary: "A bakery.",
    brandVoice: "Plain.",
    audience: "Neighbours",
    products: ["Rye bread"],
    competitors: [],
    dos: [],
    donts: [],
    keywords: [],
    website: "",
  },
  knowledge: [
    {
      number: 1,
      fileRef: newId(),
      title: "Bread",
      locator: "p. 1",
      text: "Rye bread keeps for a week.",
      url: "",
    },
  ],
  input: run.input,
});

async function requested(tenantId: TenantId): Promise<Id> {
  const id = newId();
  await asTenant(tenantId, (tx) =>
    insertRun(tx, {
      id,
      tenantId,
      role: ROLE,
      workGroup: "util",
      lane: "batch",
      activityId: newId(),
      stepId: newId(),
      planId: null,
      workKey: `step:${newId()}`,
      title: input.title,
      wakeReason: "new_task",
      input,
      traceparent: undefined,
      createdBy: "service:test",
    }),
  );
  return id;
}

const row = async (tenantId: TenantId, id: Id): Promise<RunRow> =>
  asTenant(tenantId, (tx) =>
    tx.selectFrom("agent_run").selectAll().where("id", "=", id).executeTakeFirstOrThrow(),
  );

/** Dispatcher and worker take the run once; billing isn't asked for a run of no credits. */
async function once(tenantId: TenantId, id: Id): Promise<RunRow> {
  const [held] = await t.db.withSystem("test", (tx) => hold(tx, [id], 30_000, { [ROLE]: 0 }));
  if (!held) throw new Error("not held");
  await admitRun(parts, held);
  const admitted = await row(tenantId, id);
  if (admitted.status !== "admitted") return admitted;
  const deps = { ...parts, material: async (_ctx: unknown, run: RunRow) => material(run) };
  const run = await claimRun(deps, { id, tenantId, fence: admitted.fence }, newId());
  if (!run) throw new Error("not claimed");
  await executeRun(deps, run, new AbortController());
  return row(tenantId, id);
}

async function told(tenantId: TenantId, id: Id): Promise<string[]> {
  const events = await asTenant(tenantId, (tx) =>
    tx
      .selectFrom("run_event")
      .select("body")
      .where("run_id", "=", id)
      .where("kind", "=", "note")
      .orderBy("sequence")
      .execute(),
  );
  return events.map((event) => event.body);
}

const posts = (server: WireServer) => server.seen.filter((one) => one.method === "POST").length;
const answers = (run: RunRow) =>
  second.play(KNOWN_MODEL, { kind: "text", text: topicResearcher.sketch(material(run)) });

async function goesOnWith(tenantId: TenantId, ...adapters: string[]): Promise<void> {
  const client = await fallbacks(tenantId);
  const steps = adapters.map((adapter) => ({ adapter }));
  await client.setFallback({ role: ROLE, steps, version: 0 });
}

describe("a run whose model does not answer", () => {
  it("goes on with the next one after its retries, says so, and is booked under the one that answered", async () => {
    const tenantId = tenant();
    await goesOnWith(tenantId, "openai");
    const id = await requested(tenantId);
    first.play(KNOWN_MODEL, OVERLOADED);
    for (let attempt = 1; attempt < TUNABLES.attempts; attempt++) {
      expect(await once(tenantId, id)).toMatchObject({
        status: "requested",
        setup_rank: 0,
        attempt: attempt + 1,
      });
    }
    expect(await once(tenantId, id)).toMatchObject({
      status: "requested",
      setup_rank: 1,
      attempt: 5,
      setup_attempt: 5,
    });
    expect(posts(first)).toBe(TUNABLES.attempts);
    answers(await row(tenantId, id));
    expect(await once(tenantId, id)).toMatchObject({
      status: "succeeded",
      adapter: "openai",
      model: "gpt-6.1-sol",
      fallback_reason: "Claude (Anthropic), claude-sonnet-5-5: Claude is overloaded.",
    });
    const notes = await told(tenantId, id);
    expect(notes).toContain(
      "Claude (Anthropic), claude-sonnet-5-5: Claude is overloaded. Going on with OpenAI, or a compatible server, gpt-6.1-sol.",
    );
    expect(notes).toContain(
      "OpenAI, or a compatible server, gpt-6.1-sol answers. Claude (Anthropic), claude-sonnet-5-5: Claude is overloaded.",
    );
    const admin = await t.client(RunFiguresService, t.ctx.superAdmin().principal);
    const { figures } = await admin.listRunFigures({ groupBy: RunGrouping.MODEL });
    const booked = figures.find((one) => one.key === "gpt-6.1-sol");
    expect(booked?.usage?.costMicroUsd).toBeGreaterThan(0n);
    const calls = await asTenant(tenantId, (tx) =>
      tx.selectFrom("llm_call").select(["adapter", "outcome"]).orderBy("id").execute(),
    );
    expect(calls.map((call) => `${call.adapter} ${call.outcome}`)).toEqual([
      ...Array.from({ length: TUNABLES.attempts }, () => "claude overloaded"),
      "openai ok",
    ]);
  });

  it.each([
    ["is used up", NO_CREDIT],
    ["refuses its key", BAD_KEY],
  ])("goes on at once when its account %s", async (_what, refusal) => {
    const tenantId = tenant();
    await goesOnWith(tenantId, "openai");
    const id = await requested(tenantId);
    first.play(KNOWN_MODEL, refusal);
    expect(await once(tenantId, id)).toMatchObject({ status: "requested", setup_rank: 1 });
    answers(await row(tenantId, id));
    expect(await once(tenantId, id)).toMatchObject({ status: "succeeded", adapter: "openai" });
  });

  it("is admitted with the next one when the first one's test says that its key is refused", async () => {
    const tenantId = tenant();
    await goesOnWith(tenantId, "openai");
    const id = await requested(tenantId);
    first.play(BAD_KEY);
    answers(await row(tenantId, id));
    expect(await once(tenantId, id)).toMatchObject({ status: "succeeded", adapter: "openai", setup_rank: 1 });
    expect(posts(first)).toBe(0);
  });

  it("does not go on when the answer is of no use: another model is not asked", async () => {
    const tenantId = tenant();
    await goesOnWith(tenantId, "openai");
    const id = await requested(tenantId);
    first.play(KNOWN_MODEL, { kind: "text", text: "no" });
    expect(await once(tenantId, id)).toMatchObject({
      status: "failed",
      error_class: "invalid",
      setup_rank: 0,
    });
    expect(posts(second)).toBe(0);
  });

  it("waits as before where nothing is there to go on with", async () => {
    const tenantId = tenant();
    const id = await requested(tenantId);
    first.play(KNOWN_MODEL, NO_CREDIT);
    expect(await once(tenantId, id)).toMatchObject({ status: "awaiting_config", error_class: "budget" });
  });
});

describe("what a run says of providers, models and money", () => {
  const NAMED = /claude|anthropic|openai|gpt|sonnet|offline|[$]/i;
  const runsAs = async (principal: Principal, tenantId: TenantId) =>
    t.client(RunsService, principal, principal.kind === "platform" ? tenantId : undefined);

  async function readBy(principal: Principal, tenantId: TenantId, id: Id) {
    const client = await runsAs(principal, tenantId);
    const { run } = await client.getRun({ runRef: toRef(id) });
    const { runs } = await client.listRuns({});
    const { events } = await client.listRunEvents({ runRef: toRef(id) });
    const all = [
      ...[run, ...runs].flatMap((one) => (one ? [toJsonString(RunSchema, one)] : [])),
      ...events.map((event) => toJsonString(RunEventSchema, event)),
    ];
    return { run, events, text: all.join("\n") };
  }

  it("is read by the platform's people and by no client", async () => {
    const tenantId = tenant();
    await goesOnWith(tenantId, "openai");
    const id = await requested(tenantId);
    first.play(KNOWN_MODEL, NO_CREDIT);
    await once(tenantId, id);
    answers(await row(tenantId, id));
    await once(tenantId, id);

    const staff = await readBy(t.ctx.reviewer([tenantId]).principal, tenantId, id);
    expect(staff.run).toMatchObject({ adapter: "openai", model: "gpt-6.1-sol", setupRank: 1 });
    expect(staff.run?.usage?.costMicroUsd).toBeGreaterThan(0n);
    expect(staff.text).toMatch(/Going on with OpenAI/);

    const client = await readBy(t.ctx.tenant(tenantId).principal, tenantId, id);
    expect(client.text).not.toMatch(NAMED);
    expect(client.text).not.toContain("costMicroUsd");
    expect(client.run?.status).toBe(staff.run?.status);
    expect(client.events.map(({ event }) => event.value)).toEqual(
      expect.arrayContaining(["The agent was held up. It goes on.", "The agent goes on."]),
    );
  });

  it("is kept from clients when the run waits for what a person has to mend", async () => {
    const tenantId = tenant();
    const id = await requested(tenantId);
    first.play(KNOWN_MODEL, NO_CREDIT);
    await once(tenantId, id);
    const staff = await readBy(t.ctx.superAdmin().principal, tenantId, id);
    expect(staff.run?.problemDetail).toMatch(/Claude|Anthropic/);
    const client = await readBy(t.ctx.tenant(tenantId).principal, tenantId, id);
    expect(client.text).not.toMatch(NAMED);
    expect(client.run?.problem).toBe(staff.run?.problem);
    expect(client.run?.problem).toMatch(/can't work at the moment/);
  });

  it("that was noted before there were words for everybody is for the platform's people", async () => {
    const tenantId = tenant();
    const id = await requested(tenantId);
    await asTenant(tenantId, (tx) =>
      sql`insert into run_event (tenant_id, run_id, sequence, attempt, kind, body)
        values (${tenantId}, ${id}, 1, 1, 'note', 'Claude answers.')`.execute(tx),
    );
    const client = await readBy(t.ctx.tenant(tenantId).principal, tenantId, id);
    expect(client.events).toEqual([]);
    const staff = await readBy(t.ctx.superAdmin().principal, tenantId, id);
    expect(staff.events.map(({ noteDetail }) => noteDetail)).toEqual(["Claude answers."]);
  });
});

describe("what the platform goes on with", () => {
  const tried = async (step: { adapter: string; model?: string }) =>
    (await (await fallbacks()).testDefaultFallback({ step })).checks;

  it("is tested with the platform's credentials before it is stored, and says what to mend", async () => {
    second.play(KNOWN_MODEL);
    const well = await tried({ adapter: "openai" });
    expect(well.length).toBeGreaterThan(0);
    expect(well.every(({ passed }) => passed)).toBe(true);
    first.play(BAD_KEY);
    const refused = await tried({ adapter: "claude", model: "claude-sonnet-5-5" });
    expect(refused.find(({ passed }) => !passed)?.hint).toMatch(/key/i);
    const own = await t.client(ConfigsService, t.ctx.superAdmin().principal, tenant());
    first.play(BAD_KEY);
    const { checks } = await own.testAdapter({ role: ROLE, adapter: "claude", model: "claude-sonnet-5-5" });
    expect(refused).toEqual(checks);
  });

  it("is tested by super admins only, and only where there is such an adapter", async () => {
    await expect(tried({ adapter: "oracle" })).rejects.toThrow(/adapter/);
    const client = await t.client(FallbacksService, t.ctx.tenant(tenant()).principal);
    const refused = await client
      .testDefaultFallback({ step: { adapter: "openai" } })
      .catch((error: unknown) => ConnectError.from(error).code);
    expect(refused).toBe(Code.PermissionDenied);
  });
});

describe("a tenant whose data stays on the platform", () => {
  it("never goes on with a cloud service, whatever the platform's fallback says", async () => {
    const tenantId = tenant();
    await asTenant(tenantId, (tx) =>
      tx
        .insertInto("tenant_terms")
        .values({ tenant_id: tenantId, local_only: true, credited_on: null })
        .execute(),
    );
    const everybody = await fallbacks();
    await everybody.setDefaultFallback({ role: "*", steps: [{ adapter: "openai" }], version: 0 });
    const configs = await t.client(ConfigsService, t.ctx.superAdmin().principal, tenantId);
    await configs.setConfig({
      config: {
        role: ROLE,
        adapter: "claude",
        model: "claude-sonnet-5-5",
        baseUrl: first.url,
        apiKey: "own",
      },
    });
    const cloud = { ...parts, platform: { ...parts.platform, providers: { openai: { apiKey: "k" } } } };
    const id = await requested(tenantId);
    first.play(KNOWN_MODEL, NO_CREDIT);
    const before = parts;
    parts = cloud;
    const ended = await once(tenantId, id);
    parts = before;
    expect(ended).toMatchObject({ status: "awaiting_config", adapter: "claude", setup_rank: 0 });
    expect(posts(second)).toBe(0);
  });

  it("can't be given one as its own fallback", async () => {
    const tenantId = tenant();
    await asTenant(tenantId, (tx) =>
      tx
        .insertInto("tenant_terms")
        .values({ tenant_id: tenantId, local_only: true, credited_on: null })
        .execute(),
    );
    const configs = await t.client(ConfigsService, t.ctx.superAdmin().principal, tenantId);
    const config = { role: ROLE, adapter: "openai", baseUrl: "https://models.example/v1", apiKey: "own" };
    await configs.setConfig({ config });
    const client = await fallbacks(tenantId);
    const bad = [
      client.setFallback({ role: ROLE, steps: [{ adapter: "openai" }], version: 0 }),
      client.setFallback({ role: "poet", steps: [], version: 0 }),
      client.setFallback({ role: ROLE, steps: [{ adapter: "gemini" }], version: 0 }),
    ];
    const refused = await Promise.allSettled(bad);
    expect(refused.map((one) => one.status === "rejected" && ConnectError.from(one.reason).code)).toEqual(
      bad.map(() => Code.InvalidArgument),
    );
    const { checks } = await configs.testAdapter({ role: ROLE, adapter: "openai" });
    expect(checks).toMatchObject([{ passed: false }]);
    await client.setFallback({ role: ROLE, steps: [{ adapter: "offline" }], version: 0 });
    expect((await client.listFallbacks({})).fallbacks).toMatchObject([{ role: ROLE, version: 1 }]);
    expect((await configs.testAdapter({ role: ROLE, adapter: "offline" })).checks[0]).toMatchObject({
      passed: true,
    });
  });
});

it("a tenant's own fallback stands in place of the platform's, also when it is none, until it follows it again", async () => {
  const tenantId = tenant();
  const everybody = await fallbacks();
  const { fallbacks: known } = await everybody.listDefaultFallbacks({});
  const version = known.find((one) => one.role === ROLE)?.version ?? 0;
  await everybody.setDefaultFallback({ role: ROLE, steps: [{ adapter: "offline" }], version });
  const client = await fallbacks(tenantId);
  await client.setFallback({ role: ROLE, steps: [], version: 0 });
  const id = await requested(tenantId);
  first.play(KNOWN_MODEL, NO_CREDIT);
  expect(await once(tenantId, id)).toMatchObject({ status: "awaiting_config" });
  await client.setFallback({ role: ROLE, followDefault: true, version: 1 });
  const next = await requested(tenantId);
  expect(await once(tenantId, next)).toMatchObject({
    status: "succeeded",
    adapter: "offline",
    setup_rank: 1,
  });
});
