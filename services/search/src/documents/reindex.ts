import type { Database } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { SearchDb } from "../db.ts";
import { writePostings } from "./postings.ts";

const BATCH = 200;

/**
 * Makes the words of all documents anew (after a change of what a word is) and has another engine take all of them
 * again. Searching goes on meanwhile.
 *
 * @returns how many documents there are
 */
export async function reindex(db: Database<SearchDb>): Promise<number> {
  let done = 0;
  let after = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    const last = await db.withSystem("reindex", async (tx) => {
      const rows = await tx
        .selectFrom("document")
        .select(["id", "tenant_id", "title", "keywords", "body"])
        .where(sql<boolean>`id > ${after}::uuid`)
        .orderBy("id")
        .limit(BATCH)
        .forUpdate()
        .execute();
      for (const row of rows) {
        await writePostings(tx, row.tenant_id, row.id, row);
        await tx
          .updateTable("document")
          .set({ revision: sql`revision + 1` })
          .where("id", "=", row.id)
          .execute();
      }
      done += rows.length;
      return rows.at(-1)?.id;
    });
    if (last === undefined) return done;
    after = last;
  }
}
