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
  type TenantCtx,
  type Tx,
  tenantCtx,
  toRef,
  tryFromRef,
} from "@leadmetrics/kit";
import {
  PlanApprovedSchema,
  PlanCreatedSchema,
  PlanUpdatedSchema,
  RunRequestedSchema,
  WakeReason,
} from "@leadmetrics/proto/content/events/v1/events";
import { type Deliverable, PlansService, StepKind } from "@leadmetrics/proto/content/v1/plans";
import type { Day as WireDay } from "@leadmetrics/proto/type/v1/type";
import type { ContentDb, ContentTypeName, PlanRow } from "../db.ts";
import { actorText, CONTENT_TYPES, dayText, nameOf, periodView, planView, STEP_KINDS } from "../views.ts";
import { type Problem, periodsOf, spanProblems } from "./rules.ts";
import { creditsNow, templatesNow } from "./templates/store.ts";
import { creditsOf } from "./templates/template.ts";

/** The role that turns a plan into activities. */
export const PLANNER_ROLE = "activity-planner";

interface PlanText {
  title: string;
  start?: WireDay;
  end?: WireDay;
  deliverables: readonly Deliverable[];
}

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

async function replaceDeliverables(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  planId: string,
  plan: PlanText,
): Promise<void> {
  await tx.deleteFrom("deliverable").where("plan_id", "=", planId).execute();
  for (const [position, item] of plan.deliverables.entries()) {
    const contentType: ContentTypeName = nameOf(CONTENT_TYPES, item.contentType) ?? "blog_post";
    const channelIds = await knownChannels(tx, item, `deliverables[${position}]`);
    const goalId = await known(tx, "goal", item.goalRef, `deliverables[${position}].goal_ref`);
    await tx
      .insertInto("deliverable")
      .values({
        id: newId(),
        tenant_id: ctx.tenantId,
        plan_id: planId,
        position,
        content_type: contentType,
        quantity: item.quantity,
        theme: item.theme,
        channel_id: channelIds[0] ?? null,
        channel_ids: channelIds,
        goal_id: goalId,
      })
      .execute();
  }
}

/** The channels of a deliverable: its list, or the single one of callers that know no list. */
async function knownChannels(tx: Tx<ContentDb>, item: Deliverable, field: string): Promise<string[]> {
  const refs = item.channelRefs.length > 0 ? item.channelRefs : [item.channelRef];
  const found: string[] = [];
  for (const [index, ref] of refs.entries()) {
    const at = item.channelRefs.length > 0 ? `${field}.channel_refs[${index}]` : `${field}.channel_ref`;
    const id = await known(tx, "channel", ref, at);
    if (id && !found.includes(id)) found.push(id);
  }
  return found;
}

async function known(
  tx: Tx<ContentDb>,
  table: "channel" | "goal",
  ref: string,
  field: string,
): Promise<string | null> {
  if (ref === "") return null;
  const id = tryFromRef(ref);
  const row = id
    ? await tx.selectFrom(table).select("id").where("id", "=", id).executeTakeFirst()
    : undefined;
  if (!row)
    throw errors.invalid(`${field}: there is no such ${table}.`, [
      { field, description: `no such ${table}` },
    ]);
  return row.id;
}

async function openPeriods(tx: Tx<ContentDb>, ctx: TenantCtx, plan: PlanRow): Promise<void> {
  const items = await tx.selectFrom("deliverable").selectAll().where("plan_id", "=", plan.id).execute();
  const rows = items.flatMap((item) =>
    periodsOf(plan.starts, plan.ends, item.quantity).map((period) => ({
      id: newId(),
      tenant_id: ctx.tenantId,
      plan_id: plan.id,
      deliverable_id: item.id,
      starts: period.starts,
      ends: period.ends,
      target_count: period.targetCount,
    })),
  );
  await tx.insertInto("deliverable_period").values(rows).execute();
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
