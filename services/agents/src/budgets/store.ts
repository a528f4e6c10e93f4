import { emit, type TenantCtx, type TenantTx, toRef } from "@leadmetrics/kit";
import { BudgetNearSchema, BudgetReachedSchema } from "@leadmetrics/proto/agents/events/v1/events";
import { sql } from "kysely";
import type { AgentsDb, RunRow, UseRow } from "../db.ts";
import {
  type Amounts,
  admits,
  type Cap,
  capName,
  type Fill,
  limitsOf,
  refusalText,
  type Scope,
  type Use,
  untold,
  usedOf,
} from "./rules.ts";
import { fillView } from "./view.ts";

export interface Refused {
  readonly problem: string;
  /** It may fit as soon as runs at work are over. */
  readonly soon: boolean;
}

type Wanting = Pick<
  RunRow,
  | "id"
  | "tenant_id"
  | "fence"
  | "role"
  | "activity_id"
  | "title"
  | "reserved_micro_usd"
  | "reserved_tokens"
  | "reserved_runs"
>;

/**
 * Takes aside what a run in hand may use, or says which cap doesn't leave it. Runs of a tenant queue at its rows of use, so
 * that two of them can't be given the same room; asked again for a run, it takes nothing aside twice.
 */
export async function reserveBudget(
  tx: TenantTx<AgentsDb>,
  ctx: TenantCtx,
  run: Wanting,
  caps: readonly Cap[],
  estimate: Amounts,
): Promise<Refused | undefined> {
  const rows = await lockUses(tx, run);
  // The run changed hands meanwhile: whoever has it asks for itself.
  if (rows.length === 0) return undefined;
  const uses = rows.map((row) => without(useOf(row), run));
  const verdict = admits(uses, (scope) => limitsOf(caps, scope, run.role), estimate);
  if (verdict.kind !== "fits") {
    const reached = verdict.kind === "full" ? [verdict.at] : [];
    await tell(tx, ctx, run, untold(reached, uses, "reachedTold"), "reached");
    return { problem: refusalText(verdict, run.role, estimate), soon: verdict.kind === "later" };
  }
  await tx
    .updateTable("agent_run")
    .set({
      reserved_micro_usd: estimate.money,
      reserved_tokens: estimate.tokens,
      reserved_runs: estimate.runs,
    })
    .where("id", "=", run.id)
    .execute();
  await tell(tx, ctx, run, untold(verdict.near, uses, "nearTold"), "near");
  return undefined;
}

/**
 * The rows of use a run counts in, locked in the order in which everybody locks them: the run first. None when the run is
 * no longer the one that was taken in hand.
 */
async function lockUses(tx: TenantTx<AgentsDb>, run: Wanting): Promise<UseRow[]> {
  const { rows } = await sql<UseRow>`
    with run as materialized (
      select tenant_id, role, activity_id from agent_run
      where id = ${run.id} and fence = ${run.fence} and status = 'requested' for update
    )
    insert into budget_use as use (tenant_id, scope, key, month)
    select run.tenant_id, part.scope, part.key, part.month
    from run, budget_parts(run.tenant_id, run.role, run.activity_id) part
    on conflict (tenant_id, scope, key) do update set
      month = excluded.month,
      used_micro_usd = case when use.month = excluded.month then use.used_micro_usd else 0 end,
      used_tokens = case when use.month = excluded.month then use.used_tokens else 0 end,
      used_runs = case when use.month = excluded.month then use.used_runs else 0 end,
      near_told = case when use.month = excluded.month then use.near_told else '{}' end,
      reached_told = case when use.month = excluded.month then use.reached_told else '{}' end
    returning use.*`.execute(tx);
  return rows;
}

export const useOf = (row: UseRow): Use => ({
  scope: row.scope,
  used: { money: row.used_micro_usd, tokens: row.used_tokens, runs: row.used_runs },
  reserved: { money: row.reserved_micro_usd, tokens: row.reserved_tokens, runs: row.reserved_runs },
  nearTold: row.near_told,
  reachedTold: row.reached_told,
});

/** What others have: a run in hand may have taken something aside before its dispatcher died. */
const without = (use: Use, run: Wanting): Use => ({
  ...use,
  reserved: {
    money: use.reserved.money - run.reserved_micro_usd,
    tokens: use.reserved.tokens - run.reserved_tokens,
    runs: use.reserved.runs - run.reserved_runs,
  },
});

/** Tells people, once a month and cap; of an activity's cap once. */
async function tell(
  tx: TenantTx<AgentsDb>,
  ctx: TenantCtx,
  run: Wanting,
  fills: readonly Fill[],
  what: "near" | "reached",
): Promise<void> {
  for (const fill of fills) {
    const taken = what === "near" ? fill.used + fill.reserved : fill.used;
    const { used, of } = usedOf(fill.metric, taken, fill.limit);
    const metrics = sql<[]>`array_append(${sql.ref(`${what}_told`)}, ${fill.metric})`;
    await tx
      .updateTable("budget_use")
      .set({ [`${what}_told`]: metrics })
      .where("scope", "=", fill.scope)
      .where("key", "=", keyOf(fill.scope, run))
      .execute();
    await emit(
      tx,
      ctx,
      what === "near" ? BudgetNearSchema : BudgetReachedSchema,
      {
        standing: fillView(fill, ctx.tenantId, run),
        cap: capName(fill, run.role, run.title),
        used,
        limit: of,
      },
      { aggregate: `budget:${toRef(ctx.tenantId)}` },
    );
  }
}

function keyOf(scope: Scope, run: Pick<RunRow, "role" | "activity_id">): string {
  if (scope === "tenant") return "";
  return scope === "role" ? run.role : (run.activity_id ?? "");
}
