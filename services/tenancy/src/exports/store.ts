import { errors, newId, type TenantCtx, type TenantTx, type Tx } from "@leadmetrics/kit";
import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { ExportRow, TenancyDb } from "../db.ts";
import { EXPIRE_PIECES } from "../tunables.ts";

export type Export = Selectable<ExportRow>;
type TxOf = TenantTx<TenancyDb>;

export function lastExport(tx: TxOf): Promise<Export | undefined> {
  return tx.selectFrom("tenant_export").selectAll().orderBy("id", "desc").limit(1).executeTakeFirst();
}

/** A new export; while one is being made, that one. */
export async function startExport(tx: TxOf, ctx: TenantCtx, requestedBy: string): Promise<Export> {
  const tenant = await tx.selectFrom("tenant").select("id").where("id", "=", ctx.tenantId).executeTakeFirst();
  if (!tenant) throw errors.notFound("tenant");
  return (
    tx
      .insertInto("tenant_export")
      .values({
        id: newId(),
        tenant_id: ctx.tenantId,
        requested_by: requestedBy,
        finished_on: null,
        expires_on: null,
      })
      // The one that is being made is answered, in the same statement: by another one it may be finished already.
      .onConflict((oc) =>
        oc
          .column("tenant_id")
          // Written out: a prepared plan can't match a parameter to the index's own condition.
          .where(sql<boolean>`status = 'working'`)
          .doUpdateSet((eb) => ({ requested_by: eb.ref("tenant_export.requested_by") })),
      )
      .returningAll()
      .executeTakeFirstOrThrow()
  );
}

/** Exports that are to be made, the older first. */
export function workingExports(tx: Tx<TenancyDb>, limit: number): Promise<Export[]> {
  return tx
    .selectFrom("tenant_export")
    .selectAll()
    .where("status", "=", "working")
    .orderBy("requested_on")
    .limit(limit)
    .execute();
}

export function oldExports(tx: Tx<TenancyDb>, now: Date, limit: number): Promise<Export[]> {
  return tx
    .selectFrom("tenant_export")
    .selectAll()
    .where("status", "=", "ready")
    .where("expires_on", "<=", now)
    .limit(limit)
    .execute();
}

/** Throws away some of an export's bytes. @returns how many pieces there were */
export async function dropPieces(tx: TxOf, exportId: string): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom("tenant_export_piece")
    .where("export_id", "=", exportId)
    .where("ordinal", "in", (eb) =>
      eb
        .selectFrom("tenant_export_piece")
        .select("ordinal")
        .where("export_id", "=", exportId)
        .limit(EXPIRE_PIECES),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Changes an export that is still as it was seen. */
export async function changeExport(
  tx: TxOf,
  { id, status }: Pick<Export, "id" | "status">,
  change: Partial<Omit<Export, "id" | "tenant_id">>,
): Promise<Export | undefined> {
  return tx
    .updateTable("tenant_export")
    .set(change)
    .where("id", "=", id)
    .where("status", "=", status)
    .returningAll()
    .executeTakeFirst();
}
