import { type Database, type ServedService, schedule, type TenantCtx, tenantRecords } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { BillingDb } from "../db.ts";
import { keepUntil } from "./rules.ts";

const DAY_MS = 86_400_000;

/** What a tenant has here. Payments and the ledger's totals, which the law demands, are set aside before it is erased. */
export function billingRecords(db: Database<BillingDb>): ServedService {
  return tenantRecords({ db, beforeErasing: (ctx) => setAside(db, ctx, new Date()) });
}

/** Throws away what was set aside, when its years are over. */
export const retentionSchedule = schedule<BillingDb>({
  name: "billing-retention",
  every: DAY_MS,
  run: ({ db }) =>
    db.withSystem("end of retention", async (tx) => {
      const today = new Date().toISOString().slice(0, 10);
      await tx.deleteFrom("kept_payment").where("keep_until", "<", today).execute();
      await tx.deleteFrom("kept_account").where("keep_until", "<", today).execute();
    }),
});

/** Copies what is paid, without anybody's name. Safe to repeat: what is set aside once stays as it is. */
async function setAside(db: Database<BillingDb>, ctx: TenantCtx, now: Date): Promise<void> {
  const until = keepUntil(now);
  await db.withTenant(ctx, async (tx) => {
    await sql`
      insert into kept_payment (id, former_tenant, provider, provider_ref, credits, amount_minor, currency, paid_on, keep_until)
      select id, tenant_id, provider, provider_ref, credits, amount_minor, currency, coalesce(paid_on, created_on), ${until}::date
      from top_up where status = 'paid' and tenant_id = ${ctx.tenantId}
      on conflict (id) do nothing`.execute(tx);
    await sql`
      insert into kept_account (former_tenant, granted, spent, keep_until)
      select tenant_id, coalesce(-sum(amount) filter (where account = 'granted'), 0),
        coalesce(sum(amount) filter (where account = 'spent'), 0), ${until}::date
      from credit_entry where tenant_id = ${ctx.tenantId} group by tenant_id
      on conflict (former_tenant) do nothing`.execute(tx);
  });
}
