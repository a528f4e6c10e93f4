import type { Tx } from "@leadmetrics/kit";
import { activityStandings } from "../budgets/standings.ts";
import type { AgentsDb, RunRow } from "../db.ts";
import { runView } from "../views.ts";

/** Runs as the contract shows them, with the caps of their activities that are nearly full. */
export async function runViews(tx: Tx<AgentsDb>, rows: readonly RunRow[]) {
  const standings = await activityStandings(
    tx,
    rows.flatMap(({ activity_id }) => activity_id ?? []),
  );
  return rows.map((row) => {
    const isOwn = (cap: { tenantId: string; activity_id: string | null }) =>
      cap.tenantId === row.tenant_id && cap.activity_id === row.activity_id;
    return runView(row, standings.filter(isOwn));
  });
}
