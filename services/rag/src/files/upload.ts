import { createHash } from "node:crypto";
import { AppError, type Database, emit, errors, newId, type TenantCtx, toRef } from "@leadmetrics/kit";
import { FileUploadedSchema } from "@leadmetrics/proto/rag/events/v1/events";
import type { UploadFileRequest } from "@leadmetrics/proto/rag/v1/files";
import type { RagDb } from "../db.ts";
import type { ObjectStore } from "../objects/port.ts";
import { type FileKind, KINDS } from "../parse/document.ts";
import { LIMITS } from "../parse/limits.ts";
import { Refusal } from "../parse/refusal.ts";
import { sniffKind } from "../parse/sniff.ts";
import { objectKey, refuseTooLarge, tidyName } from "./rules.ts";
import { deleteRemoval, ensureDefaultDataset, findByContent, insertFile, insertRemoval } from "./store.ts";
import { type FileRow, fileAggregate, fileView } from "./view.ts";

/** An object whose row didn't follow within this time is removed again, milliseconds. */
const ORPHAN_AFTER_MS = 60 * 60_000;
/** Read (and thrown away) beyond the limit so that the sender, who is still sending, gets the answer. */
const DRAIN_BYTES = 2 * LIMITS.fileBytes;

export interface UploadDeps {
  readonly db: Database<RagDb>;
  readonly objects: ObjectStore;
}

/**
 * Takes one file: object first, then row and event in one transaction. Content the tenant has already is that file.
 *
 * @throws INVALID_ARGUMENT with the refusal's reason
 */
export async function uploadFile(
  deps: UploadDeps,
  ctx: TenantCtx,
  parts: AsyncIterable<UploadFileRequest>,
): Promise<FileRow> {
  try {
    const { name, bytes } = await receive(parts);
    const kind = await sniffKind(name, bytes);
    return await keepFile(deps, ctx, { name, bytes, kind });
  } catch (error) {
    if (error instanceof Refusal)
      throw new AppError("invalid", error.reason, error.message, { cause: error });
    throw error;
  }
}

async function receive(
  parts: AsyncIterable<UploadFileRequest>,
): Promise<{ name: string; bytes: Uint8Array }> {
  let name: string | undefined;
  let size = 0;
  const pieces: Uint8Array[] = [];
  for await (const { part } of parts) {
    if (part.case === "header") {
      if (name !== undefined)
        throw errors.invalid("Send the header once, before the data.", [
          { field: "header", description: "was sent twice" },
        ]);
      name = tidyName(part.value.name);
    } else if (part.case === "data") {
      if (name === undefined)
        throw errors.invalid("Send the header before the data.", [
          { field: "header", description: "is missing" },
        ]);
      size += part.value.length;
      if (size <= LIMITS.fileBytes) pieces.push(part.value);
      else pieces.length = 0;
      if (size > DRAIN_BYTES) break;
    }
  }
  if (name === undefined)
    throw errors.invalid("The upload has no header.", [{ field: "header", description: "is missing" }]);
  refuseTooLarge(name, size);
  return { name, bytes: new Uint8Array(Buffer.concat(pieces)) };
}

export interface NewFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly kind: FileKind;
  /** The page of the website it is; left out for an upload. */
  readonly sourceUrl?: string;
}

/** Makes content a file that waits to be processed; content the tenant has already is that file. */
export async function keepFile(
  { db, objects }: UploadDeps,
  ctx: TenantCtx,
  { name, bytes, kind, sourceUrl = "" }: NewFile,
): Promise<FileRow> {
  const contentHash = createHash("sha256").update(bytes).digest("hex");
  const id = newId();
  const removalId = newId();
  const { extension, mediaType } = KINDS[kind];
  const before = await db.withTenant(ctx, async (tx) => {
    const known = await findByContent(tx, contentHash);
    if (known) return known;
    const datasetId = await ensureDefaultDataset(tx, ctx);
    const key = objectKey(toRef(ctx.tenantId), toRef(datasetId), toRef(id), extension);
    const due = new Date(Date.now() + ORPHAN_AFTER_MS);
    await insertRemoval(tx, {
      id: removalId,
      tenant_id: ctx.tenantId,
      file_id: id,
      object_key: key,
      due_on: due,
    });
    return { datasetId, key };
  });
  if (!("key" in before)) return before;

  await objects.put(before.key, bytes, mediaType);
  return db.withTenant(ctx, async (tx) => {
    const row = await insertFile(tx, {
      id,
      tenant_id: ctx.tenantId,
      dataset_id: before.datasetId,
      name,
      kind,
      media_type: mediaType,
      size_bytes: bytes.length,
      content_hash: contentHash,
      object_key: before.key,
      source_url: sourceUrl,
      next_attempt_on: new Date(),
      created_by: ctx.actor.id,
    });
    if (!row) {
      // The same content arrived twice at once; this object goes the way of an orphan's.
      const other = await findByContent(tx, contentHash);
      if (!other) throw errors.stale();
      return other;
    }
    await deleteRemoval(tx, removalId);
    await emit(tx, ctx, FileUploadedSchema, { file: fileView(row) }, { aggregate: fileAggregate(row) });
    return row;
  });
}
