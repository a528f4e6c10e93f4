import type { Database } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { RagDb } from "../db.ts";
import type { EmbeddingChoice } from "./choice.ts";

/**
 * Queues the files whose vectors are of an embedding that is no longer their tenant's: after another model was
 * configured, or a tenant became local-only. They are found by their words until then.
 *
 * @returns how many
 */
export async function reembed(db: Database<RagDb>, { usual, local }: EmbeddingChoice): Promise<number> {
  return db.withSystem("reembed", async (tx) => {
    const result = await sql`
      update file set status = 'embedding', progress_percent = 40, next_attempt_on = now(), attempts = 0
      from (select f.id, coalesce(p.local_only, false) as local_only from file f left join tenant_policy p using (tenant_id)
            where f.status = 'indexed') indexed
      where file.id = indexed.id and file.status = 'indexed'
        and file.embedding <> case when indexed.local_only then ${local.label}::text else ${usual.label}::text end`.execute(
      tx,
    );
    return Number(result.numAffectedRows ?? 0n);
  });
}
