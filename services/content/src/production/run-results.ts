import {
  type ConsumerDefinition,
  type Ctx,
  consumer,
  currentTraceparent,
  type Event,
  emit,
  forTenant,
  newId,
  type Outcome,
  ok,
  on,
  type TenantCtx,
  type Tx,
  tryFromRef,
} from "@leadmetrics/kit";
import {
  type PlannerOutput,
  RunCancelledSchema,
  RunFailedSchema,
  RunStartedSchema,
  type RunSucceeded,
  RunSucceededSchema,
} from "@leadmetrics/proto/agents/events/v1/events";
import {
  ActivityCreatedSchema,
  PlanUpdatedSchema,
  WakeReason,
} from "@leadmetrics/proto/content/events/v1/events";
import type { ActivityRow, ContentDb, StepRow } from "../db.ts";
import { periodFor } from "../planning/rules.ts";
import { isSkipped } from "../planning/templates/rules.ts";
import { creditsNow, templatesNow } from "../planning/templates/store.ts";
import { addTargets, viewOf } from "../targets/store.ts";
import { actorText, channelsOf, planView, refOf } from "../views.ts";
import { owedBy } from "./rules.ts";
import { addRevision, announceRevision, pointsAt, requestRun, stepsOf, transition } from "./transition.ts";

type ContentTx = Tx<ContentDb>;

/** What agents' work does to plans and activities. A result of a run that isn't the activity's live one any more changes nothing. */
export function runResultConsumer(): ConsumerDefinition<ContentDb> {
  return consumer<ContentDb>({
    durable: "content-run-results",
    on: [
      on(RunStartedSchema, async (event, { tx, ctx }) => {
        const live = await liveActivity(tx, event.data.run?.ref);
        if (live?.status === "queued") await transition(tx, ctx, live, "working");
        return ok();
      }),
      on(RunSucceededSchema, (event, { tx, ctx }) => succeeded(event, tx, ctx)),
      on(RunFailedSchema, (event, { tx, ctx }) =>
        failed(tx, ctx, event.data.run?.ref, {
          problem: event.data.run?.problem || "The agent gave up.",
          problem_detail: event.data.run?.problemDetail ?? "",
        }),
      ),
      on(RunCancelledSchema, (event, { tx, ctx }) =>
        failed(tx, ctx, event.data.run?.ref, { problem: "The run was cancelled.", problem_detail: "" }),
      ),
    ],
  });
}

async function succeeded(event: Event<RunSucceeded>, tx: ContentTx, ctx: Ctx): Promise<Outcome> {
  const { run, output } = event.data;
  if (!event.tenantId || !run) return ok();
  const tenant = agentCtx(forTenant(ctx, event.tenantId), run.role);
  if (output.case === "planner") return planned(tx, tenant, run.planRef, output.value);
  const live = await liveActivity(tx, run.ref);
  if (!live) return ok();
  // The start may come after the end: the state machine goes through "working" all the same.
  const activity = live.status === "queued" ? await transition(tx, tenant, live, "working") : live;
  if (activity.status !== "working") return ok();
  const steps = await stepsOf(tx, activity.id);
  const step = steps.find((candidate) => candidate.run_id === activity.run_id);
  if (!step) return ok();
  const body = output.case === "notes" ? output.value.body : "";
  await tx
    .updateTable("activity_step")
    .set({ status: "done", output: body, finished_on: new Date() })
    .where("id", "=", step.id)
    .execute();
  if (output.case !== "draft") return nextStep(tx, tenant, activity, steps, step);
  const draft = output.value;
  const citations = draft.citations.map(({ number, fileRef, title, locator, excerpt }) => ({
    number,
    fileRef,
    title,
    locator,
    excerpt,
  }));
  const revision = await addRevision(tx, tenant, activity, {
    ...draft,
    citations,
    author: actorText(tenant.actor),
  });
  const waiting = await transition(tx, tenant, activity, "dm_review", {
    ...pointsAt(revision),
    current_step: "dm_review",
  });
  await announceRevision(tx, tenant, waiting, revision);
  return ok();
}

async function nextStep(
  tx: ContentTx,
  ctx: TenantCtx,
  activity: ActivityRow,
  steps: readonly StepRow[],
  done: StepRow,
): Promise<Outcome> {
  const next = steps.find(
    (step) => step.position > done.position && step.agent_role !== "" && step.status !== "skipped",
  );
  if (next) await requestRun(tx, ctx, activity, next, WakeReason.NEW_TASK);
  return ok();
}

