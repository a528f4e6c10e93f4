import type { Tx } from "@leadmetrics/kit";
import { type RawBuilder, sql } from "kysely";
import type { AgentsDb, CapRow } from "../db.ts";
import type { Amounts, Author, Cap } from "./rules.ts";

export type AuthoredCap = CapRow & { readonly author: Author };

/** Everybody's caps and those of the tenant in hand, as a query: all of them, or those that concern a role. */
export function capRows(role?: string): RawBuilder<AuthoredCap> {
  const concerned = role === undefined ? sql`true` : sql`(scope <> 'role' or role = ${role})`;
  const columns = sql`scope, role, max_micro_usd, max_tokens, max_runs, set_by, set_on, version`;
  return sql<AuthoredCap>`
    select 'default' as author, ${columns} from budget_default where ${concerned}
    union all
    select author, ${columns} from budget where ${concerned}`;
}

export async function allCaps(tx: Tx<AgentsDb>): Promise<AuthoredCap[]> {
  return (await capRows().execute(tx)).rows;
}

export const capOf = (
  row: Pick<AuthoredCap, "author" | "scope" | "role" | "max_micro_usd" | "max_tokens" | "max_runs">,
): Cap => ({
  author: row.author,
  scope: row.scope,
  role: row.role,
  limits: amountsOf(row),
});

const amountsOf = (row: Pick<CapRow, "max_micro_usd" | "max_tokens" | "max_runs">): Amounts => ({
  money: row.max_micro_usd,
  tokens: row.max_tokens,
  runs: row.max_runs,
});

/** Whether any of them limits anything. */
export const limitAnything = (caps: readonly Cap[]): boolean =>
  caps.some(({ limits }) => limits.money > 0 || limits.tokens > 0 || limits.runs > 0);
