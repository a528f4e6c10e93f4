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
import { anchorOf, dayOf, monthAfter, monthOf, renewalAfter } from "../credits/rules.ts";
import { aggregateOf, grantCredits } from "../credits/store.ts";
import type { BillingDb, PlanRow, SubscriptionRow } from "../db.ts";

type Tx = TenantTx<BillingDb>;
export type Subscribed = SubscriptionRow & PlanRow;

/** Renewals looked up with one query; all that are due are made in one run. */
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
 * The subscription, locked. Two statements: one that locks and joins finds no row when it had to wait and the plan is
 * another one by then.
 */
async function lockSubscription(tx: Tx): Promise<Subscribed> {
  await tx.selectFrom("subscription").select("id").forUpdate().execute();
  const row = await subscriptionOf(tx);
  if (!row) throw errors.unavailable("The tenant's subscription is being set up. Try again in a moment.");
  return row;
}

/**
 * Moves a tenant to another plan at once. A bigger one brings what its month has more than the plans of this period have
 * brought already, so that going to and fro earns nothing; a smaller one takes nothing away.
 */
export async function changePlan(tx: Tx, ctx: TenantCtx, planCode: string, now: Date): Promise<Subscribed> {
  const plan = await planNamed(tx, planCode);
  const before = await lockSubscription(tx);
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
  // Another plan may have another cap: that it is reached is news again.
  await tx.updateTable("credit_account").set({ exhausted_told: false }).execute();
  await tellChange(tx, ctx, plan);
  const more = Math.max(0, plan.monthly_credits - (await broughtIn(tx, row.period_start)));
  const key = `upgrade:${plan.code}:${row.period_start}`;
  await grantCredits(
    tx,
    ctx,
    { credits: more, key, note: `Upgrade from ${before.name} to ${plan.name}` },
    now,
  );
  return { ...row, ...plan };
}

/** Credits that plans have brought in a period. */
async function broughtIn(tx: Tx, start: string): Promise<number> {
  const { sum } = await tx
    .selectFrom("credit_entry")
    .select((eb) => eb.fn.sum<string | null>("amount").as("sum"))
    .where("account", "=", "available")
    .where((eb) =>
      eb.or([eb("grant_key", "=", `renewal:${start}`), eb("grant_key", "like", `upgrade:%:${start}`)]),
    )
    .executeTakeFirstOrThrow();
  return Number(sum ?? 0);
}

/**
 * Gives due subscriptions their next month's credits; unused ones stay. Each period is given once, by whichever replica.
 * A tenant whose renewal fails holds up no other.
 *
 * @throws AggregateError after all others were made; the failed ones are due again with the next run
 */
export async function renewDue(db: Database<BillingDb>, now: Date, signal: AbortSignal): Promise<void> {
  const today = now.toISOString().slice(0, 10);
  const failures: unknown[] = [];
  let after: string | undefined;
  do {
    const due = await dueAfter(db, today, after);
    after = due.length === RENEWALS_AT_ONCE ? due.at(-1)?.id : undefined;
    for (const { tenant_id } of due) {
      if (signal.aborted) return;
      const ctx = systemCtx("renewal", { tenantId: asTenantId(tenant_id as Id) });
      await db
        .withTenant(ctx, (tx) => renew(tx, ctx, today, now))
        .catch((error: unknown) => {
          ctx.log.error({ err: error }, "a renewal failed; it is tried again");
          failures.push(error);
        });
    }
  } while (after !== undefined);
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} renewals failed`);
}

function dueAfter(db: Database<BillingDb>, today: string, after: string | undefined) {
  return db.withSystem("find due renewals", (tx) => {
    const due = tx.selectFrom("subscription").select(["id", "tenant_id"]).where("renews_on", "<=", today);
    return (after === undefined ? due : due.where("id", ">", after))
      .orderBy("id")
      .limit(RENEWALS_AT_ONCE)
      .execute();
  });
}

async function renew(tx: Tx, ctx: TenantCtx, today: string, now: Date): Promise<void> {
  const own = await lockSubscription(tx);
  // Another replica was faster.
  if (own.renews_on > today) return;
  await tx
    .updateTable("subscription")
    .set({
      period_start: own.renews_on,
      renews_on: renewalAfter(own.period_start, own.renews_on),
      updated_on: now,
    })
    .execute();
  await grantPeriod(tx, ctx, own, own.renews_on, now);
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
