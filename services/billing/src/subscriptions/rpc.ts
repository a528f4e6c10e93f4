import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Database, errors, type ServedService, service, tenantCtx } from "@leadmetrics/kit";
import { SubscriptionSchema, SubscriptionsService } from "@leadmetrics/proto/billing/v1/credits";
import type { BillingDb } from "../db.ts";
import { changePlan, type Subscribed, subscriptionOf } from "./store.ts";

/** What tenants have subscribed to, and what they could. */
export function subscriptionsService(db: Database<BillingDb>): ServedService {
  return service(SubscriptionsService, {
    async getSubscription(_request, hc) {
      const row = await db.withTenant(tenantCtx(hc), subscriptionOf, { readOnly: true });
      if (!row) throw errors.notFound("subscription");
      return { subscription: view(row) };
    },
    async listOfferings() {
      const plans = await db.global((tx) => tx.selectFrom("plan").selectAll().orderBy("position").execute());
      return {
        offerings: plans.map((plan) => ({
          planCode: plan.code,
          name: plan.name,
          monthlyCredits: BigInt(plan.monthly_credits),
          weight: plan.weight,
          price: { minorUnits: BigInt(plan.price_minor), currency: plan.currency },
        })),
      };
    },
    async changeSubscription({ planCode }, hc) {
      const ctx = tenantCtx(hc);
      return {
        subscription: view(await db.withTenant(ctx, (tx) => changePlan(tx, ctx, planCode, new Date()))),
      };
    },
  });
}

function view(row: Subscribed) {
  return create(SubscriptionSchema, {
    planCode: row.plan_code,
    planName: row.name,
    monthlyCredits: BigInt(row.monthly_credits),
    weight: row.weight,
    renewsOn: timestampFromDate(new Date(`${row.renews_on}T00:00:00Z`)),
  });
}
