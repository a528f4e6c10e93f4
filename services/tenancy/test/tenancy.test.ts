import { Code, ConnectError } from "@connectrpc/connect";
import { asTenantId, emit, fromRef, newId, systemCtx, type TenantId, toRef } from "@leadmetrics/kit";
import { catalogueTest, type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { UserVerifiedSchema } from "@leadmetrics/proto/identity/events/v1/events";
import { TenantRole } from "@leadmetrics/proto/options/v1/access";
import { AuditService } from "@leadmetrics/proto/tenancy/v1/audit";
import { ContextService } from "@leadmetrics/proto/tenancy/v1/context";
import { MembersService } from "@leadmetrics/proto/tenancy/v1/members";
import { TenantsService } from "@leadmetrics/proto/tenancy/v1/tenants";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditConsumer } from "../src/audit/events.ts";
import { postgresTrail } from "../src/audit/postgres.ts";
import type { TenancyDb } from "../src/db.ts";
import { Assignments } from "../src/members/assignments.ts";
import { memberConsumers } from "../src/members/events.ts";
import { servicesOf } from "../src/services.ts";

let t: ServiceTest<TenancyDb>;
beforeAll(async () => {
  t = await startServiceTest<TenancyDb>({
    service: "tenancy",
    migrations: new URL("../migrations/", import.meta.url),
  });
  await t.start({
    config: t.config,
    rpc: ({ db, rpc, nats }) => servicesOf({ db, rpc, nats, trail: postgresTrail(db) }),
    consumers: ({ db, nats }) => [
      auditConsumer(postgresTrail(db)),
      ...memberConsumers(db, new Assignments(db, nats)),
    ],
  });
});
afterAll(() => t?.close());

async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error("the call went through");
  return error;
}

/** What identity's event causes: a tenant with its owner. */
async function verified(companyName: string, userId = newId()): Promise<TenantId> {
  const event = {
    userRef: toRef(userId),
    email: `${companyName.toLowerCase()}@x.example`,
    name: companyName,
    companyName,
  };
  await t.db.global((tx) => emit(tx, systemCtx("test"), UserVerifiedSchema, event, { aggregate: userId }));
  const members = await t.client(MembersService, { kind: "service", service: "identity" });
  const found = await expect
    .poll(
      async () => (await members.listMembershipsOfUser({ userRef: toRef(userId) })).memberships[0]?.tenantRef,
      { timeout: 10_000 },
    )
    .toBeTypeOf("string")
    .then(() => members.listMembershipsOfUser({ userRef: toRef(userId) }));
  expect(found.memberships).toMatchObject([{ tenantName: companyName, role: TenantRole.OWNER }]);
  return asTenantId(fromRef(found.memberships[0]?.tenantRef ?? ""));
}

describe("a verified user", () => {
  it("gets a tenant of their own, once, and it is audited in an unbroken chain that shows a forged entry", async () => {
    const tenantId = await verified("Bakery");
    const client = await t.client(TenantsService, t.ctx.tenant(tenantId).principal);
    expect((await client.getTenant({})).tenant?.name).toBe("Bakery");
    const audit = await t.client(AuditService, t.ctx.tenant(tenantId).principal);
    await expect
      .poll(async () => (await audit.listAuditEntries({})).entries.map((entry) => entry.action).sort(), {
        timeout: 10_000,
      })
      .toEqual(["tenancy.member.joined", "tenancy.tenant.created"]);
    const admin = await t.client(AuditService, t.ctx.superAdmin().principal, tenantId);
    expect(await admin.verifyAuditChain({})).toMatchObject({ intact: true, entries: 2n });
    const owner = new pg.Client({ connectionString: t.urls.owner });
    await owner.connect();
    await owner.query(
      "alter table audit_entry no force row level security; update audit_entry set summary = 'nothing' where sequence = 1",
    );
    await owner.query("alter table audit_entry force row level security");
    await owner.end();
    expect(await admin.verifyAuditChain({})).toMatchObject({ intact: false, brokenAt: 1n });
  });
});

describe("the client context", () => {
  it("keeps every version and refuses one based on an older", async () => {
    const tenantId = await verified("Mill");
    const client = await t.client(ContextService, t.ctx.tenant(tenantId).principal);
    expect((await client.getContext({})).context?.version).toBe(0);
    await client.updateContext({ version: 0, context: { brandVoice: "Plain." } });
    await client.updateContext({ version: 1, context: { brandVoice: "Warm." } });
    expect((await refusal(client.updateContext({ version: 1, context: { brandVoice: "Late." } }))).code).toBe(
      Code.Aborted,
    );
    expect((await client.getContext({ version: 1 })).context?.context?.brandVoice).toBe("Plain.");
    expect((await client.listContextVersions({})).versions.map((version) => version.version)).toEqual([2, 1]);
  });
});

describe("isolation", () => {
  it("shows a tenant nothing of another, and a reviewer only assigned ones", async () => {
    const mine = await verified("Mine");
    const other = await verified("Other");
    const stranger = await t.client(TenantsService, t.ctx.tenant(mine).principal, other);
    expect((await refusal(stranger.getTenant({}))).code).toBe(Code.NotFound);
    const reviewer = await t.client(TenantsService, t.ctx.reviewer([mine]).principal);
    expect((await reviewer.listTenants({})).tenants.map((tenant) => tenant.name)).toEqual(["Mine"]);
  });

  it("holds in every table", () => catalogueTest(t));
});

describe("members", () => {
  it("can't lose their last owner", async () => {
    const userId = newId();
    const tenantId = await verified("Solo", userId);
    const members = await t.client(MembersService, t.ctx.tenant(tenantId, "owner", userId).principal);
    expect((await refusal(members.removeMember({ userRef: toRef(userId) }))).code).toBe(
      Code.FailedPrecondition,
    );
  });
});
