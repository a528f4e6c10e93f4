import { type Ctx, errors, type Id, type TenantId } from "@leadmetrics/kit";
import type { Collection } from "../collections/define.ts";
import type { SearchEngine } from "../engine/port.ts";
import { relevance } from "../engine/relevance.ts";
import { snippet } from "../engine/snippet.ts";
import { termsOf } from "../engine/words.ts";

export interface Hit {
  readonly collection: string;
  readonly sourceId: Id;
  readonly tenantId: TenantId;
  readonly title: string;
  readonly snippet: string;
  readonly status: string;
  readonly score: number;
}

/** The engine brings more than is shown, because the ranking is done here. */
const MARGIN = 4;
const MIN_CANDIDATES = 50;

/** Finds in what the context may see, best first; among equals the latest. */
export async function search(
  engine: SearchEngine,
  collections: readonly Collection[],
  ctx: Ctx,
  request: { readonly query: string; readonly collections: readonly string[]; readonly limit: number },
): Promise<Hit[]> {
  const asked = chosen(collections, request.collections);
  const terms = termsOf(request.query);
  if (terms.length === 0) return [];
  const candidates = await engine.candidates(ctx, {
    terms,
    collections: asked,
    limit: Math.max(MIN_CANDIDATES, request.limit * MARGIN),
    internal: ctx.principal.kind !== "tenant",
  });
  const byName = new Map(asked.map((each) => [each.name, each]));
  const ranked = candidates.flatMap((document) => {
    const collection = byName.get(document.collection);
    if (!collection) return [];
    const { matched, score } = relevance(terms, document, collection.weights);
    return matched === 0 ? [] : [{ document, matched, score: score * collection.boost }];
  });
  const most = Math.max(0, ...ranked.map(({ matched }) => matched));
  return ranked
    .filter(({ matched }) => matched === most)
    .sort((a, b) => b.score - a.score || b.document.updatedOn.getTime() - a.document.updatedOn.getTime())
    .slice(0, request.limit)
    .map(({ document, score }) => ({
      collection: document.collection,
      sourceId: document.sourceId,
      tenantId: document.tenantId,
      title: document.title,
      snippet: snippet(document.body || document.keywords, terms),
      status: document.status,
      score: Math.min(1, score),
    }));
}

function chosen(collections: readonly Collection[], names: readonly string[]): readonly Collection[] {
  if (names.length === 0) return collections;
  return names.map((name, index) => {
    const found = collections.find((each) => each.name === name);
    if (found) return found;
    const known = collections.map((each) => each.name).join(", ");
    throw errors.invalid(`There is no collection "${name}". Known: ${known}.`, [
      { field: `collections[${index}]`, description: "is not a collection" },
    ]);
  });
}
