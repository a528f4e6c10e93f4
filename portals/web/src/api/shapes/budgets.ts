/** @module What agents may use, and what they go on with when a model does not answer. */

export type BudgetScope = "tenant" | "role" | "activity";
export type BudgetMetric = "money" | "tokens" | "runs";

/** 0 is no limit. */
export interface BudgetLimits {
  money?: { minorUnits: number; currency: string } | null;
  tokens: number;
  runs: number;
}

export interface BudgetAmounts {
  /** Millionths of a US dollar. */
  costMicroUsd: number;
  tokens: number;
  runs: number;
}

export interface Budget {
  scope: BudgetScope;
  role: string;
  limits?: BudgetLimits | null;
  platformLimits?: BudgetLimits | null;
  ownLimits?: BudgetLimits | null;
  followsDefault: boolean;
  used?: BudgetAmounts | null;
  reserved?: BudgetAmounts | null;
  setBy: string;
  setOn?: string | null;
  version: number;
}

export interface Budgets {
  /** 2026-12 */
  month: string;
  budgets: Budget[];
}

export interface BudgetStanding {
  tenantRef: string;
  scope: BudgetScope;
  role: string;
  metric: BudgetMetric;
  used: number;
  reserved: number;
  limit: number;
  own: boolean;
  /** Of the scope activity. */
  activityRef: string;
  activityTitle: string;
}

export interface FallbackStep {
  adapter: string;
  model: string;
}

export interface Fallback {
  role: string;
  steps: FallbackStep[];
  setBy: string;
  setOn?: string | null;
  version: number;
}
