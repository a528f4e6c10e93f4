import type { Id, TenantId, Tx } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { SearchDb } from "../db.ts";
import type { Parts } from "../engine/relevance.ts";
import { wordsOf } from "../engine/words.ts";

/** As the table `posting` numbers them. */
export const FIELDS = { title: 1, keywords: 2, body: 3 } as const;

/** Replaces all words a document is found by. */
export async function writePostings(
  tx: Tx<SearchDb>,
  tenantId: TenantId,
  documentId: Id,
  parts: Parts,
): Promise<void> {
  await tx
    .deleteFrom("posting")
    .where("tenant_id", "=", tenantId)
    .where("document_id", "=", documentId)
    .execute();
  await insert(tx, tenantId, documentId, entriesOf(parts));
}

/** Replaces only what differs: most events change a document's state, few its text. */
export async function updatePostings(
  tx: Tx<SearchDb>,
  tenantId: TenantId,
  documentId: Id,
  { before, after }: { before: Parts; after: Parts },
): Promise<void> {
  const changed = ALL_PARTS.filter((part) => before[part] !== after[part]);
  if (changed.length === 0) return;
  const had = entriesOf(before, changed);
  const has = entriesOf(after, changed);
  const gone = minus(had, has);
  if (gone.length > 0)
    await sql`
      delete from posting p using ${rows(gone)} as w (field, word)
      where p.tenant_id = ${tenantId}::uuid and p.document_id = ${documentId}::uuid
        and p.field = w.field and p.word = w.word`.execute(tx);
  await insert(tx, tenantId, documentId, minus(has, had));
}

/** A word in one of a document's fields. */
interface Entry {
  readonly field: number;
  readonly word: string;
}

const ALL_PARTS = ["title", "keywords", "body"] as const;

/** Each word of each field once. */
function entriesOf(parts: Parts, which: readonly (keyof Parts)[] = ALL_PARTS): Entry[] {
  return which.flatMap((part) =>
    [...new Set(wordsOf(parts[part]))].map((word) => ({ field: FIELDS[part], word })),
  );
}

function minus(all: readonly Entry[], without: readonly Entry[]): Entry[] {
  const key = ({ field, word }: Entry) => `${field} ${word}`;
  const keys = new Set(without.map(key));
  return all.filter((entry) => !keys.has(key(entry)));
}

const rows = (entries: readonly Entry[]) =>
  sql`unnest(${entries.map(({ field }) => field)}::smallint[], ${entries.map(({ word }) => word)}::text[])`;

async function insert(tx: Tx<SearchDb>, tenantId: TenantId, documentId: Id, entries: readonly Entry[]) {
  if (entries.length === 0) return;
  await sql`
    insert into posting (tenant_id, field, word, document_id)
    select ${tenantId}::uuid, field, word, ${documentId}::uuid from ${rows(entries)} as p (field, word)`.execute(
    tx,
  );
}
