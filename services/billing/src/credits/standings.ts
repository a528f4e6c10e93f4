import { type Database, type Id, requestCtx, type ServedService, service, toRef } from "@leadmetrics/kit";
import { StandingsService } from "@leadmetrics/proto/billing/v1/standings";
import type { BillingDb } from "../db.ts";
import { balanceView } from "./rpc.ts";

/** Tenants shown at once. */
const STANDINGS_SHOWN = 200;

/** How all tenants stand, for super admins. */
export function standingsService(db: Database<BillingDb>): ServedService {
  return service(StandingsService, {
    async listStandings(_request, hc) {
      const now = new Date();
      const rows = await db.withPlatform(requestCtx(hc), "how all tenants stand", (tx) =>
        tx
          .selectFrom("credit_account")
          .innerJoin("subscription", "subscription.tenant_id", "credit_account.tenant_id")
          .innerJoin("plan", "plan.code", "subscription.plan_code")
          .selectAll("credit_account")
          .select(["plan.monthly_cap", "plan.monthly_credits", "plan.code"])
          .orderBy("credit_account.available")
          .limit(STANDINGS_SHOWN)
          .execute(),
      );
      return {
        standings: rows.map((row) => ({
          tenantRef: toRef(row.tenant_id as Id),
          planCode: row.code,
          monthlyCredits: BigInt(row.monthly_credits),
          balance: balanceView(row, row.monthly_cap, now),
        })),
      };
    },
  });
}
