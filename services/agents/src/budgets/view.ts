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

export function fillView(
  fill: Fill,
  tenantId: string,
  role: string,
): MessageInitShape<typeof BudgetStandingSchema> {
  return {
    tenantRef: toRef(tenantId as Id),
    scope: SCOPE_NUMBERS[fill.scope],
    role: fill.scope === "role" ? role : "",
    metric: METRIC_NUMBERS[fill.metric],
    used: BigInt(fill.used),
    reserved: BigInt(fill.reserved),
    limit: BigInt(fill.limit),
    own: fill.own,
  };
}
