import { errors, type TenantTx, type Tx } from "@leadmetrics/kit";
import { sql } from "kysely";
import { NO_USAGE } from "../adapters/port.ts";
import { costOf } from "../adapters/prices.ts";
import type { AgentsDb, CapRow, RunRow } from "../db.ts";
import { roleNamed } from "../roles/index.ts";
import { wakeWaiting } from "../runs/store.ts";
import { type Amounts, estimateOf, type Scope } from "./rules.ts";

type AnyTx = Tx<AgentsDb>;

export interface Place {
  readonly scope: Scope;
  readonly role: string;
}

const columnsOf = (limits: Amounts) => ({
  max_micro_usd: limits.money,
  max_tokens: limits.tokens,
  max_runs: limits.runs,
});

/** Writes or takes away a tenant's cap. @throws AppError stale when it is no longer the version the caller saw */
export async function writeBudget(
  tx: TenantTx<AgentsDb>,
  at: Place & { readonly tenantId: string; readonly author: "platform" | "tenant" },
  limits: Amounts | undefined,
  change: { by: string; version?: number },
): Promise<void> {
  const { author, scope, role } = at;
  const before = await tx
    .selectFrom("budget")
    .select("version")
    .where((eb) => eb.and({ author, scope, role }))
    .forUpdate()
    .executeTakeFirst();
  if (change.version !== undefined && change.version !== (before?.version ?? 0)) throw errors.stale();
  if (!limits) {
    await tx
      .deleteFrom("budget")
      .where((eb) => eb.and({ author, scope, role }))
      .execute();
    return;
  }
  const values = { ...columnsOf(limits), set_by: change.by };
  const written = await tx
    .insertInto("budget")
    .values({ tenant_id: at.tenantId, author, scope, role, ...values })
    .onConflict((conflict) =>
      conflict
        .columns(["tenant_id", "author", "scope", "role"])
        .doUpdateSet((eb) => ({ ...values, set_on: sql<Date>`now()`, version: eb("budget.version", "+", 1) }))
        // Two people who both saw none: the second one is told.
        .where(before ? sql<boolean>`true` : sql<boolean>`${change.version === undefined}::boolean`),
    )
    .returning("version")
    .executeTakeFirst();
  if (!written) throw errors.stale();
}

/** Writes what holds for everybody. @throws AppError stale */
export async function writeDefault(
  tx: AnyTx,
  { scope, role }: Place,
  limits: Amounts,
  change: { by: string; version: number },
): Promise<CapRow> {
  const values = { ...columnsOf(limits), set_by: change.by };
  const written =
    change.version === 0
      ? await tx
          .insertInto("budget_default")
          .values({ scope, role, ...values })
          .onConflict((conflict) => conflict.columns(["scope", "role"]).doNothing())
          .returningAll()
          .executeTakeFirst()
      : await tx
          .updateTable("budget_default")
          .set((eb) => ({ ...values, set_on: sql<Date>`now()`, version: eb("version", "+", 1) }))
          .where((eb) => eb.and({ scope, role, version: change.version }))
          .returningAll()
          .executeTakeFirst();
  if (!written) throw errors.stale();
  return written;
}

/**
 * What a changed cap brings with it, for the tenants the transaction sees: that it is full is news again, runs that waited
 * are looked at again, and runs at work that nothing was taken aside for yet count from now on.
 */
export async function takeEffect(tx: AnyTx, { scope, role }: Place): Promise<void> {
  await wakeWaiting(tx, "awaiting_credits");
  await reserveForWorking(tx);
  // Last, as everybody locks a run before the rows it counts in.
  let told = tx
    .updateTable("budget_use")
    .set({ near_told: sql`'{}'`, reached_told: sql`'{}'` })
    .where("scope", "=", scope)
    .where(sql<boolean>`(near_told <> '{}' or reached_told <> '{}')`);
  if (scope === "role") told = told.where("key", "=", role);
  await told.execute();
}

async function reserveForWorking(tx: AnyTx): Promise<void> {
  const runs = await tx
    .selectFrom("agent_run")
    .select(["id", "role", "model"])
    .where("status", "in", ["admitted", "working"])
    .where("reserved_runs", "=", 0)
    .orderBy("id")
    .forUpdate()
    .execute();
  for (const run of runs) {
    const estimate = estimateFor(run);
    await tx
      .updateTable("agent_run")
      .set({
        reserved_micro_usd: estimate.money,
        reserved_tokens: estimate.tokens,
        reserved_runs: estimate.runs,
      })
      .where("id", "=", run.id)
      .execute();
  }
}

/** What a run takes aside with the model it has. */
export function estimateFor({ role, model }: Pick<RunRow, "role" | "model">): Amounts {
  const { maxOutputTokens } = roleNamed(role) ?? { maxOutputTokens: 0 };
  return estimateOf({ maxOutputTokens }, (inputTokens, outputTokens) =>
    costOf(model, { ...NO_USAGE, inputTokens, outputTokens }),
  );
}
