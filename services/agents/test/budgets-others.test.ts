import { Code } from "@connectrpc/connect";
import { newId, toRef } from "@leadmetrics/kit";
import { BudgetScope, BudgetsService } from "@leadmetrics/proto/agents/v1/budgets";
import { sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import type { RunRow } from "../src/db.ts";

import { startBudgets } from "./budgets.ts";

const { t, tenant, admin, requested, consider, statuses, work, inState, cap, budgetOf, refusal } =
  await startBudgets();
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
