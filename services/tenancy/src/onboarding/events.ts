import { toJson } from "@bufbuild/protobuf";
import {
  type ConsumerDefinition,
  type Ctx,
  consumer,
  emit,
  forTenant,
  newId,
  ok,
  on,
  type TenantCtx,
  type TenantId,
  type TenantTx,
  toRef,
  tryFromRef,
} from "@leadmetrics/kit";
import {
  RunCancelledSchema,
  RunDeferredSchema,
  RunFailedSchema,
  RunStartedSchema,
  RunSucceededSchema,
} from "@leadmetrics/proto/agents/events/v1/events";
import type { Run } from "@leadmetrics/proto/agents/v1/runs";
import { ChannelConnectedSchema, PlanApprovedSchema } from "@leadmetrics/proto/content/events/v1/events";
import { CrawlEndedSchema } from "@leadmetrics/proto/rag/events/v1/events";
import { type Crawl, CrawlStatus } from "@leadmetrics/proto/rag/v1/crawls";
import { ContextProposedSchema, SetupRequestedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { ContextProposalSchema } from "@leadmetrics/proto/tenancy/v1/onboarding";
import type { UpdateObject } from "kysely";
import type { TenancyDb } from "../db.ts";
import { type AfterCrawl, afterCrawl } from "./rules.ts";
import { lockOnboarding, settleForGood, withStep, writeOnboarding } from "./store.ts";
import type { OnboardingRow } from "./view.ts";

type Tx = TenantTx<TenancyDb>;
type Change = UpdateObject<TenancyDb, "onboarding_run">;

/** Moves onboardings on: the website is read, the agent has answered, a channel or a plan came about. */
export function onboardingConsumers(): ConsumerDefinition<TenancyDb>[] {
  return [
    consumer<TenancyDb>({
      durable: "tenancy-research",
      on: [
        on(CrawlEndedSchema, ({ data, tenantId }, { tx, ctx }) =>
          data.crawl ? crawlEnded(tx, ctx, tenantId, data.crawl) : Promise.resolve(ok()),
        ),
        on(RunSucceededSchema, ({ data, tenantId }, { tx, ctx }) => {
          const { output } = data;
          if (output.case !== "context") return Promise.resolve(ok());
          const proposal = JSON.stringify(toJson(ContextProposalSchema, output.value));
          const { offline } = output.value;
          return ofRun(
            tx,
            ctx,
            tenantId,
            data.run,
            { research_status: "proposed", proposal, problem: "" },
            (own, row) => proposed(tx, own, row, offline),
          );
        }),
        on(RunStartedSchema, ({ data, tenantId }, { tx, ctx }) =>
          ofRun(tx, ctx, tenantId, data.run, { problem: "", problem_reason: "" }),
        ),
        on(RunDeferredSchema, ({ data, tenantId }, { tx, ctx }) =>
          ofRun(tx, ctx, tenantId, data.run, {
            problem: data.run?.problem ?? "",
            problem_reason: "waiting",
          }),
        ),
        ...[RunFailedSchema, RunCancelledSchema].map((schema) =>
          on<TenancyDb, typeof schema>(schema, ({ data, tenantId }, { tx, ctx }) =>
            ofRun(tx, ctx, tenantId, data.run, {
              research_status: "failed",
              problem: data.run?.problem || "The setup agent could not finish.",
              problem_reason: "setup_failed",
            }),
          ),
        ),
      ],
    }),
    consumer<TenancyDb>({
      durable: "tenancy-onboarding-steps",
      on: [
        on(ChannelConnectedSchema, ({ tenantId }, { tx, ctx }) => settled(tx, ctx, tenantId, "channels")),
        on(PlanApprovedSchema, ({ tenantId }, { tx, ctx }) => settled(tx, ctx, tenantId, "plan")),
      ],
    }),
  ];
}

async function settled(tx: Tx, ctx: Ctx, tenantId: TenantId | undefined, step: "channels" | "plan") {
  if (tenantId) await settleForGood(tx, forTenant(ctx, tenantId), step);
  return ok();
}

const ENDED = {
  [CrawlStatus.FINISHED]: "finished",
  [CrawlStatus.CANCELLED]: "cancelled",
  [CrawlStatus.FAILED]: "failed",
} as const;

async function crawlEnded(tx: Tx, caller: Ctx, tenantId: TenantId | undefined, crawl: Crawl) {
  const ended = crawl.status in ENDED ? ENDED[crawl.status as keyof typeof ENDED] : undefined;
  if (!tenantId || !ended) return ok();
  const ctx = forTenant(caller, tenantId);
  const row = await lockOnboarding(tx);
  if (row?.research_status !== "crawling" || row.crawl_id !== tryFromRef(crawl.ref)) return ok();
  const next = afterCrawl({
    ended,
    pagesRead: crawl.pagesRead,
    problem: crawl.problem,
    reason: crawl.problemReason,
  });
  await writeOnboarding(tx, ctx, row, await changeAfter(tx, ctx, row, next));
  return ok();
}

async function changeAfter(tx: Tx, ctx: TenantCtx, row: OnboardingRow, next: AfterCrawl): Promise<Change> {
  if (next.kind === "none") return { research_status: "none" };
  if (next.kind === "fail")
    return { research_status: "failed", problem: next.problem, problem_reason: next.reason };
  const runId = newId();
  const runRef = toRef(runId);
  const tenant = await tx
    .selectFrom("tenant")
    .select("name")
    .where("id", "=", ctx.tenantId)
    .executeTakeFirstOrThrow();
  await emit(
    tx,
    ctx,
    SetupRequestedSchema,
    { runRef, companyName: tenant.name, website: row.website },
    { aggregate: `setup:${runRef}` },
  );
  return { ...withStep(ctx, row, "website", "done"), research_status: "writing", run_id: runId };
}

/** Changes the onboarding that waits for this run; every other run is somebody else's. */
async function ofRun(
  tx: Tx,
  ctx: Ctx,
  tenantId: TenantId | undefined,
  run: Run | undefined,
  change: Change,
  then: (ctx: TenantCtx, row: OnboardingRow) => Promise<void> = async () => {},
) {
  // Most runs work on an activity or a plan; the setup agent's on neither.
  if (!tenantId || !run || run.activityRef || run.planRef) return ok();
  const runId = tryFromRef(run.ref);
  if (!runId) return ok();
  const row = await lockOnboarding(tx);
  if (row?.research_status !== "writing" || row.run_id !== runId) return ok();
  const own = forTenant(ctx, tenantId);
  await then(own, await writeOnboarding(tx, own, row, change));
  return ok();
}

/** Says that the proposal is there; a run succeeds once for the onboarding that waits for it. */
async function proposed(tx: Tx, ctx: TenantCtx, row: OnboardingRow, offline: boolean): Promise<void> {
  const runRef = row.run_id ? toRef(row.run_id) : "";
  await emit(
    tx,
    ctx,
    ContextProposedSchema,
    { runRef, website: row.website, askedBy: row.asked_by, offline },
    { aggregate: `setup:${runRef}` },
  );
}
