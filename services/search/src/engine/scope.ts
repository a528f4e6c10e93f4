import type { Ctx } from "@leadmetrics/kit";

/** A super admin who names no tenant sees all of them, audited; everybody else sees the tenants of their context. */
export function isEverywhere(ctx: Ctx): boolean {
  const { principal } = ctx;
  return principal.kind === "platform" && principal.role === "super_admin" && ctx.tenantIds.length === 0;
}

/** What the audit trail says about it. */
export const SEARCH_EVERYWHERE = "search over all tenants";
