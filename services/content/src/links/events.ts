import { type ConsumerDefinition, consumer, fromRef, ok, on } from "@leadmetrics/kit";
import { TenantRole } from "@leadmetrics/proto/options/v1/access";
import { MemberChangedSchema, MemberRemovedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import type { ContentDb } from "../db.ts";
import { endLinks } from "./store.ts";

/** Who has left, or may only look from now on, decides by no link either. */
export function membersConsumer(): ConsumerDefinition<ContentDb> {
  return consumer<ContentDb>({
    durable: "content-members",
    on: [
      on(MemberRemovedSchema, async ({ data }, { tx }) => {
        await endLinks(tx, { userId: fromRef(data.userRef) }, new Date());
        return ok();
      }),
      on(MemberChangedSchema, async ({ data }, { tx }) => {
        if (data.role < TenantRole.MEMBER) await endLinks(tx, { userId: fromRef(data.userRef) }, new Date());
        return ok();
      }),
    ],
  });
}
