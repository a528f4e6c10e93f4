import { Code, ConnectError } from "@connectrpc/connect";
import { type Id, newId, type TenantId, toRef } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { BudgetScope, BudgetsService } from "@leadmetrics/proto/agents/v1/budgets";
import { RunsService } from "@leadmetrics/proto/agents/v1/runs";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Amounts, NOTHING } from "../src/budgets/rules.ts";
import type { AgentsConfig } from "../src/config.ts";
import type { AgentsDb, RunRow } from "../src/db.ts";
import { service } from "../src/definition.ts";
import { admitRun } from "../src/dispatch/admission.ts";
import { hold } from "../src/dispatch/store.ts";
import { partsOf } from "../src/parts.ts";
import { runInput } from "../src/prompt/material.ts";
import { reconcile } from "../src/runs/reconcile.ts";
import { addUsage, claim, endAnyway, finish, giveBack, insertRun, later } from "../src/runs/store.ts";

const LEASE_MS = 15_000;
const HOLD_MS = 30_000;
/** Billing isn't asked for runs of no credits; these tests are about the caps beside them. */
const FREE = { "blog-writer": 0, "social-post-writer": 0 };
/** What a blog post takes aside: a prompt and its longest answer. */
const BLOG_TOKENS = 40_000;

let t: ServiceTest<AgentsDb>;
let parts: ReturnType<typeof partsOf>;

beforeAll(async () => {
  t = await startServiceTest<AgentsDb>({
    service: "agents",
    migrations: new URL("../migrations/", import.meta.url),
  });
  const config: AgentsConfig = {
    ...t.config,
    LLM_ADAPTER: "offline",
    LLM_MODEL: undefined,
    ANTHROPIC_API_KEY: undefined,
    ANTHROPIC_BASE_URL: undefined,
    OPENAI_API_KEY: undefined,
    OPENAI_BASE_URL: undefined,
    OFFLINE_PACE_MS: 0,
    WORKER_GROUPS: [],
    WORKER_SLOTS_LLM: 4,
    WORKER_SLOTS_UTIL: 4,
  };
  // Without dispatcher and reconciler: the tests take their steps themselves.
  await t.start<AgentsConfig>({
    config,
    rpc: (deps) => {
      parts = partsOf(deps);
      return service.rpc?.(deps) ?? [];
    },
  });
});
afterAll(() => t?.close());

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
    const usage = { inputTokens: tokens, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
    await addUsage(tx, run.id, usage, cost);
    await finish(tx, claimed, { status: "succeeded" });
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

async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error("the call went through");
  return error;
}

