import type { Id, TenantTx } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { RagDb } from "../db.ts";
import type { Scored } from "./rules.ts";

type Tx = TenantTx<RagDb>;

/** Normalisation 32: rank / (rank + 1), so that it lies between 0 and 1. */
const RANK_TO_UNIT = 32;

/** Passages whose words' nearness is looked at, as a multiple of what is asked for: it costs three times what counting them does. */
const LOOKED_AT = 8;

/** Passages that have the question's words, best first: the ones with most of them, by how near they stand to each other. */
export async function findByWords(tx: Tx, query: string, limit: number): Promise<Scored[]> {
  const { rows } = await sql<{ id: Id; rank: number }>`
    with having_most as materialized (
      select chunk.id, words, query
      from chunk join file on file.id = chunk.file_id and file.status = 'indexed', to_tsquery('english', ${query}) query
      where words @@ query order by ts_rank(words, query) desc, chunk.id limit ${LOOKED_AT * limit})
    select id, ts_rank_cd(words, query, ${RANK_TO_UNIT}) as rank
    from having_most order by rank desc, id limit ${limit}`.execute(tx);
  return rows.map(({ id, rank }) => ({ chunkId: id, score: rank }));
}

export interface Source {
  readonly id: Id;
  readonly file_id: Id;
  readonly file_name: string;
  readonly locator: string;
  readonly text: string;
  /** The page of the website it was read from; empty for an upload. */
  readonly source_url: string;
}

/** What is needed to cite passages; those of files that are gone, or not ready, are left out. */
export async function loadSources(tx: Tx, ids: readonly Id[]): Promise<Map<Id, Source>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom("chunk")
    .innerJoin("file", "file.id", "chunk.file_id")
    .select([
      "chunk.id",
      "chunk.file_id",
      "file.name as file_name",
      "file.source_url",
      "chunk.locator",
      "chunk.text",
    ])
    .where("chunk.id", "in", [...ids])
    .where("file.status", "=", "indexed")
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
