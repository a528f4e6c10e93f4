import type { Id, TenantId, Tx } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { SearchDb } from "../db.ts";
import type { Parts } from "../engine/relevance.ts";
import { wordsOf } from "../engine/words.ts";

/** As the table `posting` numbers them. */
export const FIELDS = { title: 1, keywords: 2, body: 3 } as const;

/** Replaces the words a document is found by. */
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
  const fields: number[] = [];
  const words: string[] = [];
  for (const part of ["title", "keywords", "body"] as const) {
    for (const word of new Set(wordsOf(parts[part]))) {
      fields.push(FIELDS[part]);
      words.push(word);
    }
  }
  if (words.length === 0) return;
  await sql`
    insert into posting (tenant_id, field, word, document_id)
    select ${tenantId}::uuid, field, word, ${documentId}::uuid from unnest(${fields}::smallint[], ${words}::text[]) as p (field, word)`.execute(
    tx,
  );
}
