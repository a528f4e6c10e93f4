import type { Ctx, Database, Id, TenantId, Tx } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { CollectionName } from "../collections/define.ts";
import type { SearchDb } from "../db.ts";
import { FIELDS } from "../documents/postings.ts";
import type { EngineQuery, Found, SearchEngine } from "./port.ts";
import { isEverywhere, SEARCH_EVERYWHERE } from "./scope.ts";
import { forgiven, matchOf } from "./words.ts";

/** Sorts after every word that begins with what it is put behind. */
const LAST = "\u{10ffff}";
/** A misspelt word is compared with this many known words at most. */
const MAX_KNOWN = 20_000;

/** Finds in the service's own tables; row-level security keeps the tenants apart. */
export function postgresEngine(db: Database<SearchDb>): SearchEngine {
  return {
    name: "Postgres, its own words",
    async candidates(ctx, query) {
      return scoped(db, ctx, async (tx) => {
        const lookups = query.terms.flatMap(asTyped);
        const found = await find(tx, query, lookups);
        if (found.matched === query.terms.length) return found.documents;
        // Looking for words that are meant is what a mistyped query costs, not an ordinary one.
        const meant = await misspelt(tx, query.terms);
        return meant.length === 0
          ? found.documents
          : (await find(tx, query, [...lookups, ...meant])).documents;
      });
    },
  };
}

function scoped<T>(db: Database<SearchDb>, ctx: Ctx, work: (tx: Tx<SearchDb>) => Promise<T>): Promise<T> {
  return isEverywhere(ctx)
    ? db.withPlatform(ctx, SEARCH_EVERYWHERE, work)
    : db.withTenant(ctx, work, { readOnly: true });
}

/** A range of words in one field that stands for one term. */
interface Lookup {
  readonly term: number;
  readonly field: number;
  readonly low: string;
  /** Exclusive. */
  readonly high: string;
  /** How well it stands for the term, 0 to 1. */
  readonly closeness: number;
}

function asTyped(term: string, index: number): Lookup[] {
  return Object.values(FIELDS).map((field) => ({
    term: index,
    field,
    low: term,
    high: `${term}${LAST}`,
    closeness: 1,
  }));
}

/** The words of titles and keywords that a term may have been meant to be. */
async function misspelt(tx: Tx<SearchDb>, terms: readonly string[]): Promise<Lookup[]> {
  const lookups: Lookup[] = [];
  for (const [index, term] of terms.entries()) {
    const first = [...term][0] ?? "";
    if (forgiven(term) === 0) continue;
    // `matchOf` forgives no mistake in the first letter.
    const known = await tx
      .selectFrom("posting")
      .select(["field", "word"])
      .distinct()
      .where("field", "in", [FIELDS.title, FIELDS.keywords])
      .where("word", ">=", first)
      .where("word", "<", `${first}${LAST}`)
      .limit(MAX_KNOWN)
      .execute();
    for (const { field, word } of known) {
      if (matchOf(term, word) !== "similar") continue;
      lookups.push({ term: index, field, low: word, high: `${word}\u0001`, closeness: 0.75 });
    }
  }
  return lookups;
}

interface Row {
  tenant_id: TenantId;
  collection: CollectionName;
  source_id: Id;
  title: string;
  keywords: string;
  body: string;
  status: string;
  updated_on: Date;
  matched: number;
}

async function find(
  tx: Tx<SearchDb>,
  { collections, internal, limit }: EngineQuery,
  lookups: readonly Lookup[],
): Promise<{ documents: Found[]; matched: number }> {
  const { rows } = await sql<Row>`
    with asked as (
      select * from unnest(
        ${collections.map(({ name }) => name)}::text[],
        ${collections.map(({ weights, boost }) => weights.title * boost)}::float8[],
        ${collections.map(({ weights, boost }) => weights.keywords * boost)}::float8[],
        ${collections.map(({ weights, boost }) => weights.body * boost)}::float8[]) as asked (name, title, keywords, body)),
    lookup as (
      select * from unnest(
        ${lookups.map(({ term }) => term)}::int[],
        ${lookups.map(({ field }) => field)}::smallint[],
        ${lookups.map(({ low }) => low)}::text[],
        ${lookups.map(({ high }) => high)}::text[],
        ${lookups.map(({ closeness }) => closeness)}::float8[]) as lookup (term, field, low, high, closeness)),
    hit as (
      select lookup.term, lookup.field, posting.document_id, max(lookup.closeness) as closeness
      from lookup join posting on posting.field = lookup.field and posting.word >= lookup.low and posting.word < lookup.high
      group by 1, 2, 3),
    best as (
      select d.id, d.updated_on, hit.term,
        max(hit.closeness * case hit.field
          when ${FIELDS.title} then asked.title when ${FIELDS.keywords} then asked.keywords else asked.body end) as score
      from hit
      join document d on d.id = hit.document_id
      join asked on asked.name = d.collection
      where not d.removed and d.complete and (${internal} or not d.internal)
      group by 1, 2, 3),
    scored as (select id, updated_on, count(*) as matched, sum(score) as score from best group by 1, 2),
    chosen as (
      select * from scored where matched = (select max(matched) from scored) order by score desc, updated_on desc limit ${limit})
    select d.tenant_id, d.collection, d.source_id, d.title, d.keywords, d.body, d.status, d.updated_on, chosen.matched
    from chosen join document d using (id) order by chosen.score desc, d.updated_on desc`.execute(tx);
  const documents = rows.map((row) => ({
    tenantId: row.tenant_id,
    collection: row.collection,
    sourceId: row.source_id,
    title: row.title,
    keywords: row.keywords,
    body: row.body,
    status: row.status,
    updatedOn: row.updated_on,
  }));
  return { documents, matched: rows[0]?.matched ?? 0 };
}
