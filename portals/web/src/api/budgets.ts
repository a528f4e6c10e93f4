import { queryOptions } from "@tanstack/react-query";
import { http, p } from "./http.ts";
import type * as S from "./shapes.ts";

/** What is near a cap is asked again this often, milliseconds. */
const WATCH_MS = 15_000;

/** What agents may use and have used, and what they go on with when a model does not answer. */
export const budgetQueries = {
  own: queryOptions({
    queryKey: ["budgets"],
    queryFn: ({ signal }) => http.get<S.Budgets>("/tenant/v1/budgets", undefined, signal),
  }),
  ofTenant: (tenantRef: string) =>
    queryOptions({
      queryKey: ["budgets", tenantRef],
      queryFn: ({ signal }) =>
        http.get<S.Budgets>(p`/admin/v1/tenants/${tenantRef}/budgets`, undefined, signal),
    }),
  defaults: queryOptions({
    queryKey: ["budgets", "defaults"],
    queryFn: ({ signal }) => http.get<{ items: S.Budget[] }>("/admin/v1/budgets", undefined, signal),
  }),
  standings: queryOptions({
    queryKey: ["budgets", "standings"],
    queryFn: ({ signal }) =>
      http.get<{ items: S.BudgetStanding[] }>("/admin/v1/budgets/standings", undefined, signal),
    refetchInterval: WATCH_MS,
  }),
  fallbacks: queryOptions({
    queryKey: ["fallbacks"],
    queryFn: ({ signal }) => http.get<{ items: S.Fallback[] }>("/admin/v1/fallbacks", undefined, signal),
  }),
  tenantFallbacks: (tenantRef: string) =>
    queryOptions({
      queryKey: ["fallbacks", tenantRef],
      queryFn: ({ signal }) =>
        http.get<{ items: S.Fallback[] }>(p`/admin/v1/tenants/${tenantRef}/fallbacks`, undefined, signal),
    }),
};

/** @property limits left out where a tenant follows the platform again */
interface BudgetChange {
  scope: S.BudgetScope;
  role: string;
  limits?: S.BudgetLimits;
  version: number;
}

interface FallbackChange {
  role: string;
  steps: readonly S.FallbackStep[];
  version: number;
}

export const budgetActions = {
  setOwn: (limits: S.BudgetLimits) => http.put<S.Budget>("/tenant/v1/budgets/own", { limits }),
  setForTenant: (tenantRef: string, change: BudgetChange) =>
    http.put<S.Budget>(p`/admin/v1/tenants/${tenantRef}/budgets`, change),
  setDefault: (change: BudgetChange & { limits: S.BudgetLimits }) =>
    http.put<S.Budget>("/admin/v1/budgets", change),
  setFallback: (tenantRef: string, change: FallbackChange & { followDefault?: boolean }) =>
    http.put<S.Fallback>(p`/admin/v1/tenants/${tenantRef}/fallbacks`, change),
  setDefaultFallback: (change: FallbackChange) => http.put<S.Fallback>("/admin/v1/fallbacks", change),
  testDefaultFallback: (step: S.FallbackStep) =>
    http.post<{ items: S.AdapterCheck[] }>("/admin/v1/fallbacks/test", { step }),
};