describe("a tenant's cap of a month", () => {
  it("lets exactly as many runs through as there is room for, however many ask at once, and the others when it is raised", async () => {
    const tenantId = tenant();
    const other = tenant();
    await cap(tenantId, { runs: 10 });
    const ids = await requested(tenantId, 40);
    const others = await requested(other, 3);
    await consider([...ids, ...others]);
    expect(await statuses(tenantId)).toEqual({ admitted: 10, awaiting_credits: 30 });
    expect(await statuses(other)).toEqual({ admitted: 3 });
    await mustAgree(tenantId);

    for (const run of await inState(tenantId, "admitted")) await work(run, 100);
    await mustAgree(tenantId);
    expect((await budgetOf(tenantId)).used).toMatchObject({ runs: 10n, tokens: 1_000n });
    const waiting = await inState(tenantId, "awaiting_credits");
    expect(waiting).toHaveLength(30);

    await cap(tenantId, { runs: 15 });
    expect(await statuses(tenantId)).toEqual({ succeeded: 10, requested: 30 });
    await consider(ids);
    expect(await statuses(tenantId)).toEqual({ succeeded: 10, admitted: 5, awaiting_credits: 25 });
    await mustAgree(tenantId);
  });

  it("says why a run waits, to everybody who looks at it", async () => {
    const tenantId = tenant();
    await cap(tenantId, { runs: 1 });
    const ids = await requested(tenantId, 1);
    await consider(ids);
    for (const run of await inState(tenantId, "admitted")) await work(run, 100);
    await consider(await requested(tenantId, 1));
    const runs = await t.client(RunsService, t.ctx.tenant(tenantId).principal);
    const { runs: seen } = await runs.listRuns({});
    expect(seen[0]).toMatchObject({
      errorClass: "budget",
      problem:
        "The month's cap on runs is reached: 1 of 1 run used. It goes on by itself when the cap is raised or the month turns.",
    });
  });

  it("takes aside the estimate and settles what was used", async () => {
    const tenantId = tenant();
    await cap(tenantId, { tokens: 2 * BLOG_TOKENS + 1_000 });
    const ids = await requested(tenantId, 3);
    await consider(ids);
    expect(await statuses(tenantId)).toEqual({ admitted: 2, awaiting_credits: 1 });
    expect((await budgetOf(tenantId)).reserved).toMatchObject({ tokens: BigInt(2 * BLOG_TOKENS), runs: 2n });
    const [first] = await inState(tenantId, "admitted");
    await work(first as RunRow, 1_500);
    await mustAgree(tenantId);
    expect(await budgetOf(tenantId)).toMatchObject({
      used: { tokens: 1_500n, runs: 1n },
      reserved: { tokens: BigInt(BLOG_TOKENS) },
    });
    // Only the run at work was in the way: the one that waits is looked at again soon.
    const [waits] = await inState(tenantId, "awaiting_credits");
    expect(waits?.problem).toContain("as soon as they leave room");
    await t.db.withSystem("test", (tx) =>
      tx
        .updateTable("agent_run")
        .set({ status_since: later(-6_000), not_before: later(-1_000) })
        .where("id", "=", waits?.id ?? "")
        .execute(),
    );
    await reconcile(parts, AbortSignal.timeout(5_000));
    expect((await inState(tenantId, "requested")).map((run) => run.id)).toEqual([waits?.id]);
    for (const run of await inState(tenantId, "admitted")) await work(run, 1_500);
    await consider(ids);
    expect(await statuses(tenantId)).toEqual({ succeeded: 2, admitted: 1 });
  });

  it("begins anew with the month, and runs that waited go on by themselves", async () => {
    const tenantId = tenant();
    await cap(tenantId, { runs: 2 });
    const ids = await requested(tenantId, 3);
    await consider(ids);
    for (const run of await inState(tenantId, "admitted")) await work(run, 10);
    // A minute later in the same month: it is looked at, and still waits.
    const minuteLater = async () => {
      await t.db.withSystem("test", (tx) =>
        tx
          .updateTable("agent_run")
          .set({ status_since: later(-61_000) })
          .where("tenant_id", "=", tenantId)
          .where("status", "=", "awaiting_credits")
          .execute(),
      );
      await reconcile(parts, AbortSignal.timeout(5_000));
      await consider(ids);
    };
    await minuteLater();
    expect(await statuses(tenantId)).toEqual({ succeeded: 2, awaiting_credits: 1 });
    expect(await told(tenantId, "reached")).toBe(1);
    // What was counted until now was last month's.
    await asTenant(tenantId, (tx) =>
      tx.updateTable("budget_use").set({ month: "2026-01" }).where("scope", "<>", "activity").execute(),
    );
    expect((await budgetOf(tenantId)).used).toMatchObject({ runs: 0n });
    await minuteLater();
    expect(await statuses(tenantId)).toEqual({ succeeded: 2, admitted: 1 });
  });

  it("counts months where the tenant is", async () => {
    const months = await t.db.withSystem("test", async (tx) => {
      const { rows } = await sql<{ zone: string; month: string }>`
        select zone, to_char(timestamptz '2026-12-01 03:00Z' at time zone known_zone(zone), 'YYYY-MM') as month
        from unnest(array['UTC', 'America/New_York', 'Asia/Kolkata', 'Nowhere/Land']) as zone`.execute(tx);
      return rows.map(({ zone, month }) => [zone, month]);
    });
    expect(months).toEqual([
      ["UTC", "2026-12"],
      ["America/New_York", "2026-11"],
      ["Asia/Kolkata", "2026-12"],
      ["Nowhere/Land", "2026-12"],
    ]);
  });

  it("is news at four fifths and when it is reached, once a month each, and again when it was raised", async () => {
    const tenantId = tenant();
    await cap(tenantId, { runs: 5 });
    await consider(await requested(tenantId, 3));
    expect([await told(tenantId, "near"), await told(tenantId, "reached")]).toEqual([0, 0]);
    await consider(await requested(tenantId, 2));
    expect(await told(tenantId, "near")).toBe(1);
    for (const run of await inState(tenantId, "admitted")) await work(run, 10);
    await consider(await requested(tenantId, 4));
    expect([await told(tenantId, "near"), await told(tenantId, "reached")]).toEqual([1, 1]);
    await cap(tenantId, { runs: 6 });
    await consider((await inState(tenantId, "requested")).map((run) => run.id as Id));
    expect(await told(tenantId, "near")).toBe(2);
  });

  it("counts runs that were at work when it was set", async () => {
    const tenantId = tenant();
    const early = await requested(tenantId, 2);
    await consider(early);
    expect((await runsOf(tenantId)).every((run) => run.reserved_runs === 0)).toBe(true);
    await cap(tenantId, { runs: 3 });
    await mustAgree(tenantId);
    await consider(await requested(tenantId, 2));
    expect(await statuses(tenantId)).toEqual({ admitted: 3, awaiting_credits: 1 });
  });

  it("gets back what a run had taken aside when it is cancelled, handed over or given back by its dispatcher", async () => {
    const tenantId = tenant();
    await cap(tenantId, { runs: 2 });
    await consider(await requested(tenantId, 2));
    const [one, two] = await inState(tenantId, "admitted");
    await asTenant(tenantId, async (tx) => {
      await endAnyway(tx, one as RunRow, { status: "cancelled" });
      await giveBack(tx, two as RunRow, { status: "requested", inMs: 0, countAttempt: false, problem: "" });
    });
    await mustAgree(tenantId);
    // Neither was with a worker: nothing was used.
    expect(await budgetOf(tenantId)).toMatchObject({ used: { runs: 0n }, reserved: { runs: 0n } });
    await consider([two?.id as Id]);
    // Its dispatcher died and another one has it: nothing is taken aside twice.
    await t.db.withSystem("test", (tx) =>
      sql`update agent_run set status = 'requested', held_until = null where id = ${two?.id}`.execute(tx),
    );
    await consider([two?.id as Id]);
    expect((await budgetOf(tenantId)).reserved).toMatchObject({ runs: 1n });
    await mustAgree(tenantId);
  });
});

