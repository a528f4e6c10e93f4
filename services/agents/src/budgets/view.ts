import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Id, toRef } from "@leadmetrics/kit";
import {
  type BudgetAmountsSchema,
  type BudgetLimitsSchema,
  BudgetMetric,
  BudgetScope,
  type BudgetStandingSchema,
} from "@leadmetrics/proto/agents/v1/budgets";
import { type Amounts, type Fill, type Metric, MICRO_PER_CENT, type Scope } from "./rules.ts";

export const SCOPE_NUMBERS: Record<Scope, BudgetScope> = {
  tenant: BudgetScope.TENANT,
  role: BudgetScope.ROLE,
  activity: BudgetScope.ACTIVITY,
};
const METRIC_NUMBERS: Record<Metric, BudgetMetric> = {
  money: BudgetMetric.MONEY,
  tokens: BudgetMetric.TOKENS,
  runs: BudgetMetric.RUNS,
};

/** The currency of caps on money: the one that models are priced in. */
export const CURRENCY = "USD";

export const limitsView = (limits: Amounts): MessageInitShape<typeof BudgetLimitsSchema> => ({
  money: { minorUnits: BigInt(Math.floor(limits.money / MICRO_PER_CENT)), currency: CURRENCY },
  tokens: BigInt(limits.tokens),
  runs: BigInt(limits.runs),
});

export const amountsView = (amounts: Amounts): MessageInitShape<typeof BudgetAmountsSchema> => ({
  costMicroUsd: BigInt(amounts.money),
  tokens: BigInt(amounts.tokens),
  runs: BigInt(amounts.runs),
});

/** @param of what the cap is of, where it isn't the tenant as a whole */
export function fillView(
  fill: Fill,
  tenantId: string,
  of: { readonly role: string; readonly activity_id: string | null; readonly title: string },
): MessageInitShape<typeof BudgetStandingSchema> {
  const isActivity = fill.scope === "activity";
  return {
    tenantRef: toRef(tenantId as Id),
    scope: SCOPE_NUMBERS[fill.scope],
    role: fill.scope === "role" ? of.role : "",
    activityRef: isActivity && of.activity_id ? toRef(of.activity_id as Id) : "",
    activityTitle: isActivity ? of.title : "",
    metric: METRIC_NUMBERS[fill.metric],
    used: BigInt(fill.used),
    reserved: BigInt(fill.reserved),
    limit: BigInt(fill.limit),
    own: fill.own,
  };
}
