import {
  type Database,
  emit,
  errors,
  fromRef,
  keyset,
  newId,
  pageOf,
  pageResult,
  type ServedService,
  service,
  type Tx,
  tenantCtx,
  toRef,
} from "@leadmetrics/kit";
import {
  PlanApprovedSchema,
  PlanCreatedSchema,
  PlanUpdatedSchema,
  RunRequestedSchema,
  WakeReason,
} from "@leadmetrics/proto/content/events/v1/events";
import { PlansService, StepKind } from "@leadmetrics/proto/content/v1/plans";
import type { ContentDb, PlanRow } from "../db.ts";
import { actorText, CONTENT_TYPES, dayText, periodView, planView, STEP_KINDS } from "../views.ts";
import { openPeriods, replaceDeliverables } from "./deliverables.ts";
import { type Problem, spanProblems } from "./rules.ts";
import { creditsNow, templatesNow } from "./templates/store.ts";
import { creditsOf } from "./templates/template.ts";

/** The role that turns a plan into activities. */
export const PLANNER_ROLE = "activity-planner";

export function plansService(db: Database<ContentDb>): ServedService {
  return service(PlansService, {
    async createPlan(request, hc) {
      const ctx = tenantCtx(hc);
      refuse(spanProblems(dayText(request.start), dayText(request.end)));
      return db.withTenant(ctx, async (tx) => {
        const row = await tx
          .insertInto("deliverable_plan")
          .values({
            id: newId(),
            tenant_id: ctx.tenantId,
            title: request.title,
            starts: dayText(request.start),
            ends: dayText(request.end),
            approved_on: null,
            approved_by: null,
            planner_run_id: null,
            created_by: actorText(ctx.actor),
            updated_by: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        await replaceDeliverables(tx, ctx, row.id, request);
        const plan = await viewed(tx, row);
        await emit(tx, ctx, PlanCreatedSchema, { plan }, { aggregate: row.id });
        return { plan };
      });
    },

    async getPlan(request, hc) {
      const id = fromRef(request.planRef, "plan");
      return db.withTenant(
        tenantCtx(hc),
        async (tx) => {
          const [row, ...parts] = await Promise.all([mustFind(tx, id), ...partsOf(tx, id)]);
          return { plan: planView(row, ...parts) };
        },
        { readOnly: true },
      );
    },

    async listPlans(request, hc) {
      const page = pageOf(request.page);
      return db.withTenant(
        tenantCtx(hc),
        async (tx) => {
          const result = pageResult(
            await keyset(tx.selectFrom("deliverable_plan").selectAll(), page, tx).execute(),
            page,
          );
          const ids = result.rows.map((row) => row.id);
          const [items, creditsOfOne] = await Promise.all([
            ids.length > 0
              ? tx
                  .selectFrom("deliverable")
                  .selectAll()
                  .where("plan_id", "in", ids)
                  .orderBy("position")
                  .execute()
              : [],
            creditsNow(tx),
          ]);
          return {
            plans: result.rows.map((row) =>
              planView(
                row,
                items.filter((item) => item.plan_id === row.id),
                creditsOfOne,
              ),
            ),
            page: result.page,
          };
        },
        { readOnly: true },
      );
    },

    async updatePlan(request, hc) {
      const ctx = tenantCtx(hc);
      const id = fromRef(request.planRef, "plan");
      refuse(spanProblems(dayText(request.start), dayText(request.end)));
      return db.withTenant(ctx, async (tx) => {
        const row = await tx
          .updateTable("deliverable_plan")
          .set((eb) => ({
            title: request.title,
            starts: dayText(request.start),
            ends: dayText(request.end),
            updated_by: actorText(ctx.actor),
            updated_on: new Date(),
            version: eb("version", "+", 1),
          }))
          .where("id", "=", id)
          .where("version", "=", request.version)
          .where("status", "=", "awaiting_approval")
          .returningAll()
          .executeTakeFirst();
        if (!row) throw conflict(await mustFind(tx, id));
        await replaceDeliverables(tx, ctx, id, request);
        const plan = await viewed(tx, row);
        await emit(tx, ctx, PlanUpdatedSchema, { plan }, { aggregate: row.id });
        return { plan };
      });
    },

    async approvePlan(request, hc) {
      const ctx = tenantCtx(hc);
      const id = fromRef(request.planRef, "plan");
      return db.withTenant(ctx, async (tx) => {
        const runId = newId();
        const row = await tx
          .updateTable("deliverable_plan")
          .set((eb) => ({
            status: "approved",
            approved_on: new Date(),
            approved_by: actorText(ctx.actor),
            planner_run_id: runId,
            updated_by: actorText(ctx.actor),
            updated_on: new Date(),
            version: eb("version", "+", 1),
          }))
          .where("id", "=", id)
          .where("version", "=", request.version)
          .where("status", "=", "awaiting_approval")
          .returningAll()
          .executeTakeFirst();
        if (!row) throw conflict(await mustFind(tx, id));
        await openPeriods(tx, ctx, row);
        const plan = await viewed(tx, row);
        await emit(tx, ctx, PlanApprovedSchema, { plan }, { aggregate: row.id });
        const goals = await tx.selectFrom("goal").select(["name", "target", "metric"]).limit(20).execute();
        await emit(
          tx,
          ctx,
          RunRequestedSchema,
          {
            runRef: toRef(runId),
            role: PLANNER_ROLE,
            planRef: plan.ref,
            step: StepKind.PLAN,
            wakeReason: WakeReason.NEW_TASK,
            input: {
              title: plan.title,
              plan,
              goals: goals.map((goal) => `${goal.name}: ${goal.target} ${goal.metric}`),
            },
          },
          { aggregate: row.id },
        );
        return { plan };
      });
    },

    async listPeriods(request, hc) {
      const page = pageOf(request.page);
      const planId = request.planRef ? fromRef(request.planRef, "plan") : undefined;
      return db.withTenant(
        tenantCtx(hc),
        async (tx) => {
          const all = tx.selectFrom("deliverable_period").selectAll();
          const result = pageResult(
            await keyset(planId ? all.where("plan_id", "=", planId) : all, page, tx).execute(),
            page,
          );
          const ids = [...new Set(result.rows.map((row) => row.deliverable_id))];
          const items =
            ids.length > 0
              ? await tx
                  .selectFrom("deliverable")
                  .select(["id", "content_type"])
                  .where("id", "in", ids)
                  .execute()
              : [];
          const types = new Map(items.map((item) => [item.id, item.content_type]));
          const soonest = result.rows.toSorted((a, b) => a.starts.localeCompare(b.starts));
          return {
            periods: soonest.map((row) => periodView(row, types.get(row.deliverable_id) ?? "blog_post")),
            page: result.page,
          };
        },
        { readOnly: true },
      );
    },

    listActivityTemplates: async () => ({
      templates: Object.values(await db.global(templatesNow)).map((template) => ({
        contentType: CONTENT_TYPES[template.contentType],
        name: template.name,
        credits: creditsOf(template),
        steps: template.steps.map((step) => ({
          kind: STEP_KINDS[step.kind],
          agentRole: step.agentRole,
          credits: step.credits,
        })),
      })),
    }),
  });
}

async function mustFind(tx: Tx<ContentDb>, id: string): Promise<PlanRow> {
  const row = await tx.selectFrom("deliverable_plan").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) throw errors.notFound("plan");
  return row;
}

/** What is shown of a plan beside its own row; asked for together, it costs one round trip. */
function partsOf(tx: Tx<ContentDb>, planId: string) {
  return [
    tx.selectFrom("deliverable").selectAll().where("plan_id", "=", planId).orderBy("position").execute(),
    creditsNow(tx),
  ] as const;
}

async function viewed(tx: Tx<ContentDb>, row: PlanRow) {
  return planView(row, ...(await Promise.all(partsOf(tx, row.id))));
}

function conflict(row: PlanRow) {
  const what =
    row.status === "awaiting_approval"
      ? `changed to version ${row.version} in the meantime`
      : `${row.status} already`;
  return errors.conflict(
    row.status === "awaiting_approval" ? "plan_changed" : "plan_not_open",
    `This plan is ${what}. Load it again.`,
    { status: row.status, version: String(row.version) },
  );
}

function refuse(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first) throw errors.invalid(`${first.field}: ${first.description}.`, problems);
}
