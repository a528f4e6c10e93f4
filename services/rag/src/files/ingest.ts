import { AppError, type Database, failpoint, newId, systemCtx, type TenantCtx } from "@leadmetrics/kit";
import { chunk, type Passage } from "../chunk/chunk.ts";
import type { RagDb } from "../db.ts";
import type { EmbeddingChoice } from "../embeddings/choice.ts";
import type { Embeddings } from "../embeddings/port.ts";
import { type Claim, ClaimLost } from "../lease.ts";
import type { ObjectStore } from "../objects/port.ts";
import { parseApart } from "../parse/apart.ts";
import type { ParsedDocument } from "../parse/document.ts";
import { Refusal } from "../parse/refusal.ts";
import type { VectorStore } from "../vectors/port.ts";
import { advance, finishIndexed, finishRefused, postpone } from "./lease.ts";
import { afterFailure, PROCESSING } from "./rules.ts";
import { findFile } from "./store.ts";
import type { FileRow } from "./view.ts";

export interface IngestDeps {
  readonly db: Database<RagDb>;
  readonly objects: ObjectStore;
  readonly vectors: VectorStore;
  readonly embeddings: EmbeddingChoice;
}

/** Rows an insert may carry. */
const INSERT_ROWS = 500;

/**
 * Takes a claimed file as far as it gets: parsed, cut, embedded, indexed; or refused; or back to be tried later. Every
 * stage stores what it did, so the next worker goes on where a killed one stopped. Never throws.
 */
export async function ingest(deps: IngestDeps, claim: Claim, signal: AbortSignal): Promise<void> {
  const ctx: TenantCtx = { ...systemCtx("rag.ingest", { tenantId: claim.tenantId }), signal };
  try {
    await attempt(deps, ctx, claim);
  } catch (error) {
    await settle(deps, ctx, claim, error).catch((failure: unknown) => {
      // The lease ends by itself, then another attempt is made.
      if (!(failure instanceof ClaimLost))
        ctx.log.warn({ err: failure, file: claim.id }, "a file's failure could not be stored");
    });
  }
}

async function attempt(deps: IngestDeps, ctx: TenantCtx, claim: Claim): Promise<void> {
  if (claim.attempts > PROCESSING.maxAttempts)
    throw new Refusal(
      "file_failed",
      "The file could not be processed. Export it again, or ask us to look at it.",
    );
  const { db } = deps;
  const row = await db.withTenant(ctx, (tx) => findFile(tx, claim.id));
  if (!row) throw new ClaimLost("the file was deleted");
  const cutAlready = row.status === "embedding" && row.chunk_count > 0;
  if (!cutAlready) await parseAndCut(deps, ctx, claim, row);
  const label = await embedAll(deps, ctx, claim);
  failpoint("rag.ingest.embedded");
  await db.withTenant(ctx, (tx) => finishIndexed(tx, ctx, claim, label));
}

async function parseAndCut(
  { db, objects, vectors }: IngestDeps,
  ctx: TenantCtx,
  claim: Claim,
  row: FileRow,
): Promise<void> {
  await db.withTenant(ctx, (tx) => advance(tx, ctx, claim, "parsing"));
  const bytes = await objects.get(row.object_key);
  if (!bytes) throw new Error(`the object ${row.object_key} is gone`);
  const document = await parseApart(row.kind, bytes, { signal: ctx.signal });
  failpoint("rag.ingest.parsed");
  await db.withTenant(ctx, (tx) => advance(tx, ctx, claim, "chunking"));
  const passages = chunk(document);
  if (passages.length === 0) throw new Refusal("file_without_text", "The file has no text in it.");
  // Passages of an earlier attempt get new ids; their vectors must not stay behind.
  await vectors.forTenant(ctx.tenantId).removeFile(claim.id);
  await storePassages(db, ctx, claim, document, passages);
}

async function storePassages(
  db: Database<RagDb>,
  ctx: TenantCtx,
  claim: Claim,
  document: ParsedDocument,
  passages: readonly Passage[],
): Promise<void> {
  await db.withTenant(ctx, async (tx) => {
    await tx.deleteFrom("chunk").where("file_id", "=", claim.id).execute();
    for (let start = 0; start < passages.length; start += INSERT_ROWS) {
      const rows = passages.slice(start, start + INSERT_ROWS).map(({ ordinal, text, locator }) => ({
        id: newId(),
        tenant_id: ctx.tenantId,
        file_id: claim.id,
        ordinal,
        locator,
        text,
      }));
      await tx.insertInto("chunk").values(rows).execute();
    }
    await advance(tx, ctx, claim, "embedding", 0, {
      chunk_count: passages.length,
      title: document.title?.slice(0, 300) ?? "",
    });
  });
}

