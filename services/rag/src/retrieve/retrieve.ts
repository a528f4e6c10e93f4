import type { Database, TenantCtx } from "@leadmetrics/kit";
import type { RagDb } from "../db.ts";
import type { EmbeddingChoice } from "../embeddings/choice.ts";
import type { VectorStore } from "../vectors/port.ts";
import { anyWord, fuse, type Scored } from "./rules.ts";
import { findByWords, loadSources, type Source } from "./store.ts";

export interface RetrieveDeps {
  readonly db: Database<RagDb>;
  readonly vectors: VectorStore;
  readonly embeddings: EmbeddingChoice;
}

export interface Found extends Source {
  readonly score: number;
}

/** Each way of finding brings this many times what is asked for: some are found by both, some are gone. */
const MARGIN = 4;

/** The passages of the tenant's knowledge nearest to a question, best first. */
export async function retrieve(
  deps: RetrieveDeps,
  ctx: TenantCtx,
  question: string,
  limit: number,
): Promise<Found[]> {
  const wanted = limit * MARGIN;
  const byMeaning = await findByMeaning(deps, ctx, question, wanted);
  const words = anyWord(question);
  return deps.db.withTenant(
    ctx,
    async (tx) => {
      const byWords = words === undefined ? [] : await findByWords(tx, words, wanted);
      const candidates = fuse(byMeaning, byWords, 2 * wanted);
      const sources = await loadSources(
        tx,
        candidates.map(({ chunkId }) => chunkId),
      );
      return candidates
        .flatMap(({ chunkId, score }) => {
          const source = sources.get(chunkId);
          return source ? [{ ...source, score }] : [];
        })
        .slice(0, limit);
    },
    { readOnly: true },
  );
}

/** Nothing rather than a failure when the embedding or the vectors are away: words still find. */
async function findByMeaning(
  { db, vectors, embeddings }: RetrieveDeps,
  ctx: TenantCtx,
  question: string,
  limit: number,
): Promise<Scored[]> {
  const model = await db.withTenant(ctx, (tx) => embeddings.forTenant(tx, ctx.tenantId), { readOnly: true });
  try {
    const [vector] = await model.embed([question], ctx.signal);
    return vector ? await vectors.forTenant(ctx.tenantId).search(model, vector, limit) : [];
  } catch (error) {
    if (ctx.signal.aborted) throw error;
    ctx.log.warn({ err: error }, "vectors could not be searched; knowledge is found by words alone");
    return [];
  }
}
