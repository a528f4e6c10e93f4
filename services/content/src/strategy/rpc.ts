import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
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
} from "@leadmetrics/kit";
import { StrategyApprovedSchema, StrategyChangedSchema } from "@leadmetrics/proto/content/events/v1/events";
import {
  type Goal,
  GoalSchema,
  StrategiesService,
  StrategySchema,
} from "@leadmetrics/proto/content/v1/strategy";
import type { Selectable } from "kysely";
import type { ContentDb } from "../db.ts";
import { actorText, dayText, dayView, refOf, stampView } from "../views.ts";
import { keepVersion, STRATEGY_STATUSES, versionView } from "./versions.ts";

type StrategyRow = Selectable<ContentDb["strategy"]>;
type GoalRow = Selectable<ContentDb["goal"]>;
/** The metric that counts by itself when something is published. */
export const PUBLISHED_ITEMS = "published_items";
/** Snapshots of a goal that are shown. */
const SNAPSHOTS_SHOWN = 90;
const VERSIONS_SHOWN = 100;

export function strategiesService(db: Database<ContentDb>): ServedService {
  return service(StrategiesService, {
    async createStrategy(request, hc) {
      const ctx = tenantCtx(hc);
      return db.withTenant(ctx, async (tx) => {
        const row = await tx
          .insertInto("strategy")
          .values({
            id: newId(),
            tenant_id: ctx.tenantId,
            title: request.title,
            body: request.body,
            horizon_months: request.horizonMonths,
            created_by: actorText(ctx.actor),
            updated_by: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        return { strategy: await saved(tx, ctx, row, request.goals) };
      });
    },

    async getStrategy(request, hc) {
      const id = fromRef(request.strategyRef, "strategy");
      return db.withTenant(
        tenantCtx(hc),
        async (tx) => {
          const row = await tx.selectFrom("strategy").selectAll().where("id", "=", id).executeTakeFirst();
          if (!row) throw errors.notFound("strategy");
          return { strategy: view(row, await goalsOf(tx, [row.id])) };
        },
        { readOnly: true },
      );
    },

    async listStrategies(request, hc) {
      const page = pageOf(request.page);
      return db.withTenant(
        tenantCtx(hc),
        async (tx) => {
          const result = pageResult(
            await keyset(tx.selectFrom("strategy").selectAll(), page, tx).execute(),
            page,
          );
          const goals = await goalsOf(
            tx,
            result.rows.map((row) => row.id),
          );
          return {
            strategies: result.rows.map((row) =>
              view(
                row,
                goals.filter((goal) => goal.strategy_id === row.id),
              ),
            ),
            page: result.page,
          };
        },
        { readOnly: true },
      );
    },

    async updateStrategy(request, hc) {
      const ctx = tenantCtx(hc);
      const id = fromRef(request.strategyRef, "strategy");
      return db.withTenant(ctx, async (tx) => {
        const row = await tx
          .updateTable("strategy")
          .set((eb) => ({
            title: request.title,
            body: request.body,
            horizon_months: request.horizonMonths,
            status: "draft",
            updated_by: actorText(ctx.actor),
            updated_on: new Date(),
            version: eb("version", "+", 1),
          }))
          .where("id", "=", id)
          .where("version", "=", request.version)
          .returningAll()
          .executeTakeFirst();
        if (!row) throw await missingOrStale(tx, id);
        return { strategy: await saved(tx, ctx, row, request.goals) };
      });
    },

    async approveStrategy(request, hc) {
      const ctx = tenantCtx(hc);
      const id = fromRef(request.strategyRef, "strategy");
      return db.withTenant(ctx, async (tx) => {
        const row = await tx
          .updateTable("strategy")
          .set((eb) => ({
            status: "approved",
            updated_by: actorText(ctx.actor),
            updated_on: new Date(),
            version: eb("version", "+", 1),
          }))
          .where("id", "=", id)
          .where("version", "=", request.version)
          .where("status", "=", "draft")
          .returningAll()
          .executeTakeFirst();
        if (!row) throw await missingOrStale(tx, id);
        const goals = await goalsOf(tx, [row.id]);
        await keepVersion(tx, ctx, row, goals);
        const strategy = view(row, goals);
        await emit(tx, ctx, StrategyApprovedSchema, { strategy }, { aggregate: row.id });
        return { strategy };
      });
    },

    async listStrategyVersions(request, hc) {
      const id = fromRef(request.strategyRef, "strategy");
      const rows = await db.withTenant(
        tenantCtx(hc),
        (tx) =>
          tx
            .selectFrom("strategy_version")
            .selectAll()
            .where("strategy_id", "=", id)
            .orderBy("version", "desc")
            .limit(VERSIONS_SHOWN)
            .execute(),
        { readOnly: true },
      );
      if (rows.length === 0) throw errors.notFound("strategy");
      return { versions: rows.map(versionView) };
    },

    async listGoals(_request, hc) {
      return db.withTenant(
        tenantCtx(hc),
        async (tx) => {
          const goals = await tx.selectFrom("goal").selectAll().orderBy("position").orderBy("id").execute();
          const snapshots = await tx
            .selectFrom("goal_snapshot")
            .selectAll()
            .orderBy("id", "desc")
            .limit(SNAPSHOTS_SHOWN * Math.max(1, goals.length))
            .execute();
          return {
            goals: goals.map((goal) =>
              goalView(goal, snapshots.filter((snapshot) => snapshot.goal_id === goal.id).reverse()),
            ),
          };
        },
        { readOnly: true },
      );
    },
  });
}

/** Replaces a strategy's goals (those with a known ref keep their snapshots) and tells of the change. */
async function saved(tx: Tx<ContentDb>, ctx: TenantCtx, row: StrategyRow, goals: readonly Goal[]) {
  const before = await goalsOf(tx, [row.id]);
  const kept = new Set<string>();
  for (const [position, goal] of goals.entries()) {
    const known = before.find((candidate) => refOf(candidate.id) === goal.ref);
    const values = {
      position,
      name: goal.name,
      metric: goal.metric,
      baseline: goal.baseline,
      target: goal.target,
      current: goal.current,
      due: dayText(goal.due) || null,
    };
    if (known) {
      kept.add(known.id);
      await tx.updateTable("goal").set(values).where("id", "=", known.id).execute();
      if (known.current !== goal.current) await snapshot(tx, ctx, known.id, goal.current);
    } else {
      const id = newId();
      await tx
        .insertInto("goal")
        .values({ id, tenant_id: ctx.tenantId, strategy_id: row.id, ...values })
        .execute();
      await snapshot(tx, ctx, id, goal.current);
    }
  }
  for (const gone of before.filter((goal) => !kept.has(goal.id)))
    await tx.deleteFrom("goal").where("id", "=", gone.id).execute();
  const now = await goalsOf(tx, [row.id]);
  await keepVersion(tx, ctx, row, now);
  const strategy = view(row, now);
  await emit(tx, ctx, StrategyChangedSchema, { strategy }, { aggregate: row.id });
  return strategy;
}

export async function snapshot(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  goalId: string,
  value: number,
): Promise<void> {
  await tx
    .insertInto("goal_snapshot")
    .values({ id: newId(), tenant_id: ctx.tenantId, goal_id: goalId, value })
    .execute();
}

async function goalsOf(tx: Tx<ContentDb>, strategyIds: readonly string[]): Promise<GoalRow[]> {
  if (strategyIds.length === 0) return [];
  return tx
    .selectFrom("goal")
    .selectAll()
    .where("strategy_id", "in", strategyIds)
    .orderBy("position")
    .execute();
}

async function missingOrStale(tx: Tx<ContentDb>, id: string) {
  const row = await tx
    .selectFrom("strategy")
    .select(["version", "status"])
    .where("id", "=", id)
    .executeTakeFirst();
  if (!row) return errors.notFound("strategy");
  return errors.conflict(
    "strategy_changed",
    `The strategy is ${row.status} now, in version ${row.version}. Load it again.`,
    { status: row.status, version: String(row.version) },
  );
}

function view(row: StrategyRow, goals: readonly GoalRow[]) {
  return create(StrategySchema, {
    ref: refOf(row.id),
    title: row.title,
    body: row.body,
    status: STRATEGY_STATUSES[row.status],
    horizonMonths: row.horizon_months,
    goals: goals.map((goal) => goalView(goal, [])),
    stamp: stampView(row),
  });
}

export function goalView(row: GoalRow, snapshots: readonly { value: number; taken_on: Date }[]) {
  return create(GoalSchema, {
    ref: refOf(row.id),
    name: row.name,
    metric: row.metric,
    baseline: row.baseline,
    target: row.target,
    current: row.current,
    due: row.due ? dayView(row.due) : undefined,
    snapshots: snapshots.map((taken) => ({ value: taken.value, takenOn: timestampFromDate(taken.taken_on) })),
  });
}
