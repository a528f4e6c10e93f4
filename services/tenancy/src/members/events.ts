import {
  asTenantId,
  type ConsumerDefinition,
  consumer,
  type Database,
  fromRef,
  ok,
  onExternal,
} from "@leadmetrics/kit";
import { UserVerifiedSchema } from "@leadmetrics/proto/identity/events/v1/events";
import {
  ReviewerAssignedSchema,
  ReviewerUnassignedSchema,
} from "@leadmetrics/proto/tenancy/events/v1/events";
import type { TenancyDb } from "../db.ts";
import { isErased } from "../deletion/store.ts";
import { addTenant } from "../tenants/rpc.ts";
import type { Assignments } from "./assignments.ts";
import { addMember, takeInvitation } from "./store.ts";

/** A verified user gets their tenant; reviewers' tenants reach the verifiers even when the process died after the commit. */
export function memberConsumers(
  db: Database<TenancyDb>,
  assignments: Assignments,
): ConsumerDefinition<TenancyDb>[] {
  return [
    consumer<TenancyDb>({
      durable: "tenancy-verified-users",
      on: [
        // The tenant takes the event's id as its own: the event again finds it there.
        onExternal(UserVerifiedSchema, async ({ id, data, occurredAt }, { ctx }) => {
          const person = { userId: fromRef(data.userRef), email: data.email, name: data.name };
          await db.withSystem("a verified user's tenant", async (tx) => {
            const invited = data.invitationTokenHash
              ? await takeInvitation(tx, data.invitationTokenHash, occurredAt)
              : undefined;
            if (invited) return addMember(tx, ctx, invited.tenant_id, person, invited.role);
            if (!data.companyName) return;
            const tenantId = asTenantId(id);
            // The event again, long after: whom it made may have been erased since.
            if (await isErased(tx, tenantId)) return;
            const known = await tx
              .selectFrom("tenant")
              .select("id")
              .where("id", "=", tenantId)
              .executeTakeFirst();
            if (!known)
              await addTenant(tx, ctx, {
                id: tenantId,
                name: data.companyName,
                timeZone: "UTC",
                locale: "en-GB",
                currency: "EUR",
                ownerUserRef: data.userRef,
              });
            await addMember(tx, ctx, tenantId, person, "owner");
          });
          return ok();
        }),
      ],
    }),
    consumer<TenancyDb>({
      durable: "tenancy-assignments",
      on: [ReviewerAssignedSchema, ReviewerUnassignedSchema].map((schema) =>
        onExternal<TenancyDb, typeof schema>(schema, async ({ data }) => {
          await assignments.tell(fromRef(data.userRef));
          return ok();
        }),
      ),
    }),
  ];
}
