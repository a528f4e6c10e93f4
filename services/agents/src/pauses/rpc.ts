import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  asTenantId,
  type Ctx,
  type Database,
  emit,
  errors,
  fromRef,
  type Id,
  newId,
  onCommit,
  requestCtx,
  type ServedService,
  service,
  type Tx,
  toRef,
  tryFromRef,
} from "@leadmetrics/kit";
import { PausesService } from "@leadmetrics/proto/agents/v1/pauses";
import { AuditRecordedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import type { AgentsDb, PauseRow } from "../db.ts";
import { ROLES, roleNamed } from "../roles/index.ts";
import type { Signals } from "../signals.ts";

/** Super admins hold agents' work back, and let it go again. */
export function pausesService(db: Database<AgentsDb>, signals: Signals): ServedService {
  return service(PausesService, {
    async listPauses() {
      const rows = await db.global((tx) =>
        tx.selectFrom("agent_pause").selectAll().orderBy("created_on", "desc").execute(),
      );
      return { pauses: rows.map(view) };
    },

    async pauseRuns({ tenantRef, role, reason }, hc) {
      const ctx = requestCtx(hc);
      if (role && !roleNamed(role)) {
        throw errors.invalid(`There is no role "${role}".`, [
          {
            field: "role",
            description: `one of ${ROLES.map((each) => each.name).join(", ")}, or empty for all`,
          },
        ]);
      }
      const about_tenant = tenantRef ? fromRef(tenantRef) : null;
      return db.global(async (tx) => {
        const row = await tx
          .insertInto("agent_pause")
          .values({ id: newId(), about_tenant, role: role || null, reason, created_by: ctx.actor.id })
          .onConflict((conflict) => conflict.columns(["about_tenant", "role"]).doUpdateSet({ reason }))
          .returningAll()
          .executeTakeFirstOrThrow();
        await record(tx, ctx, row, "paused", reason);
        return { pause: view(row) };
      });
    },

    async resumeRuns({ pauseRef }, hc) {
      const ctx = requestCtx(hc);
      const id = tryFromRef(pauseRef);
      await db.global(async (tx) => {
        const row = id
          ? await tx.deleteFrom("agent_pause").where("id", "=", id).returningAll().executeTakeFirst()
          : undefined;
        if (!row) throw errors.notFound("pause");
        await record(tx, ctx, row, "resumed", "");
        onCommit(tx, signals.wake);
      });
      return {};
    },
  });
}

const view = (row: PauseRow) => ({
  ref: toRef(row.id as Id),
  tenantRef: row.about_tenant ? toRef(row.about_tenant as Id) : "",
  role: row.role ?? "",
  reason: row.reason,
  createdBy: row.created_by,
  createdOn: timestampFromDate(row.created_on),
});

/** In the tenant's audit trail when it is about one, else in the platform's. */
function record(tx: Tx<AgentsDb>, ctx: Ctx, row: PauseRow, what: "paused" | "resumed", reason: string) {
  return emit(
    tx,
    ctx,
    AuditRecordedSchema,
    {
      action: `agents.runs.${what}`,
      entityKind: "agent_pause",
      entityRef: toRef(row.id as Id),
      summary: `${row.role ?? "All agents"} ${what}${row.about_tenant ? "" : " for every tenant"}`,
      reason,
    },
    {
      aggregate: `agent_pause:${row.id}`,
      ...(row.about_tenant ? { tenantId: asTenantId(row.about_tenant as Id) } : {}),
    },
  );
}