describe("other caps", () => {
  it("hold for everybody who has none of their own, for a role and for an activity", async () => {
    const [plain, special] = [tenant(), tenant()];
    const everybody = await admin();
    await cap(special, { runs: 100 }, { scope: BudgetScope.ACTIVITY });
    const { budget } = await everybody.setDefaultBudget({
      scope: BudgetScope.ACTIVITY,
      limits: { runs: 2n },
      version: 0,
    });
    const activityId = newId();
    await consider(await requested(plain, 3, { activityId }));
    expect(await statuses(plain)).toEqual({ admitted: 2, awaiting_credits: 1 });
    await consider(await requested(special, 3, { activityId: newId() }));
    expect(await statuses(special)).toEqual({ admitted: 3 });
    await everybody.setDefaultBudget({
      scope: BudgetScope.ACTIVITY,
      limits: {},
      version: budget?.version ?? 0,
    });
    expect(await statuses(plain)).toEqual({ admitted: 2, requested: 1 });

    const roled = tenant();
    await cap(roled, { runs: 1 }, { scope: BudgetScope.ROLE, role: "blog-writer" });
    await consider([
      ...(await requested(roled, 2)),
      ...(await requested(roled, 2, { role: "social-post-writer" })),
    ]);
    expect(await statuses(roled)).toEqual({ admitted: 3, awaiting_credits: 1 });
  });

  it("of money count what models cost", async () => {
    const tenantId = tenant();
    await cap(tenantId, { money: 50 });
    await consider(await requested(tenantId, 1));
    const [run] = await inState(tenantId, "admitted");
    await work(run as RunRow, 10, 500_000);
    await consider(await requested(tenantId, 1));
    // The offline model costs nothing, and still: half a dollar is used, and that is all there is.
    expect(await statuses(tenantId)).toEqual({ succeeded: 1, awaiting_credits: 1 });
    expect(await budgetOf(tenantId)).toMatchObject({ used: { costMicroUsd: 500_000n } });
  });

  it("are refused in another currency, for a role nobody knows, and when somebody else was faster", async () => {
    const tenantId = tenant();
    const client = await admin(tenantId);
    const euros = { money: { minorUnits: 5n, currency: "EUR" } };
    const bad = [
      client.setBudget({ scope: BudgetScope.TENANT, limits: euros }),
      client.setBudget({ scope: BudgetScope.ROLE, role: "poet", limits: { runs: 1n } }),
      client.setBudget({ scope: BudgetScope.TENANT, role: "blog-writer", limits: { runs: 1n } }),
    ];
    const refused = await Promise.all(bad.map((call) => refusal(call)));
    expect(refused.map((one) => one.code)).toEqual(bad.map(() => Code.InvalidArgument));
    const set = () => client.setBudget({ scope: BudgetScope.TENANT, limits: { runs: 1n }, version: 0 });
    await set();
    expect((await refusal(set())).code).toBe(Code.Aborted);
  });
});

