import { Code, ConnectError } from "@connectrpc/connect";
import { FallbacksService } from "@leadmetrics/proto/agents/v1/fallbacks";
import { RunFiguresService, RunGrouping } from "@leadmetrics/proto/agents/v1/figures";
import { ConfigsService } from "@leadmetrics/proto/agents/v1/roles";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { TUNABLES } from "../src/tunables.ts";
import { BAD_KEY, KNOWN_MODEL, NO_CREDIT, OVERLOADED, ROLE, startFallbacks } from "./fallbacks.ts";

const {
  t,
  first,
  second,
  parts,
  forget,
  close,
  tenant,
  asTenant,
  fallbacks,
  requested,
  row,
  once,
  told,
  posts,
  answers,
  goesOnWith,
} = await startFallbacks();
beforeEach(forget);
afterAll(close);

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
    const usual = parts();
    const cloud = { ...usual, platform: { ...usual.platform, providers: { openai: { apiKey: "k" } } } };
    const id = await requested(tenantId);
    first.play(KNOWN_MODEL, NO_CREDIT);
    const ended = await once(tenantId, id, cloud);
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
