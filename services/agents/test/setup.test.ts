import { emit, newId, type TenantId, toRef } from "@leadmetrics/kit";
import type { ServiceTest } from "@leadmetrics/kit/testing";
import { SetupRequestedSchema, SetupWithdrawnSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentsDb, RunRow } from "../src/db.ts";
import { service } from "../src/definition.ts";
import { candidatesOf, hold } from "../src/dispatch/store.ts";
import { ROLES } from "../src/roles/index.ts";
import { agentsTest } from "./agents.ts";

let t: ServiceTest<AgentsDb>;
beforeAll(async () => {
  const agents = await agentsTest();
  t = agents.t;
  // Without dispatcher and reconciler: the tests take their steps themselves.
  const { rpc, consumers } = service;
  await t.start({ config: agents.config, rpc, consumers });
});
afterAll(() => t?.close());

const tell = (tenant: TenantId, runRef: string, withdrawn = false) => {
  const ctx = t.ctx.tenant(tenant);
  const on = { aggregate: runRef };
  return t.db.withTenant(ctx, (tx) =>
    withdrawn
      ? emit(tx, ctx, SetupWithdrawnSchema, { runRef, reason: "Not wanted." }, on)
      : emit(
          tx,
          ctx,
          SetupRequestedSchema,
          { runRef, companyName: "Crumb & Co", website: "https://crumb.example/" },
          on,
        ),
  );
};
const runsOf = (tenant: TenantId): Promise<RunRow[]> =>
  t.db.withTenant(t.ctx.tenant(tenant), (tx) =>
    tx.selectFrom("agent_run").selectAll().orderBy("id").execute(),
  );
const become = (tenant: TenantId, statuses: readonly string[]) =>
  expect
    .poll(async () => (await runsOf(tenant)).map(({ status }) => status), { timeout: 10_000 })
    .toEqual(statuses);

describe("a run of the setup agent", () => {
  it("belongs to no activity, plan or step, and is asked for by people, who wait for it", async () => {
    const tenant = newId() as TenantId;
    await tell(tenant, toRef(newId()));
    await become(tenant, ["requested"]);
    expect((await runsOf(tenant))[0]).toMatchObject({
      role: "setup",
      lane: "interactive",
      work_group: "llm",
      activity_id: null,
      plan_id: null,
      step_id: null,
      input: {
        contentType: "client_context",
        company: { name: "Crumb & Co", website: "https://crumb.example/" },
      },
    });
  });

  it("is one at a time: a newer one takes the place of the older, an older that comes late is void", async () => {
    const tenant = newId() as TenantId;
    const [first, second] = [toRef(newId()), toRef(newId())];
    await tell(tenant, first);
    await become(tenant, ["requested"]);
    await tell(tenant, second);
    await become(tenant, ["cancelled", "requested"]);
    await tell(tenant, second, true);
    await become(tenant, ["cancelled", "cancelled"]);
  });

  it("costs the tenant nothing, and leaves nothing to settle whatever becomes of it", async () => {
    const tenant = newId() as TenantId;
    const runRef = toRef(newId());
    await tell(tenant, runRef);
    await become(tenant, ["requested"]);
    const credits = Object.fromEntries(ROLES.map((role) => [role.name, role.credits]));
    const held = await t.db.withSystem("test", async (tx) => {
      const ids = (await candidatesOf(tx, "llm", 5))
        .filter(({ tenantId }) => tenantId === tenant)
        .map(({ id }) => id);
      return hold(tx, ids, 30_000, credits);
    });
    expect(held).toMatchObject([{ credits: 0, credit_state: "none" }]);
    await tell(tenant, runRef, true);
    await become(tenant, ["cancelled"]);
    expect((await runsOf(tenant))[0]).toMatchObject({ credits: 0, credit_state: "none" });
  });
});
