import { type ConsumerDefinition, consumer, ok, on } from "@leadmetrics/kit";
import { TenantUpdatedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import type { RagDb } from "./db.ts";

/** Keeps what tenancy says about a tenant that decides which embedding it gets. */
export function tenantPolicyConsumer(): ConsumerDefinition<RagDb> {
  return consumer<RagDb>({
    durable: "rag-tenant-policy",
    on: [
      on(TenantUpdatedSchema, async (event, { tx }) => {
        if (event.tenantId === undefined) return ok();
        const local_only = event.data.localOnly;
        await tx
          .insertInto("tenant_policy")
          .values({ tenant_id: event.tenantId, local_only })
          .onConflict((conflict) => conflict.column("tenant_id").doUpdateSet({ local_only }))
          .execute();
        return ok();
      }),
    ],
  });
}
