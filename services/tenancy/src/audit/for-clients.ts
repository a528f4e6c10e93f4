import type { AuditRow } from "../db.ts";

/** What says which providers and models stand behind agents. */
const OF_PROVIDERS: ReadonlySet<string> = new Set(["agent_config", "fallback"]);

/** What models may cost, in a sentence on a cap. */
const DOLLARS = /\$[\d,]+(\.\d+)?/g;

/** An entry as the tenant's own people read it: what stands behind agents is the platform's own business. */
export function forClients(row: AuditRow): AuditRow {
  if (OF_PROVIDERS.has(row.entity_kind)) return { ...row, summary: "What agents work with was changed." };
  if (row.entity_kind === "budget") return { ...row, summary: row.summary.replace(DOLLARS, "a model cost") };
  // Written before reasons for everybody were told apart from those of a provider.
  if (row.action === "agents.run.failed")
    return { ...row, summary: row.summary.replace(/ failed: .*/s, " failed") };
  return row;
}
