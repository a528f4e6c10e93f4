import {
  type Id,
  keyset,
  newId,
  type Page,
  pageResult,
  type TenantCtx,
  type TenantTx,
} from "@leadmetrics/kit";
import { type Insertable, sql } from "kysely";
import type { RagDb } from "../db.ts";
import type { FileRow } from "./view.ts";

type Tx = TenantTx<RagDb>;

export async function findFile(tx: Tx, id: Id): Promise<FileRow | undefined> {
  return tx.selectFrom("file").selectAll().where("id", "=", id).executeTakeFirst();
}

/** The file with the same content that wasn't refused. */
export async function findByContent(tx: Tx, contentHash: string): Promise<FileRow | undefined> {
  return tx
    .selectFrom("file")
    .selectAll()
    .where("content_hash", "=", contentHash)
    .where("status", "<>", "refused")
    .executeTakeFirst();
}

export async function listFiles(
  tx: Tx,
  page: Page,
): Promise<{ rows: FileRow[]; page: { nextPageToken: string } }> {
  return pageResult(await keyset(tx.selectFrom("file").selectAll(), page, tx).execute(), page);
}

/** The dataset files go to that name none; made with the first file. */
export async function ensureDefaultDataset(tx: Tx, ctx: TenantCtx): Promise<Id> {
  const row = {
    id: newId(),
    tenant_id: ctx.tenantId,
    name: "Knowledge",
    is_default: true,
    created_by: ctx.actor.id,
  };
  const made = await tx
    .insertInto("dataset")
    .values(row)
    .onConflict((conflict) => conflict.columns(["tenant_id"]).where(sql<boolean>`is_default`).doNothing())
    .returning("id")
    .executeTakeFirst();
  if (made) return made.id;
  return (
    await tx.selectFrom("dataset").select("id").where("is_default", "=", true).executeTakeFirstOrThrow()
  ).id;
}

/** Undefined when the tenant has the same content already. */
export async function insertFile(tx: Tx, row: Insertable<RagDb["file"]>): Promise<FileRow | undefined> {
  return tx
    .insertInto("file")
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(["tenant_id", "content_hash"]).where(sql<boolean>`status <> 'refused'`).doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
}

/** Its passages go with it. */
export async function deleteFile(tx: Tx, id: Id): Promise<FileRow | undefined> {
  return tx.deleteFrom("file").where("id", "=", id).returningAll().executeTakeFirst();
}

/** Notes that an object, and a file's vectors, have to go once `due` has come. */
export async function insertRemoval(tx: Tx, row: Insertable<RagDb["removal"]>): Promise<void> {
  await tx.insertInto("removal").values(row).execute();
}

export async function deleteRemoval(tx: Tx, id: Id): Promise<void> {
  await tx.deleteFrom("removal").where("id", "=", id).execute();
}