describe("a tenant's own cap", () => {
  it("is the owner's to set, narrower than the platform's, and holds", async () => {
    const tenantId = tenant();
    await cap(tenantId, { runs: 5 });
    const owner = await t.client(BudgetsService, t.ctx.tenant(tenantId, "owner").principal);
    const member = await t.client(BudgetsService, t.ctx.tenant(tenantId, "admin").principal);
    expect((await refusal(member.setOwnBudget({ limits: { runs: 1n } }))).code).toBe(Code.PermissionDenied);
    const wider = await refusal(owner.setOwnBudget({ limits: { runs: 6n } }));
    expect(wider.code).toBe(Code.InvalidArgument);
    const { budget } = await owner.setOwnBudget({ limits: { runs: 2n } });
    expect(budget).toMatchObject({
      limits: { runs: 2n },
      platformLimits: { runs: 5n },
      ownLimits: { runs: 2n },
    });
    await consider(await requested(tenantId, 3));
    expect(await statuses(tenantId)).toEqual({ admitted: 2, awaiting_credits: 1 });
    await owner.setOwnBudget({ limits: {} });
    expect(await statuses(tenantId)).toEqual({ admitted: 2, requested: 1 });
  });

  it("is nobody else's to see or to set", async () => {
    const [own, other] = [tenant(), tenant()];
    await cap(own, { runs: 5 });
    const stranger = await t.client(BudgetsService, t.ctx.tenant(other, "owner").principal);
    const { budgets } = await stranger.getBudgets({});
    expect(budgets.every((one) => one.limits?.runs === 0n)).toBe(true);
    expect((await refusal(stranger.setBudget({ scope: BudgetScope.TENANT, limits: {} }))).code).toBe(
      Code.PermissionDenied,
    );
    expect((await refusal(stranger.listBudgetStandings({}))).code).toBe(Code.PermissionDenied);
  });
});

it("those near a cap are listed for the platform, the fullest first", async () => {
  const [near, full, far] = [tenant(), tenant(), tenant()];
  for (const [tenantId, runs] of [
    [near, 4],
    [full, 5],
    [far, 1],
  ] as const) {
    await cap(tenantId, { runs: 5 });
    await consider(await requested(tenantId, runs));
  }
  const { standings } = await (await admin()).listBudgetStandings({});
  const refs = [near, full, far].map((id): string => toRef(id));
  const own = standings.filter((one) => refs.includes(one.tenantRef));
  expect(own.map((one) => [one.tenantRef, one.reserved, one.limit])).toEqual([
    [toRef(full), 5n, 5n],
    [toRef(near), 4n, 5n],
  ]);
});

it("who set a cap, and when, is in the tenant's audit trail", async () => {
  const tenantId = tenant();
  const { budget } = await cap(tenantId, { runs: 5, money: 1_250 });
  expect(budget?.setBy).not.toBe("");
  expect(budget?.setOn).toBeDefined();
  const { rows } = await t.db.withSystem("test", (tx) =>
    sql`select 1 from kit.outbox where tenant_id = ${tenantId} and subject like 'evt.agents.audit.%'`.execute(
      tx,
    ),
  );
  expect(rows).toHaveLength(1);
});
