import { fromBinary } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { asTenantId, emit, newId, systemCtx, type TenantId, toRef } from "@leadmetrics/kit";
import { catalogueTest, type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { RunFailedSchema, RunSucceededSchema } from "@leadmetrics/proto/agents/events/v1/events";
import { ChannelConnectedSchema, PlanApprovedSchema } from "@leadmetrics/proto/content/events/v1/events";
import { CrawlEndedSchema } from "@leadmetrics/proto/rag/events/v1/events";
import { CrawlStatus } from "@leadmetrics/proto/rag/v1/crawls";
import { ContextProposedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { ContextService } from "@leadmetrics/proto/tenancy/v1/context";
import {
  ContextField,
  type Onboarding,
  OnboardingService,
  OnboardingStatus,
  OnboardingStep,
  ResearchStatus,
  StepState,
} from "@leadmetrics/proto/tenancy/v1/onboarding";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { postgresTrail } from "../src/audit/postgres.ts";
import type { TenancyDb } from "../src/db.ts";
import { onboardingConsumers } from "../src/onboarding/events.ts";
import { servicesOf } from "../src/services.ts";
import { addTenant } from "../src/tenants/rpc.ts";

let t: ServiceTest<TenancyDb>;
let tenant: TenantId;

beforeAll(async () => {
  t = await startServiceTest<TenancyDb>({
    service: "tenancy",
    migrations: new URL("../migrations/", import.meta.url),
  });
  await t.start({
    config: t.config,
    rpc: ({ db, rpc, nats }) => servicesOf({ db, rpc, nats, trail: postgresTrail(db) }),
    consumers: () => onboardingConsumers(),
  });
});
afterAll(() => t?.close());
beforeEach(async () => {
  tenant = await company("Crumb & Co");
});

async function company(name: string): Promise<TenantId> {
  const id = asTenantId(newId());
  await t.db.withSystem("test", (tx) =>
    addTenant(tx, systemCtx("test"), {
      id,
      name,
      timeZone: "UTC",
      locale: "en-GB",
      currency: "EUR",
      ownerUserRef: "",
    }),
  );
  return id;
}

const onboardingOf = (of: TenantId = tenant, role: "admin" | "member" = "admin") =>
  t.client(OnboardingService, t.ctx.tenant(of, role).principal);
const contextOf = () => t.client(ContextService, t.ctx.tenant(tenant).principal);
const now = async () => {
  const { onboarding } = await (await onboardingOf()).getOnboarding({});
  if (!onboarding) throw new Error("no onboarding");
  return onboarding;
};
const research = async (status: ResearchStatus) => {
  await expect.poll(async () => (await now()).research?.status, { timeout: 10_000 }).toBe(status);
  return (await now()).research;
};
const open = ({ steps }: Onboarding) =>
  steps.filter(({ state }) => state === StepState.OPEN).map(({ step }) => OnboardingStep[step]);

const rag = (crawlRef: string, status: CrawlStatus, more: { pagesRead?: number; problem?: string } = {}) =>
  t.db.withTenant(t.ctx.tenant(tenant), (tx) =>
    emit(
      tx,
      t.ctx.tenant(tenant),
      CrawlEndedSchema,
      { crawl: { ref: crawlRef, status, pagesRead: 3, ...more } },
      { aggregate: crawlRef },
    ),
  );
const proposal = {
  fields: [
    {
      field: ContextField.COMPANY_SUMMARY,
      values: [{ text: "A bakery that mills its own rye.", sources: [1] }],
    },
    { field: ContextField.PRODUCTS, values: [{ text: "Rye loaf", sources: [2] }] },
  ],
  sources: [
    { number: 1, title: "About", url: "https://crumb.example/about", quote: "Crumb & Co mills its own rye." },
    { number: 2, title: "Bread", url: "https://crumb.example/bread", quote: "Our rye loaf." },
  ],
  offline: true,
};
const agents = (runRef: string) =>
  t.db.withTenant(t.ctx.tenant(tenant), (tx) =>
    emit(
      tx,
      t.ctx.tenant(tenant),
      RunSucceededSchema,
      { run: { ref: runRef, role: "setup" }, output: { case: "context", value: proposal } },
      { aggregate: runRef },
    ),
  );

/** Research up to its proposal. */
async function proposed(): Promise<void> {
  const { onboarding } = await (await onboardingOf()).startResearch({ website: "crumb.example" });
  await rag(onboarding?.research?.crawlRef ?? "", CrawlStatus.FINISHED);
  const writing = await research(ResearchStatus.WRITING);
  await agents(writing?.runRef ?? "");
  await research(ResearchStatus.PROPOSED);
}

describe("research", () => {
  it("goes from the website over the agent to a proposal whose fields name their sources", async () => {
    expect(await now()).toMatchObject({ status: OnboardingStatus.OPEN, version: 0 });
    const { onboarding } = await (await onboardingOf()).startResearch({ website: "crumb.example" });
    expect(onboarding?.research).toMatchObject({
      status: ResearchStatus.CRAWLING,
      website: "https://crumb.example/",
    });
    await rag(onboarding?.research?.crawlRef ?? "", CrawlStatus.FINISHED);
    const writing = await research(ResearchStatus.WRITING);
    expect(open(await now())).not.toContain("WEBSITE");
    await agents(writing?.runRef ?? "");
    expect((await research(ResearchStatus.PROPOSED))?.proposal).toMatchObject(proposal);
    expect((await (await contextOf()).getContext({})).context?.version).toBe(0);
  });

  it("says once that the proposal is there, and who waits for it", async () => {
    await proposed();
    await agents((await now()).research?.runRef ?? "");
    await (await onboardingOf()).settleStep({ step: OnboardingStep.CHANNELS, state: StepState.SKIPPED });
    const told = async () => {
      const { rows } = await t.db.withSystem("test", (tx) =>
        sql<{ payload: Buffer }>`select payload from kit.outbox
          where tenant_id = ${tenant} and event_type like '%ContextProposed'`.execute(tx),
      );
      return rows.map(({ payload }) => fromBinary(ContextProposedSchema, payload));
    };
    expect(await told()).toMatchObject([{ website: "https://crumb.example/", offline: true }]);
    expect((await told())[0]?.askedBy).toMatch(/^[0-9A-Z]{26}$/);
  });

  it("asks rag and agents by events that carry the references it waits for", async () => {
    await proposed();
    const { rows } = await t.db.withSystem("test", (tx) =>
      sql<{
        event_type: string;
      }>`select event_type from kit.outbox where tenant_id = ${tenant} order by id`.execute(tx),
    );
    expect(rows.map(({ event_type }) => event_type.split(".").at(-1))).toEqual(
      expect.arrayContaining(["CrawlRequested", "SetupRequested", "OnboardingChanged"]),
    );
  });

  it("says why the site could not be read, and may be begun again", async () => {
    const client = await onboardingOf();
    const { onboarding } = await client.startResearch({ website: "crumb.example" });
    await rag(onboarding?.research?.crawlRef ?? "", CrawlStatus.FAILED, {
      pagesRead: 0,
      problem: "Nobody answers.",
    });
    expect(await research(ResearchStatus.FAILED)).toMatchObject({ problem: "Nobody answers." });
    await client.startResearch({ website: "www.crumb.example" });
    expect((await now()).research).toMatchObject({ status: ResearchStatus.CRAWLING, problem: "" });
  });

  it("stopped half-way goes on with what was read; with nothing read it is as if never begun", async () => {
    const client = await onboardingOf();
    const first =
      (await client.startResearch({ website: "crumb.example" })).onboarding?.research?.crawlRef ?? "";
    await rag(first, CrawlStatus.CANCELLED, { pagesRead: 0 });
    await research(ResearchStatus.NONE);
    const second =
      (await client.startResearch({ website: "crumb.example" })).onboarding?.research?.crawlRef ?? "";
    // The word about the first one again, late: nobody waits for it any more.
    await rag(first, CrawlStatus.FAILED);
    await rag(second, CrawlStatus.CANCELLED, { pagesRead: 2 });
    await research(ResearchStatus.WRITING);
  });

  it("fails with the agent, and leaves other runs' results alone", async () => {
    const client = await onboardingOf();
    const { onboarding } = await client.startResearch({ website: "crumb.example" });
    await rag(onboarding?.research?.crawlRef ?? "", CrawlStatus.FINISHED);
    const writing = await research(ResearchStatus.WRITING);
    await agents(toRef(newId()));
    await t.db.withTenant(t.ctx.tenant(tenant), (tx) =>
      emit(
        tx,
        t.ctx.tenant(tenant),
        RunFailedSchema,
        { run: { ref: writing?.runRef ?? "", problem: "The model is away." } },
        { aggregate: "run" },
      ),
    );
    expect(await research(ResearchStatus.FAILED)).toMatchObject({ problem: "The model is away." });
  });

  it("is one at a time, five times a day, of an address that can be one, by an admin", async () => {
    const client = await onboardingOf();
    await expect(client.startResearch({ website: "our shop" })).rejects.toThrow(/no address of a website/);
    await expect(client.startResearch({ website: "localhost" })).rejects.toThrow(/no address/);
    await expect(
      (await onboardingOf(tenant, "member")).startResearch({ website: "a.example" }),
    ).rejects.toThrow();
    await client.startResearch({ website: "crumb.example" });
    await expect(client.startResearch({ website: "crumb.example" })).rejects.toThrow(/already/);
    for (let again = 0; again < 4; again += 1) {
      await client.discardProposal({});
      await client.startResearch({ website: "crumb.example" });
    }
    await client.discardProposal({});
    await expect(client.startResearch({ website: "crumb.example" })).rejects.toThrow(/5 times a day/);
  });
});

describe("accepting", () => {
  it("stores a version with the corrected fields and keeps the others", async () => {
    await proposed();
    const context = await contextOf();
    await context.updateContext({ version: 0, context: { brandVoice: "Warm." } });
    const client = await onboardingOf();
    const { onboarding, context: stored } = await client.acceptProposal({
      contextVersion: 1,
      fields: [
        { field: ContextField.COMPANY_SUMMARY, values: ["A bakery with its own mill."] },
        { field: ContextField.PRODUCTS, values: ["Rye loaf", " Spelt loaf "] },
      ],
    });
    expect(stored).toMatchObject({
      version: 2,
      context: {
        brandVoice: "Warm.",
        companySummary: "A bakery with its own mill.",
        products: ["Rye loaf", "Spelt loaf"],
      },
    });
    expect(onboarding?.research).toMatchObject({ status: ResearchStatus.ACCEPTED, acceptedVersion: 2 });
    expect(open(onboarding as Onboarding)).not.toContain("CONTEXT");
    // Field by field: the rest can still be taken.
    await client.acceptProposal({
      contextVersion: 2,
      fields: [{ field: ContextField.AUDIENCE, values: ["Home bakers"] }],
    });
    expect((await now()).research?.accepted.map(({ field }) => field)).toHaveLength(3);
  });

  it("is refused on an older version, without a proposal, and beyond a field's limit", async () => {
    const client = await onboardingOf();
    const fields = [{ field: ContextField.COMPANY_SUMMARY, values: ["A bakery."] }];
    await expect(client.acceptProposal({ contextVersion: 0, fields })).rejects.toThrow(/no proposal/);
    await proposed();
    await (await contextOf()).updateContext({ version: 0, context: { brandVoice: "Warm." } });
    const stale = await client
      .acceptProposal({ contextVersion: 0, fields })
      .catch((error: unknown) => ConnectError.from(error));
    expect(stale).toMatchObject({ code: 10 });
    const long = [{ field: ContextField.KEYWORDS, values: ["x".repeat(101)] }];
    await expect(client.acceptProposal({ contextVersion: 1, fields: long })).rejects.toThrow(
      /100 characters/,
    );
  });

  it("is done once: a proposal that was discarded is gone", async () => {
    await proposed();
    const client = await onboardingOf();
    const { onboarding } = await client.discardProposal({});
    expect(onboarding?.research?.status).toBe(ResearchStatus.NONE);
    expect(onboarding?.research?.proposal).toBeUndefined();
  });
});

describe("the steps", () => {
  it("are kept, follow what happens elsewhere, and end the onboarding when all that matters is there", async () => {
    const client = await onboardingOf();
    await client.settleStep({ step: OnboardingStep.COMPANY, state: StepState.DONE });
    await expect(client.settleStep({ step: OnboardingStep.CONTEXT, state: StepState.DONE })).rejects.toThrow(
      /no client context/,
    );
    await (await contextOf()).updateContext({ version: 0, context: { brandVoice: "Warm." } });
    expect(open(await now())).toEqual(["WEBSITE", "CHANNELS", "PLAN"]);
    for (const schema of [ChannelConnectedSchema, PlanApprovedSchema])
      await t.db.withTenant(t.ctx.tenant(tenant), (tx) =>
        emit(tx, t.ctx.tenant(tenant), schema, {}, { aggregate: "x" }),
      );
    await expect.poll(async () => (await now()).status, { timeout: 10_000 }).toBe(OnboardingStatus.FINISHED);
  });

  it("can be left out, opened again, put off and taken up again", async () => {
    const client = await onboardingOf();
    await client.settleStep({ step: OnboardingStep.WEBSITE, state: StepState.SKIPPED });
    await client.settleStep({ step: OnboardingStep.WEBSITE, state: StepState.OPEN });
    expect(open(await now())).toHaveLength(5);
    expect((await client.putOffOnboarding({})).onboarding?.status).toBe(OnboardingStatus.PUT_OFF);
    expect((await client.putOffOnboarding({ resume: true })).onboarding?.status).toBe(OnboardingStatus.OPEN);
    for (const step of [1, 2, 3, 4, 5]) await client.settleStep({ step, state: StepState.SKIPPED });
    expect((await now()).status).toBe(OnboardingStatus.FINISHED);
  });

  it("aren't for a company that described itself without them", async () => {
    await (await contextOf()).updateContext({ version: 0, context: { brandVoice: "Warm." } });
    expect(await now()).toMatchObject({ status: OnboardingStatus.FINISHED, version: 0 });
  });
});

describe("isolation", () => {
  it("shows a company nothing of another's onboarding", async () => {
    await proposed();
    const other = await onboardingOf(await company("Other"));
    expect((await other.getOnboarding({})).onboarding).toMatchObject({ version: 0 });
  });

  it("holds in every table", () => catalogueTest(t));
});