/** @returns the label of the embedding */
async function embedAll(
  { db, vectors, embeddings }: IngestDeps,
  ctx: TenantCtx,
  claim: Claim,
): Promise<string> {
  const model = await db.withTenant(ctx, (tx) => embeddings.forTenant(tx, ctx.tenantId));
  const own = vectors.forTenant(ctx.tenantId);
  await forgetOtherSpaces(db, own, ctx, claim, model);
  for (;;) {
    ctx.signal.throwIfAborted();
    const batch = await db.withTenant(ctx, (tx) =>
      tx
        .selectFrom("chunk")
        .innerJoin("file", "file.id", "chunk.file_id")
        .select(["chunk.id", "chunk.text", "chunk.locator", "file.name", "file.title"])
        .where("chunk.file_id", "=", claim.id)
        .where("chunk.embedding", "<>", model.label)
        .orderBy("chunk.ordinal")
        .limit(model.batchSize)
        .execute(),
    );
    if (batch.length === 0) return model.label;
    // Title and place belong to what a passage is about, though they don't stand in it.
    const found = await model.embed(
      batch.map((row) => [row.title || row.name, row.locator, row.text].filter(Boolean).join("\n")),
      ctx.signal,
    );
    const points = batch.flatMap(({ id }, index) => {
      const vector = found[index];
      return vector ? [{ chunkId: id, fileId: claim.id, vector }] : [];
    });
    await own.upsert(model, points);
    failpoint("rag.ingest.upserted");
    const ids = batch.map(({ id }) => id);
    await db.withTenant(ctx, async (tx) => {
      await tx.updateTable("chunk").set({ embedding: model.label }).where("id", "in", ids).execute();
      const { total, done } = await tx
        .selectFrom("chunk")
        .select(({ fn }) => [
          fn.countAll<number>().as("total"),
          fn.countAll<number>().filterWhere("embedding", "=", model.label).as("done"),
        ])
        .where("file_id", "=", claim.id)
        .executeTakeFirstOrThrow();
      await advance(tx, ctx, claim, "embedding", total === 0 ? 0 : done / total);
    });
  }
}

/** After a change of the embedding the old vectors are of no use to anybody. */
async function forgetOtherSpaces(
  db: Database<RagDb>,
  own: ReturnType<VectorStore["forTenant"]>,
  ctx: TenantCtx,
  claim: Claim,
  model: Embeddings,
): Promise<void> {
  const other = await db.withTenant(ctx, (tx) =>
    tx
      .selectFrom("chunk")
      .select("id")
      .where("file_id", "=", claim.id)
      .where("embedding", "not in", ["", model.label])
      .limit(1)
      .executeTakeFirst(),
  );
  if (other) await own.removeFile(claim.id);
}

async function settle(
  { db, vectors }: IngestDeps,
  ctx: TenantCtx,
  claim: Claim,
  error: unknown,
): Promise<void> {
  if (error instanceof ClaimLost) return;
  if (ctx.signal.aborted) {
    // A shutdown, or the lease was lost (then the write below finds nothing to give back).
    await db.withTenant(ctx, (tx) => postpone(tx, ctx, claim, { pauseMs: 0, counts: false }));
    return;
  }
  const refusal = error instanceof Refusal ? error : undefined;
  const outside = error instanceof AppError && error.kind === "unavailable";
  const next = refusal ? undefined : afterFailure(claim.attempts, outside, Math.random());
  ctx.log[refusal ? "info" : "warn"](
    { err: error, file: claim.id, attempts: claim.attempts },
    "a file could not be processed",
  );
  if (next?.kind === "again") {
    await db.withTenant(ctx, (tx) => postpone(tx, ctx, claim, next));
    return;
  }
  const problem =
    refusal ??
    new Refusal("file_failed", "The file could not be processed. Export it again, or ask us to look at it.");
  await db.withTenant(ctx, (tx) => finishRefused(tx, ctx, claim, problem));
  await vectors.forTenant(ctx.tenantId).removeFile(claim.id);
}
