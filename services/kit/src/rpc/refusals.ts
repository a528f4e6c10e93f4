import { AuditRecordedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import type { Database } from "../db/database.ts";
import { toRef } from "../ids.ts";
import { emit } from "../outbox/emit.ts";
import type { CallDeps } from "./interceptors/call.ts";

/** Puts every call that a super admin tried in a client's place into that company's audit trail. */
export function recordRefusals<DB>(db: Database<DB>): NonNullable<CallDeps["refused"]> {
  return async (ctx, method) => {
    const { principal } = ctx;
    if (principal.kind !== "tenant" || !principal.impersonator) return;
    const { name, reason } = principal.impersonator;
    const call = `${method.parent.name}.${method.name}`;
    await db.withTenant(ctx, (tx) =>
      emit(
        tx,
        ctx,
        AuditRecordedSchema,
        {
          action: `${db.service}.call.refused`,
          entityKind: "user",
          entityRef: toRef(principal.userId),
          summary: `${call} was refused to ${name} (Leadmetrics), who may only look`,
          reason,
        },
        { aggregate: principal.sessionId },
      ),
    );
  };
}
