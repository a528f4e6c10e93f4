import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { newId, type TenantCtx, type Tx } from "@leadmetrics/kit";
import { StrategyStatus, StrategyVersionSchema } from "@leadmetrics/proto/content/v1/strategy";
import type { Selectable } from "kysely";
import type { ContentDb } from "../db.ts";
import { actorText, actorView, dayView } from "../views.ts";

export const STRATEGY_STATUSES = {
  draft: StrategyStatus.DRAFT,
  approved: StrategyStatus.APPROVED,
  archived: StrategyStatus.ARCHIVED,
};

interface KeptGoal {
  readonly name: string;
  readonly metric: string;
  readonly baseline: number;
  readonly target: number;
  readonly due: string | null;
}

/** Keeps a strategy as it is now under its version. */
export async function keepVersion(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  row: Selectable<ContentDb["strategy"]>,
  goals: readonly KeptGoal[],
): Promise<void> {
  await tx
    .insertInto("strategy_version")
    .values({
      id: newId(),
      tenant_id: ctx.tenantId,
      strategy_id: row.id,
      version: row.version,
      title: row.title,
      body: row.body,
      status: row.status,
      horizon_months: row.horizon_months,
      goals: JSON.stringify(
        goals.map(({ name, metric, baseline, target, due }) => ({ name, metric, baseline, target, due })),
      ),
      saved_by: actorText(ctx.actor),
    })
    .execute();
}

export function versionView(row: Selectable<ContentDb["strategy_version"]>) {
  return create(StrategyVersionSchema, {
    version: row.version,
    title: row.title,
    body: row.body,
    status: STRATEGY_STATUSES[row.status],
    horizonMonths: row.horizon_months,
    goals: (row.goals as KeptGoal[]).map(({ due, ...goal }) => ({
      ...goal,
      due: due ? dayView(due) : undefined,
    })),
    savedBy: actorView(row.saved_by),
    savedOn: timestampFromDate(row.saved_on),
  });
}
