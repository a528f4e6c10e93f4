import {
  asTenantId,
  type Database,
  emit,
  errors,
  type Id,
  newId,
  systemCtx,
  type TenantCtx,
  type TenantTx,
} from "@leadmetrics/kit";
import { SubscriptionChangedSchema } from "@leadmetrics/proto/billing/events/v1/events";
import { dayOf, monthAfter, monthOf } from "../credits/rules.ts";
import { aggregateOf, grantCredits } from "../credits/store.ts";
import type { BillingDb, PlanRow, SubscriptionRow } from "../db.ts";

type Tx = TenantTx<BillingDb>;
export type Subscribed = SubscriptionRow & PlanRow;

const RENEWALS_AT_ONCE = 100;

/** A new tenant's account and subscription, with the first month's credits; again changes nothing. */
export async function openAccount(
  tx: Tx,
  ctx: TenantCtx,
  { planCode, timeZone, now }: { planCode: string; timeZone: string; now: Date },
): Promise<void> {
  const plan = await planNamed(tx, planCode);
  const today = dayOf(now, timeZone);
  await tx
    .insertInto("credit_account")
    .values({
      tenant_id: ctx.tenantId,
      time_zone: timeZone || "UTC",
      month: monthOf(now, timeZone),
      low_told_month: null,
    })
    .onConflict((conflict) => conflict.column("tenant_id").doNothing())
    .execute();
  const opened = await tx
    .insertInto("subscription")
    .values({
      id: newId(),
      tenant_id: ctx.tenantId,
      plan_code: plan.code,
      period_start: today,
      renews_on: monthAfter(today, anchorOf(today)),
      created_by: `${ctx.actor.kind}:${ctx.actor.id}`,
      updated_by: null,
    })
    .onConflict((conflict) => conflict.column("tenant_id").doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!opened) return;
  await tellChange(tx, ctx, plan);
  await grantPeriod(tx, ctx, plan, today, now);
}

export async function subscriptionOf(tx: Tx): Promise<Subscribed | undefined> {
  return tx
    .selectFrom("subscription")
    .innerJoin("plan", "plan.code", "subscription.plan_code")
    .selectAll("subscription")
    .selectAll("plan")
    .executeTakeFirst();
}

/**
 * Moves a tenant to another plan at once. A bigger one brings the difference of the month's credits now, once a month;
 * a smaller one takes nothing away.
 */
export async function changePlan(tx: Tx, ctx: TenantCtx, planCode: string, now: Date): Promise<Subscribed> {
  const plan = await planNamed(tx, planCode);
  const before = await subscriptionOf(tx);
  if (!before) throw errors.unavailable("The tenant's subscription is being set up. Try again in a moment.");
  if (before.plan_code === plan.code) return before;
  const row = await tx
    .updateTable("subscription")
    .set((eb) => ({
      plan_code: plan.code,
      updated_by: `${ctx.actor.kind}:${ctx.actor.id}`,
      updated_on: now,
      version: eb("version", "+", 1),
    }))
    .returningAll()
    .executeTakeFirstOrThrow();
  await tellChange(tx, ctx, plan);
  const more = Math.max(0, plan.monthly_credits - before.monthly_credits);
  const key = `upgrade:${plan.code}:${row.period_start}`;
  await grantCredits(
    tx,
    ctx,
    { credits: more, key, note: `Upgrade from ${before.name} to ${plan.name}` },
    now,
  );
  return { ...row, ...plan };
}

/** Gives due subscriptions their next month's credits; unused ones stay. Each period is given once, by whichever replica. */
export async function renewDue(db: Database<BillingDb>, now: Date, signal: AbortSignal): Promise<number> {
  const due = await db.withSystem("find due renewals", (tx) =>
    tx
      .selectFrom("subscription")
      .select("tenant_id")
      .where("renews_on", "<=", now.toISOString().slice(0, 10))
      .orderBy("renews_on")
      .limit(RENEWALS_AT_ONCE)
      .execute(),
  );
  for (const { tenant_id } of due) {
    if (signal.aborted) break;
    const ctx = systemCtx("renewal", { tenantId: asTenantId(tenant_id as Id) });
    await db.withTenant(ctx, async (tx) => {
      const own = await tx
        .selectFrom("subscription")
        .innerJoin("plan", "plan.code", "subscription.plan_code")
        .selectAll("subscription")
        .selectAll("plan")
        .forUpdate("subscription")
        .executeTakeFirstOrThrow();
      if (own.renews_on > now.toISOString().slice(0, 10)) return;
      const begun = new Date(own.created_on).getUTCDate();
      await tx
        .updateTable("subscription")
        .set({ period_start: own.renews_on, renews_on: monthAfter(own.renews_on, begun), updated_on: now })
        .execute();
      await grantPeriod(tx, ctx, own, own.renews_on, now);
    });
  }
  return due.length;
}

function grantPeriod(tx: Tx, ctx: TenantCtx, plan: PlanRow, start: string, now: Date) {
  const given = {
    credits: plan.monthly_credits,
    key: `renewal:${start}`,
    note: `${plan.name}: credits from ${start}`,
  };
  return grantCredits(tx, ctx, given, now);
}

async function planNamed(tx: Tx, code: string): Promise<PlanRow> {
  const plans = await tx.selectFrom("plan").selectAll().orderBy("position").execute();
  const plan = plans.find((each) => each.code === code);
  if (plan) return plan;
  const known = plans.map((each) => each.code).join(", ");
  throw errors.invalid(`There is no plan "${code}".`, [
    { field: "plan_code", description: `one of ${known}` },
  ]);
}

function tellChange(tx: Tx, ctx: TenantCtx, plan: PlanRow) {
  return emit(
    tx,
    ctx,
    SubscriptionChangedSchema,
    { planCode: plan.code, weight: plan.weight },
    aggregateOf(ctx),
  );
}

const anchorOf = (day: string): number => Number(day.slice(8, 10));
