import { type Database, type Id, newId, type TenantId } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { SearchDb } from "../db.ts";
import type { Refused, SearchEngine } from "../engine/port.ts";

/** Documents a request to the engine carries. */
const BATCH = 200;

/**
 * Copies what has changed to an engine that keeps its own documents. What the engine refuses is noted and tried again
 * when it changes; when the engine doesn't answer, everything waits.
 *
 * @returns how many were copied
 */
export async function syncDocuments(
  db: Database<SearchDb>,
  copy: NonNullable<SearchEngine["copy"]>,
  signal: AbortSignal,
): Promise<number> {
  let copied = 0;
  while (!signal.aborted) {
    const rows = await db.withSystem("sync: changed", (tx) =>
      tx
        .selectFrom("document")
        .selectAll()
        .whereRef("synced_revision", "<", "revision")
        .orderBy("updated_on")
        .limit(BATCH)
        .execute(),
    );
    if (rows.length === 0) break;
    const refused = await copy(
      rows.map((row) => ({
        documentId: row.id,
        tenantId: row.tenant_id,
        collection: row.collection,
        sourceId: row.source_id,
        title: row.title,
        keywords: row.keywords,
        body: row.body,
        status: row.status,
        updatedOn: row.updated_on,
        internal: row.internal,
        gone: row.removed || !row.complete,
      })),
    );
    await noteSynced(db, rows, refused);
    copied += rows.length - refused.length;
  }
  return copied;
}

interface Copied {
  readonly id: Id;
  readonly tenant_id: TenantId;
  readonly revision: number;
}

async function noteSynced(
  db: Database<SearchDb>,
  rows: readonly Copied[],
  refused: readonly Refused[],
): Promise<void> {
  const why = new Map(refused.map(({ documentId, message }) => [documentId, message]));
  await db.withSystem("sync: note", async (tx) => {
    for (const { id, tenant_id, revision } of rows) {
      // A change that came meanwhile has a higher revision and stays to be copied.
      await tx.updateTable("document").set({ synced_revision: revision }).where("id", "=", id).execute();
      const message = why.get(id);
      if (message === undefined) {
        await tx.deleteFrom("sync_error").where("document_id", "=", id).execute();
        continue;
      }
      await tx
        .insertInto("sync_error")
        .values({ id: newId(), tenant_id, document_id: id, message })
        .onConflict((conflict) =>
          conflict
            .columns(["tenant_id", "document_id"])
            .doUpdateSet({ message, attempts: sql`sync_error.attempts + 1`, updated_on: sql`now()` }),
        )
        .execute();
    }
  });
}
