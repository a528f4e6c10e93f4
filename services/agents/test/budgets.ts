import { type DescMessage, fromBinary } from "@bufbuild/protobuf";
import { type Id, newId, type TenantId } from "@leadmetrics/kit";
import { BudgetScope, BudgetsService } from "@leadmetrics/proto/agents/v1/budgets";
import { sql } from "kysely";
import { expect } from "vitest";
import { type Amounts, NOTHING } from "../src/budgets/rules.ts";
import type { AgentsConfig } from "../src/config.ts";
import type { RunRow } from "../src/db.ts";
import { admitRun } from "../src/dispatch/admission.ts";
import { hold } from "../src/dispatch/store.ts";
import { runInput } from "../src/prompt/material.ts";
import { claim, finish, insertRun } from "../src/runs/store.ts";
import { agentsTest, refusal, startParts } from "./agents.ts";

const LEASE_MS = 15_000;
const HOLD_MS = 30_000;
/** Billing isn't asked for runs of no credits; these tests are about the caps beside them. */
const FREE = { "blog-writer": 0, "social-post-writer": 0 };
/** What a blog post takes aside: a prompt and its longest answer. */
export const BLOG_TOKENS = 40_000;

/** Agents without dispatcher and reconciler, and what tests about caps do with them. */
export async function startBudgets() {
  const { t, config: plain } = await agentsTest();
  const config: AgentsConfig = { ...plain, LLM_ADAPTER: "offline" };
  const parts = await startParts(t, config);

  const tenant = () => newId() as TenantId;
  const asTenant = <T>(tenantId: TenantId, work: Parameters<typeof t.db.withTenant<T>>[1]) =>
    t.db.withTenant(t.ctx.tenant(tenantId), work);
  const admin = (tenantId?: TenantId) => t.client(BudgetsService, t.ctx.superAdmin().principal, tenantId);

  async function requested(
    tenantId: TenantId,
    count: number,
    of: { role?: string; activityId?: Id } = {},
  ): Promise<Id[]> {
    const ids = Array.from({ length: count }, () => newId());
    const role = of.role ?? "blog-writer";
    await asTenant(tenantId, async (tx) => {
      for (const id of ids) {
        await insertRun(tx, {
          id,
          tenantId,
          role,
          workGroup: "llm",
          lane: "batch",
          activityId: of.activityId ?? newId(),
          stepId: newId(),
          planId: null,
          workKey: `step:${newId()}`,
          title: "Rye bread",
          wakeReason: "new_task",
          input: runInput.parse({ contentType: "blog_post", title: "Rye bread" }),
          traceparent: undefined,
          createdBy: "service:test",
        });
      }
    });
    return ids;
  }

  /** Takes runs in hand and considers all of them at once, as several dispatchers would. */
  async function consider(ids: readonly Id[]): Promise<void> {
    const held = await t.db.withSystem("test", (tx) => hold(tx, ids, HOLD_MS, FREE));
    await Promise.all(held.map((run) => admitRun(parts, run)));
  }

  const runsOf = (tenantId: TenantId): Promise<RunRow[]> =>
    asTenant(tenantId, (tx) => tx.selectFrom("agent_run").selectAll().orderBy("id").execute());

  async function statuses(tenantId: TenantId): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { status } of await runsOf(tenantId)) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }

  /** A worker does an admitted run and uses so many tokens and so much money. */
  async function work(run: RunRow, tokens: number, cost = 0): Promise<void> {
    await asTenant(run.tenant_id as TenantId, async (tx) => {
      const claimed = await claim(tx, run, newId(), LEASE_MS);
      if (!claimed) throw new Error("not claimed");
      const usage = { inputTokens: tokens, outputTokens: 0, cacheReadTokens: 0 };
      await finish(tx, claimed, { status: "succeeded", spent: { usage, cost } });
    });
  }

  const inState = async (tenantId: TenantId, status: string) =>
    (await runsOf(tenantId)).filter((run) => run.status === status);

  /** What a tenant may use in a month, said by a super admin. */
  async function cap(
    tenantId: TenantId,
    limits: Partial<Amounts>,
    place: { scope?: BudgetScope; role?: string } = {},
  ) {
    const client = await admin(tenantId);
    const { budgets } = await client.getBudgets({});
    const scope = place.scope ?? BudgetScope.TENANT;
    const before = budgets.find((one) => one.scope === scope && one.role === (place.role ?? ""));
    const { money, tokens, runs } = { ...NOTHING, ...limits };
    return client.setBudget({
      scope,
      role: place.role ?? "",
      limits: {
        money: { minorUnits: BigInt(money), currency: "USD" },
        tokens: BigInt(tokens),
        runs: BigInt(runs),
      },
      version: before?.version ?? 0,
    });
  }

  async function budgetOf(tenantId: TenantId, scope = BudgetScope.TENANT, role = "") {
    const { budgets } = await (await admin(tenantId)).getBudgets({});
    const found = budgets.find((one) => one.scope === scope && one.role === role);
    if (!found) throw new Error("no such budget");
    return found;
  }

  /** Sums beside the rows they are sums of. */
  async function mustAgree(tenantId: TenantId): Promise<void> {
    const [row] = await asTenant(tenantId, async (tx) => {
      const { rows } = await sql<Record<string, string>>`
        select
          (select row(used_micro_usd, used_tokens, used_runs, reserved_micro_usd, reserved_tokens, reserved_runs)::text
            from budget_use where scope = 'tenant') as kept,
          (select row(coalesce(sum(cost_micro_usd), 0), coalesce(sum(input_tokens + output_tokens + cached_tokens), 0),
            count(*) filter (where finished_on is not null and started_on is not null),
            coalesce(sum(reserved_micro_usd), 0), coalesce(sum(reserved_tokens), 0), coalesce(sum(reserved_runs), 0))::text
            from agent_run) as real`.execute(tx);
      return rows;
    });
    expect(row?.kept).toBe(row?.real);
  }

  const told = async (tenantId: TenantId, what: "near" | "reached"): Promise<number> => {
    const { rows } = await t.db.withSystem("test", (tx) =>
      sql`select 1 from kit.outbox where tenant_id = ${tenantId}
        and subject like ${`evt.agents.budget.${what}.%`}`.execute(tx),
    );
    return rows.length;
  };

  /** What people were told, in order. */
  async function newsOf<D extends DescMessage>(tenantId: TenantId, what: "near" | "reached", desc: D) {
    const { rows } = await t.db.withSystem("test", (tx) =>
      sql<{ payload: Uint8Array }>`select payload from kit.outbox where tenant_id = ${tenantId}
        and subject like ${`evt.agents.budget.${what}.%`} order by seq`.execute(tx),
    );
    return rows.map(({ payload }) => fromBinary(desc, payload));
  }

  return {
    t,
    parts,
    tenant,
    asTenant,
    admin,
    requested,
    consider,
    runsOf,
    statuses,
    work,
    inState,
    cap,
    budgetOf,
    mustAgree,
    told,
    newsOf,
    refusal,
  };
}
