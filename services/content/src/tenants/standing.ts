import { type ConsumerDefinition, consumer, ok, on, type TenantTx } from "@leadmetrics/kit";
import { TenantUpdatedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import type { ContentDb } from "../db.ts";

/** Keeps what tenancy says about a tenant that decides whether anything of it is published. */
export function tenantStandingConsumer(): ConsumerDefinition<ContentDb> {
  return consumer<ContentDb>({
    durable: "content-tenants",
    on: [
      on(TenantUpdatedSchema, async ({ tenantId, data: { suspended } }, { tx }) => {
        if (tenantId === undefined) return ok();
        await tx
          .insertInto("tenant_standing")
          .values({ tenant_id: tenantId, suspended })
          .onConflict((conflict) => conflict.column("tenant_id").doUpdateSet({ suspended }))
          .execute();
        return ok();
      }),
    ],
  });
}

/** Whether nothing of the transaction's tenant may go out just now. */
export async function isSuspended(tx: TenantTx<ContentDb>): Promise<boolean> {
  const standing = await tx.selectFrom("tenant_standing").select("suspended").executeTakeFirst();
  return standing?.suspended ?? false;
}
