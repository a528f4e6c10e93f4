import { type ConsumerDefinition, consumer, type Database, ok, onExternal } from "@leadmetrics/kit";
import { TenantUpdatedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import type { SessionEnder } from "../auth/sessions.ts";
import type { IdentityDb } from "../db.ts";

/** Nobody goes on working in a suspended tenant: their sessions there end with it. */
export function suspensionConsumer(
  db: Database<IdentityDb>,
  ender: SessionEnder,
): ConsumerDefinition<IdentityDb> {
  return consumer<IdentityDb>({
    durable: "identity-tenants",
    on: [
      onExternal(TenantUpdatedSchema, async ({ data, tenantId }, { ctx }) => {
        if (!data.suspended || tenantId === undefined) return ok();
        await db.global(async (tx) => {
          const open = await tx
            .selectFrom("session")
            .select(["id", "user_id"])
            .where("acting_tenant", "=", tenantId)
            .where("revoked_on", "is", null)
            .forUpdate()
            .execute();
          await ender.end(tx, { ...ctx, tenantIds: [] }, open, "tenant_suspended", new Date());
        });
        return ok();
      }),
    ],
  });
}
