import { toJson } from "@bufbuild/protobuf";
import {
  type Database,
  emit,
  errors,
  newId,
  type ServedService,
  service,
  type TenantCtx,
  type TenantTx,
  tenantCtx,
  toRef,
} from "@leadmetrics/kit";
import {
  CrawlRequestedSchema,
  CrawlWithdrawnSchema,
  SetupWithdrawnSchema,
} from "@leadmetrics/proto/tenancy/events/v1/events";
import { AcceptedFieldSchema, OnboardingService, StepState } from "@leadmetrics/proto/tenancy/v1/onboarding";
import { contextOf, contextView, findContext, storeContext } from "../context/store.ts";
import type { TenancyDb } from "../db.ts";
import { merged } from "./merge.ts";
import { RESEARCH, recent, websiteOf } from "./rules.ts";
import { beginOnboarding, findOnboarding, lockOnboarding, withStep, writeOnboarding } from "./store.ts";
import { acceptedOf, notBegun, type OnboardingRow, onboardingView, settledOf, stepOf } from "./view.ts";

type Tx = TenantTx<TenancyDb>;

export function onboardingService(db: Database<TenancyDb>): ServedService {
  return service(OnboardingService, {
    async getOnboarding(_request, hc) {
      return db.withTenant(
        tenantCtx(hc),
        async (tx) => {
          const row = await findOnboarding(tx);
          if (row) return { onboarding: onboardingView(row) };
          return { onboarding: notBegun((await findContext(tx))?.version ?? 0) };
        },
        { readOnly: true },
      );
    },

    async startResearch(request, hc) {
      const ctx = tenantCtx(hc);
      const website = websiteOf(request.website);
      if (!website)
        throw errors.invalid(`"${request.website.slice(0, 200)}" is no address of a website.`, [
          { field: "website", description: "an address like www.example.com" },
        ]);
      return db.withTenant(ctx, async (tx) => ({
        onboarding: onboardingView(await startResearch(tx, ctx, website)),
      }));
    },

    async acceptProposal(request, hc) {
      const ctx = tenantCtx(hc);
      return db.withTenant(ctx, async (tx) => {
        const row = await lockOnboarding(tx);
        if (!row || (row.research_status !== "proposed" && row.research_status !== "accepted"))
          throw errors.conflict("no_proposal", "There is no proposal to accept. Start the research first.");
        const result = merged(contextOf(await findContext(tx)), request.fields);
        if ("problems" in result)
          throw errors.invalid(
            `${result.problems.map(({ field, description }) => `${field}: ${description}`).join("; ")}.`,
            result.problems,
          );
        const version = await storeContext(tx, ctx, result.context, request.contextVersion);
        const taken = new Map([...acceptedOf(row), ...request.fields].map((field) => [field.field, field]));
        const written = await writeOnboarding(tx, ctx, row, {
          ...withStep(ctx, row, "context", "done"),
          research_status: "accepted",
          accepted: JSON.stringify([...taken.values()].map((field) => toJson(AcceptedFieldSchema, field))),
          accepted_version: version.version,
        });
        return { onboarding: onboardingView(written), context: contextView(version) };
      });
    },

    async discardProposal(_request, hc) {
      const ctx = tenantCtx(hc);
      return db.withTenant(ctx, async (tx) => {
        const row = await beginOnboarding(tx, ctx);
        if (row.research_status === "none") return { onboarding: onboardingView(row) };
        await withdraw(tx, ctx, row);
        const written = await writeOnboarding(tx, ctx, row, {
          research_status: "none",
          proposal: null,
          problem: "",
          problem_reason: "",
        });
        return { onboarding: onboardingView(written) };
      });
    },

    async settleStep(request, hc) {
      const ctx = tenantCtx(hc);
      const step = stepOf(request.step);
      if (!step) throw errors.invalid("step: is unknown.", [{ field: "step", description: "is unknown" }]);
      return db.withTenant(ctx, async (tx) => {
        if (step === "context" && request.state === StepState.DONE && !(await findContext(tx)))
          throw errors.conflict(
            "no_context",
            "There is no client context yet. Write one, or leave the step out.",
          );
        const row = await beginOnboarding(tx, ctx);
        const settled = settledOf(request.state);
        if (row.steps[step]?.state === settled) return { onboarding: onboardingView(row) };
        const written = await writeOnboarding(tx, ctx, row, withStep(ctx, row, step, settled));
        return { onboarding: onboardingView(written) };
      });
    },

    async putOffOnboarding({ resume }, hc) {
      const ctx = tenantCtx(hc);
      return db.withTenant(ctx, async (tx) => {
        const row = await beginOnboarding(tx, ctx);
        const status = resume ? "open" : "put_off";
        if (row.status === status || row.status === "finished") return { onboarding: onboardingView(row) };
        return { onboarding: onboardingView(await writeOnboarding(tx, ctx, row, { status })) };
      });
    },
  });
}

async function startResearch(tx: Tx, ctx: TenantCtx, website: string): Promise<OnboardingRow> {
  const row = await beginOnboarding(tx, ctx);
  if (row.research_status === "crawling" || row.research_status === "writing")
    throw errors.conflict(
      "research_live",
      `${row.website} is being looked at already. Wait for the proposal, or stop it.`,
    );
  const now = new Date();
  const begun = recent(row.begun, now);
  const [oldest] = begun;
  if (begun.length >= RESEARCH.perDay && oldest)
    throw errors.exhausted(
      "research_limit",
      `A website can be looked at ${RESEARCH.perDay} times a day. Try again tomorrow, or write the client context yourself.`,
      oldest.getTime() + RESEARCH.dayMs - now.getTime(),
    );
  const crawlId = newId();
  const crawlRef = toRef(crawlId);
  await emit(tx, ctx, CrawlRequestedSchema, { crawlRef, url: website }, { aggregate: `crawl:${crawlRef}` });
  return writeOnboarding(tx, ctx, row, {
    ...withStep(ctx, row, "website", undefined),
    research_status: "crawling",
    website,
    crawl_id: crawlId,
    run_id: null,
    proposal: null,
    problem: "",
    problem_reason: "",
    begun: [...begun, now],
    asked_by: ctx.actor.kind === "user" ? ctx.actor.id : "",
  });
}

/** Tells whoever works on it that it isn't wanted any more. */
async function withdraw(tx: Tx, ctx: TenantCtx, row: OnboardingRow): Promise<void> {
  if (row.research_status === "crawling" && row.crawl_id) {
    const crawlRef = toRef(row.crawl_id);
    await emit(tx, ctx, CrawlWithdrawnSchema, { crawlRef }, { aggregate: `crawl:${crawlRef}` });
  }
  if (row.research_status === "writing" && row.run_id) {
    const runRef = toRef(row.run_id);
    const reason = "The proposal isn't wanted any more.";
    await emit(tx, ctx, SetupWithdrawnSchema, { runRef, reason }, { aggregate: `setup:${runRef}` });
  }
}
