import { create, fromJson, type JsonValue, toJson } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  type Database,
  emit,
  errors,
  keyset,
  newId,
  pageOf,
  pageResult,
  type ServedService,
  service,
  tenantCtx,
} from "@leadmetrics/kit";
import { ContextUpdatedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import {
  ClientContextSchema,
  ContextService,
  ContextVersionSchema,
} from "@leadmetrics/proto/tenancy/v1/context";
import { StampSchema } from "@leadmetrics/proto/type/v1/type";
import type { Selectable } from "kysely";
import type { TenancyDb } from "../db.ts";
import { actorText, actorView } from "../views.ts";

export function contextService(db: Database<TenancyDb>): ServedService {
  return service(ContextService, {
    async getContext(request, hc) {
      const row = await db.withTenant(
        tenantCtx(hc),
        (tx) => {
          const versions = tx
            .selectFrom("client_context_version")
            .selectAll()
            .orderBy("version", "desc")
            .limit(1);
          return (
            request.version > 0 ? versions.where("version", "=", request.version) : versions
          ).executeTakeFirst();
        },
        { readOnly: true },
      );
      if (!row && request.version > 0) throw errors.notFound("version of the client context");
      return { context: row ? view(row) : create(ContextVersionSchema, { version: 0, context: {} }) };
    },

    async updateContext(request, hc) {
      const ctx = tenantCtx(hc);
      const { context } = request;
      if (!context) throw errors.invalid("context: is missing.");
      return db.withTenant(ctx, async (tx) => {
        // The tenant's row makes writers take turns.
        const tenant = await tx
          .selectFrom("tenant")
          .select("id")
          .where("id", "=", ctx.tenantId)
          .forUpdate()
          .executeTakeFirst();
        if (!tenant) throw errors.notFound("tenant");
        const newest = await tx
          .selectFrom("client_context_version")
          .select("version")
          .orderBy("version", "desc")
          .limit(1)
          .executeTakeFirst();
        const present = newest?.version ?? 0;
        if (present !== request.version)
          throw errors.stale(undefined, undefined, { version: String(present) });
        const row = await tx
          .insertInto("client_context_version")
          .values({
            id: newId(),
            tenant_id: ctx.tenantId,
            version: present + 1,
            context: JSON.stringify(toJson(ClientContextSchema, context)),
            created_by: actorText(ctx.actor),
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        await emit(tx, ctx, ContextUpdatedSchema, { version: row.version }, { aggregate: ctx.tenantId });
        return { context: view(row) };
      });
    },

    async listContextVersions(request, hc) {
      const page = pageOf(request.page);
      const rows = await db.withTenant(
        tenantCtx(hc),
        (tx) => keyset(tx.selectFrom("client_context_version").selectAll(), page, tx).execute(),
        { readOnly: true },
      );
      const result = pageResult(rows, page);
      return { versions: result.rows.map(view), page: result.page };
    },
  });
}

function view(row: Selectable<TenancyDb["client_context_version"]>) {
  return create(ContextVersionSchema, {
    version: row.version,
    context: fromJson(ClientContextSchema, row.context as JsonValue, { ignoreUnknownFields: true }),
    stamp: create(StampSchema, {
      createdBy: actorView(row.created_by),
      createdOn: timestampFromDate(row.created_on),
      updatedBy: actorView(row.created_by),
      updatedOn: timestampFromDate(row.created_on),
      version: row.version,
    }),
  });
}