async function failed(
  tx: ContentTx,
  ctx: Ctx,
  runRef: string | undefined,
  why: Pick<ActivityRow, "problem" | "problem_detail">,
): Promise<Outcome> {
  const live = await liveActivity(tx, runRef);
  if (live && (live.status === "queued" || live.status === "working")) {
    await tx
      .updateTable("activity_step")
      .set({ status: "failed", finished_on: new Date() })
      .where("activity_id", "=", live.id)
      .where("run_id", "=", live.run_id)
      .execute();
    await transition(tx, ctx, live, "failed", why);
    return ok();
  }
  const runId = runRef ? tryFromRef(runRef) : undefined;
  const plan = runId
    ? await tx
        .updateTable("deliverable_plan")
        .set({ planning_error: why.problem })
        .where("planner_run_id", "=", runId)
        .returningAll()
        .executeTakeFirst()
    : undefined;
  if (plan) {
    const items = await tx
      .selectFrom("deliverable")
      .selectAll()
      .where("plan_id", "=", plan.id)
      .orderBy("position")
      .execute();
    const view = planView(plan, items, await creditsNow(tx));
    await emit(tx, ctx, PlanUpdatedSchema, { plan: view }, { aggregate: plan.id });
  }
  return ok();
}

/** The planner's items become activities, no more of a deliverable than was approved, each with its steps and its first run. */
async function planned(
  tx: ContentTx,
  ctx: TenantCtx,
  planRef: string,
  output: PlannerOutput,
): Promise<Outcome> {
  const planId = tryFromRef(planRef);
  const plan = planId
    ? await tx
        .selectFrom("deliverable_plan")
        .selectAll()
        .where("id", "=", planId)
        .where("status", "=", "approved")
        .forUpdate()
        .executeTakeFirst()
    : undefined;
  if (!plan) return ok();
  const deliverables = await tx
    .selectFrom("deliverable")
    .selectAll()
    .where("plan_id", "=", plan.id)
    .orderBy("position")
    .execute();
  const periods = await tx
    .selectFrom("deliverable_period")
    .selectAll()
    .where("plan_id", "=", plan.id)
    .orderBy("starts")
    .execute();
  const templates = await templatesNow(tx);
  for (const deliverable of deliverables) {
    const template = templates[deliverable.content_type];
    const known = await tx
      .selectFrom("activity")
      .select("id")
      .where("deliverable_id", "=", deliverable.id)
      .limit(1)
      .executeTakeFirst();
    if (known) continue;
    const items = output.activities
      .filter((item) => item.deliverableRef === refOf(deliverable.id))
      .slice(0, deliverable.quantity);
    const own = periods
      .filter((period) => period.deliverable_id === deliverable.id)
      .map((period) => ({ id: period.id, targetCount: period.target_count }));
    for (const [index, item] of items.entries()) {
      const periodId = periodFor(index, own);
      if (!periodId) continue;
      const activity = await tx
        .insertInto("activity")
        .values({
          id: newId(),
          tenant_id: ctx.tenantId,
          plan_id: plan.id,
          deliverable_id: deliverable.id,
          period_id: periodId,
          content_type: deliverable.content_type,
          title: item.title.slice(0, 300),
          theme: item.theme || deliverable.theme,
          status: "planned",
          held_from: null,
          owed_by: owedBy("planned", true),
          promised_on: null,
          current_step: null,
          run_id: null,
          revision_id: null,
          channel_id: deliverable.channel_id,
          publish_on: null,
          template_number: template.number,
          traceparent: currentTraceparent() ?? null,
          created_by: actorText(ctx.actor),
          updated_by: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await addTargets(tx, activity, channelsOf(deliverable));
      const steps = await tx
        .insertInto("activity_step")
        .values(
          template.steps.map((step, position) => ({
            id: newId(),
            tenant_id: ctx.tenantId,
            activity_id: activity.id,
            position,
            kind: step.kind,
            agent_role: step.agentRole,
            status: isSkipped(step, activity) ? ("skipped" as const) : ("pending" as const),
            run_id: null,
            started_on: null,
            finished_on: null,
          })),
        )
        .returningAll()
        .execute();
      await emit(
        tx,
        ctx,
        ActivityCreatedSchema,
        { activity: await viewOf(tx, activity) },
        { aggregate: activity.id },
      );
      const first = steps.find((step) => step.status !== "skipped");
      if (first) await requestRun(tx, ctx, activity, first, WakeReason.NEW_TASK);
    }
  }
  return ok();
}

async function liveActivity(tx: ContentTx, runRef: string | undefined): Promise<ActivityRow | undefined> {
  const runId = runRef ? tryFromRef(runRef) : undefined;
  return runId
    ? tx.selectFrom("activity").selectAll().where("run_id", "=", runId).forUpdate().executeTakeFirst()
    : undefined;
}

/** What an agent's result causes was done by the agent. */
function agentCtx(ctx: TenantCtx, role: string): TenantCtx {
  return { ...ctx, actor: { kind: "agent", id: role } };
}
