import {
  type Database,
  emit,
  errors,
  type Id,
  newId,
  systemCtx,
  type TenantCtx,
  type TenantId,
  toRef,
} from "@leadmetrics/kit";
import { FileDeletedSchema } from "@leadmetrics/proto/rag/events/v1/events";
import type { RagDb } from "../db.ts";
import type { ObjectStore } from "../objects/port.ts";
import type { VectorStore } from "../vectors/port.ts";
import { deleteFile, deleteRemoval, insertRemoval } from "./store.ts";
import { fileAggregate } from "./view.ts";

export interface RemovalDeps {
  readonly db: Database<RagDb>;
  readonly objects: ObjectStore;
  readonly vectors: VectorStore;
}

/** A worker that was in the middle of the file may write once more until it notices, milliseconds. */
const LATE_WRITE_MS = 60_000;
const SWEEP_ROWS = 50;

/**
 * Deletes a file everywhere. From the commit on nobody finds it any more; object and vectors go right after, and once
 * more later, in case something didn't answer or a worker was just writing.
 *
 * @throws NOT_FOUND
 */
export async function removeFile(deps: RemovalDeps, ctx: TenantCtx, fileId: Id): Promise<void> {
  const row = await deps.db.withTenant(ctx, async (tx) => {
    const deleted = await deleteFile(tx, fileId);
    if (!deleted) throw errors.notFound("file");
    const due = new Date(Math.max(Date.now(), deleted.lease_until?.getTime() ?? 0) + LATE_WRITE_MS);
    await insertRemoval(tx, {
      id: newId(),
      tenant_id: ctx.tenantId,
      file_id: fileId,
      object_key: deleted.object_key,
      due_on: due,
    });
    await emit(tx, ctx, FileDeletedSchema, { fileRef: toRef(fileId) }, { aggregate: fileAggregate(deleted) });
    return deleted;
  });
  await clear(deps, ctx.tenantId, fileId, row.object_key).catch((error: unknown) => {
    ctx.log.warn(
      { err: error, file: fileId },
      "a deleted file's object or vectors are still there; the sweep removes them",
    );
  });
}

/** Carries out the removals that are due. */
export async function sweepRemovals(deps: RemovalDeps, signal: AbortSignal): Promise<void> {
  const due = await deps.db.withSystem("removal: due", (tx) =>
    tx
      .selectFrom("removal")
      .selectAll()
      .where("due_on", "<=", new Date())
      .orderBy("due_on")
      .limit(SWEEP_ROWS)
      .execute(),
  );
  for (const row of due) {
    if (signal.aborted) return;
    await clear(deps, row.tenant_id, row.file_id, row.object_key);
    await deps.db.withTenant(systemCtx("rag.removal", { tenantId: row.tenant_id }), (tx) =>
      deleteRemoval(tx, row.id),
    );
  }
}

async function clear(
  { objects, vectors }: RemovalDeps,
  tenantId: TenantId,
  fileId: Id,
  key: string,
): Promise<void> {
  await vectors.forTenant(tenantId).removeFile(fileId);
  await objects.remove(key);
}
