import {
  asTenantId,
  type Database,
  errors,
  type Id,
  newId,
  systemCtx,
  type TenantCtx,
  type TenantTx,
} from "@leadmetrics/kit";
import { grantCredits } from "../credits/store.ts";
import type { BillingDb, TopUpRow } from "../db.ts";
import type { PaymentEvent } from "./port.ts";

/** What a credit costs beyond the plan, in minor units of the currency. */
export const CREDIT_PRICE = { minor: 10, currency: "USD" } as const;

export function insertTopUp(
  tx: TenantTx<BillingDb>,
  ctx: TenantCtx,
  wanted: { provider: string; credits: number },
): Promise<TopUpRow> {
  return tx
    .insertInto("top_up")
    .values({
      id: newId(),
      tenant_id: ctx.tenantId,
      ...wanted,
      provider_ref: null,
      amount_minor: wanted.credits * CREDIT_PRICE.minor,
      currency: CREDIT_PRICE.currency,
      paid_on: null,
      created_by: `${ctx.actor.kind}:${ctx.actor.id}`,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function setProviderRef(tx: TenantTx<BillingDb>, id: string, provider_ref: string): Promise<TopUpRow> {
  return tx
    .updateTable("top_up")
    .set({ provider_ref })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/**
 * Takes an event in: notes that it came and, when it says that an order was paid, gives the credits, all in one
 * transaction and once.
 *
 * @throws AppError not_found for an order that isn't ours (yet): the provider sends it again
 */
export async function takeEvent(
  db: Database<BillingDb>,
  provider: string,
  eventId: string,
  event: PaymentEvent,
): Promise<void> {
  if (event.kind === "other") return;
  const order = await db.withSystem("find the paid order", (tx) =>
    tx
      .selectFrom("top_up")
      .select(["id", "tenant_id"])
      .where("provider", "=", provider)
      .where("provider_ref", "=", event.orderRef)
      .executeTakeFirst(),
  );
  if (!order) throw errors.notFound("order");
  const ctx = systemCtx("payment", { tenantId: asTenantId(order.tenant_id as Id) });
  await db.withTenant(ctx, async (tx) => {
    const first = await tx
      .insertInto("payment_event")
      .values({ provider, event_id: eventId, kind: event.kind })
      .onConflict((conflict) => conflict.columns(["provider", "event_id"]).doNothing())
      .returning("event_id")
      .executeTakeFirst();
    if (!first) return;
    const topUp = await tx
      .selectFrom("top_up")
      .selectAll()
      .where("id", "=", order.id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (topUp.status === "paid") return;
    if (event.amountMinor < topUp.amount_minor || event.currency !== topUp.currency) {
      ctx.log.error(
        { event: eventId, paid: event.amountMinor, wanted: topUp.amount_minor },
        "an order was paid in part",
      );
      return;
    }
    await tx
      .updateTable("top_up")
      .set({ status: "paid", paid_on: new Date() })
      .where("id", "=", topUp.id)
      .execute();
    const note = `Bought ${topUp.credits} credits`;
    await grantCredits(tx, ctx, { credits: topUp.credits, key: `top-up:${topUp.id}`, note }, new Date());
  });
}
