import { Code } from "@connectrpc/connect";
import { newId, toRef } from "@leadmetrics/kit";
import { BudgetNearSchema, BudgetReachedSchema } from "@leadmetrics/proto/agents/events/v1/events";
import { BudgetMetric, BudgetScope, BudgetsService } from "@leadmetrics/proto/agents/v1/budgets";
import { RunsService } from "@leadmetrics/proto/agents/v1/runs";
import { sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import type { RunRow } from "../src/db.ts";

import { startBudgets } from "./budgets.ts";

const {
  t,
  tenant,
  asTenant,
  admin,
  requested,
  consider,
  statuses,
  work,
  inState,
  cap,
  budgetOf,
  told,
  newsOf,
  refusal,
} = await startBudgets();
afterAll(() => t.close());

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

  it("of money show clients no money: not what is used, nor what there may be, nor in any text", async () => {
    const tenantId = tenant();
    await cap(tenantId, { money: 50, runs: 9 });
    await consider(await requested(tenantId, 1));
    const [run] = await inState(tenantId, "admitted");
    await work(run as RunRow, 10, 500_000);
    await consider(await requested(tenantId, 1));
    const { principal } = t.ctx.tenant(tenantId);
    const { runs } = await (await t.client(RunsService, principal)).listRuns({});
    expect(runs.find(({ errorClass }) => errorClass === "budget")?.problem).toBe(
      "The month's cap on money is reached: 100% of the cap used. It goes on by itself when the cap is raised or the month turns.",
    );
    const [reached] = await newsOf(tenantId, "reached", BudgetReachedSchema);
    expect(reached).toMatchObject({ used: "100%", limit: "the cap" });
    const client = await t.client(BudgetsService, principal);
    const { budgets } = await client.getBudgets({});
    const whole = budgets.find(({ scope }) => scope === BudgetScope.TENANT);
    expect(whole).toMatchObject({ limits: { runs: 9n }, used: { runs: 1n, costMicroUsd: 0n } });
    expect(whole?.limits?.money).toBeUndefined();
    const own = client.setOwnBudget({ limits: { money: { minorUnits: 5n, currency: "USD" } } });
    expect((await refusal(own)).rawMessage).toBe("Your own cap is one of tokens and runs.");
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

describe("an activity's cap", () => {
  it("is news at four fifths and when it is reached, once each, with the activity's name", async () => {
    const [tenantId, activityId] = [tenant(), newId()];
    await cap(tenantId, { runs: 5 }, { scope: BudgetScope.ACTIVITY });
    await consider(await requested(tenantId, 3, { activityId }));
    expect(await told(tenantId, "near")).toBe(0);
    await consider(await requested(tenantId, 1, { activityId }));
    expect(await told(tenantId, "near")).toBe(1);
    await consider(await requested(tenantId, 1, { activityId }));
    await consider(await requested(tenantId, 2, { activityId: newId() }));
    expect(await told(tenantId, "near")).toBe(1);
    for (const run of await inState(tenantId, "admitted")) await work(run, 10);
    await consider(await requested(tenantId, 2, { activityId }));
    expect(await statuses(tenantId)).toEqual({ succeeded: 7, awaiting_credits: 2 });
    expect(await told(tenantId, "reached")).toBe(1);
    const [near] = await newsOf(tenantId, "near", BudgetNearSchema);
    expect(near).toMatchObject({ cap: "the cap of “Rye bread” on runs", used: "4", limit: "5 runs" });
    expect(near?.standing).toMatchObject({ activityRef: toRef(activityId), activityTitle: "Rye bread" });
  });

  it("that is nearly full is listed for the platform and shown with the activity's runs, to its own people", async () => {
    const [tenantId, activityId] = [tenant(), newId()];
    await cap(tenantId, { runs: 5 }, { scope: BudgetScope.ACTIVITY });
    await consider(await requested(tenantId, 4, { activityId }));
    await consider(await requested(tenantId, 1, { activityId: newId() }));
    const { standings } = await (await admin()).listBudgetStandings({});
    const own = standings.filter((one) => one.tenantRef === toRef(tenantId));
    expect(own).toMatchObject([
      { scope: BudgetScope.ACTIVITY, activityRef: toRef(activityId), reserved: 4n, limit: 5n },
    ]);
    const reviewer = await t.client(RunsService, t.ctx.reviewer([tenantId]).principal);
    const { runs } = await reviewer.listRuns({});
    const capped = runs.filter(({ activityCaps }) => activityCaps.length > 0);
    expect(capped).toHaveLength(4);
    expect(capped.every(({ activityRef }) => activityRef === toRef(activityId))).toBe(true);
    expect(capped[0]?.activityCaps[0]).toMatchObject({ metric: BudgetMetric.RUNS, reserved: 4n, limit: 5n });
    const client = await t.client(RunsService, t.ctx.tenant(tenantId).principal);
    expect((await client.listRuns({})).runs.flatMap(({ activityCaps }) => activityCaps)).toEqual([]);
  });

  it("isn't listed any more once the activity has had no run for days", async () => {
    const [tenantId, activityId] = [tenant(), newId()];
    await cap(tenantId, { runs: 1 }, { scope: BudgetScope.ACTIVITY });
    await consider(await requested(tenantId, 1, { activityId }));
    const listed = async () =>
      (await (await admin()).listBudgetStandings({})).standings.filter(
        (one) => one.tenantRef === toRef(tenantId),
      ).length;
    expect(await listed()).toBe(1);
    await asTenant(tenantId, (tx) =>
      tx
        .updateTable("agent_run")
        .set({ requested_on: new Date(Date.now() - 9 * 86_400_000) })
        .execute(),
    );
    expect(await listed()).toBe(0);
  });
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
