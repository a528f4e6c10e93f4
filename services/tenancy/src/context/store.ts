import { create, fromJson, type JsonValue, type MessageShape, toJson } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { emit, errors, newId, type TenantCtx, type TenantTx } from "@leadmetrics/kit";
import { ContextUpdatedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { ClientContextSchema, ContextVersionSchema } from "@leadmetrics/proto/tenancy/v1/context";
import { StampSchema } from "@leadmetrics/proto/type/v1/type";
import type { Selectable } from "kysely";
import type { TenancyDb } from "../db.ts";
import { actorText, actorView } from "../views.ts";

type Tx = TenantTx<TenancyDb>;
type ContextRow = Selectable<TenancyDb["client_context_version"]>;
type Context = MessageShape<typeof ClientContextSchema>;

/** The version in force, or the one asked for. */
export function findContext(tx: Tx, version = 0): Promise<ContextRow | undefined> {
  const versions = tx.selectFrom("client_context_version").selectAll().orderBy("version", "desc").limit(1);
  return (version > 0 ? versions.where("version", "=", version) : versions).executeTakeFirst();
}

/**
 * Stores a new version.
 *
 * @param basedOn the version the change was made on; 0 for the first
 * @throws ABORTED when another one is in force
 */
export async function storeContext(
  tx: Tx,
  ctx: TenantCtx,
  context: Context,
  basedOn: number,
): Promise<ContextRow> {
  // The tenant's row makes writers take turns.
  const tenant = await tx
    .selectFrom("tenant")
    .select("id")
    .where("id", "=", ctx.tenantId)
    .forUpdate()
    .executeTakeFirst();
  if (!tenant) throw errors.notFound("tenant");
  const present = (await findContext(tx))?.version ?? 0;
  if (present !== basedOn) throw errors.stale(undefined, undefined, { version: String(present) });
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
  return row;
}

/** What a version says; an empty context for none. */
export function contextOf(row: ContextRow | undefined): Context {
  if (!row) return create(ClientContextSchema);
  return fromJson(ClientContextSchema, row.context as JsonValue, { ignoreUnknownFields: true });
}

export function contextView(row: ContextRow) {
  return create(ContextVersionSchema, {
    version: row.version,
    context: contextOf(row),
    stamp: create(StampSchema, {
      createdBy: actorView(row.created_by),
      createdOn: timestampFromDate(row.created_on),
      updatedBy: actorView(row.created_by),
      updatedOn: timestampFromDate(row.created_on),
      version: row.version,
    }),
  });
}
