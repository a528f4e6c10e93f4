import { createHash } from "node:crypto";
import { create, toBinary } from "@bufbuild/protobuf";
import { asTenantId, newId, type TenantId, toRef } from "@leadmetrics/kit";
import { HEADER, toNatsHeaders } from "@leadmetrics/kit/events/headers";
import type { ServiceTest } from "@leadmetrics/kit/testing";
import { UserVerifiedSchema } from "@leadmetrics/proto/identity/events/v1/events";
import { AuditService } from "@leadmetrics/proto/tenancy/v1/audit";
import { DeletionsService, TenantDeletionStatus } from "@leadmetrics/proto/tenancy/v1/deletions";
import { ExportsService } from "@leadmetrics/proto/tenancy/v1/exports";
import { TenantRecordsService } from "@leadmetrics/proto/tenancy/v1/records";
import { TenantStatus, TenantsService } from "@leadmetrics/proto/tenancy/v1/tenants";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TenancyDb } from "../src/db.ts";
import { startWholeTenant, type WholeTenant } from "./whole-tenant.ts";

let t: ServiceTest<TenancyDb>;
let world: WholeTenant;
beforeAll(async () => {
  world = await startWholeTenant();
  ({ t } = world);
});
afterAll(() => t?.close());

const admin = () => t.ctx.superAdmin().principal;
const deletions = (tenant: TenantId) => t.client(DeletionsService, admin(), tenant);

async function statusOf(tenant: TenantId) {
  return (await (await deletions(tenant)).getTenantDeletion({})).deletion;
}

const reaches = (tenant: TenantId, status: TenantDeletionStatus) =>
  expect.poll(async () => (await statusOf(tenant))?.status, { timeout: 20_000, interval: 100 }).toBe(status);

describe("a tenant's deletion", () => {
  it("suspends at once, erases after its grace period, proves it, and leaves one entry in the platform's chain", async () => {
    const { tenant, owner } = await world.company("Crumb Bakery");
    const other = await world.company("Other Bakery");
    const client = await deletions(tenant);
    const { deletion } = await client.requestTenantDeletion({
      reason: "asked by the owner",
      tenantName: "crumb bakery",
    });
    expect(deletion?.status).toBe(TenantDeletionStatus.REQUESTED);
    const again = await client.requestTenantDeletion({ reason: "twice", tenantName: "Crumb Bakery" });
    expect(again.deletion?.ref).toBe(deletion?.ref);
    const tenants = await t.client(TenantsService, admin(), tenant);
    expect((await tenants.getTenant({})).tenant?.status).toBe(TenantStatus.SUSPENDED);
    await expect(
      tenants.setTenantStatus({ tenantRef: toRef(tenant), status: TenantStatus.ACTIVE, reason: "no, stay" }),
    ).rejects.toThrow("Cancel the deletion first");
    await reaches(tenant, TenantDeletionStatus.GRACE);
    expect(world.elsewhere.records.get(tenant)).toBe(25);

    await reaches(tenant, TenantDeletionStatus.FINISHED);
    expect([await world.rowsOf("tenant", tenant), await world.rowsOf("tenant_member", tenant)]).toEqual([
      0, 0,
    ]);
    expect([world.elsewhere.records.get(tenant), world.elsewhere.people.has(owner)]).toEqual([0, false]);
    expect(await world.chainOf(tenant)).toBe(0);
    expect(world.elsewhere.records.get(other.tenant)).toBe(25);
    expect(await world.rowsOf("tenant_member", other.tenant)).toBe(1);

    const done = await statusOf(tenant);
    expect(done?.tenantName).toBe("");
    const things = done?.steps.find(({ holder }) => holder === "elsewhere")?.stores;
    expect(things).toMatchObject([
      { name: "thing", before: 25n, erased: 25n, after: 0n },
      { name: "person", before: 1n, erased: 1n, after: 0n },
      { name: "payment", before: 2n, after: 2n, reason: "the law" },
    ]);
    const events = done?.steps.find(({ holder }) => holder === "broker")?.stores;
    expect(events?.find(({ name }) => name === "EVT_TENANCY")?.before).toBeGreaterThan(0n);
    expect(events?.every(({ after }) => after === 0n)).toBe(true);
    const text = done?.reportJson ?? "";
    expect(createHash("sha256").update(text).digest("hex")).toBe(done?.reportHash);
    const report = JSON.parse(text) as { erased: number; auditChain: { entries: number } };
    expect(report.erased).toBeGreaterThan(26);
    expect(report.auditChain.entries).toBeGreaterThan(2);

    const audit = await t.client(AuditService, { kind: "service", service: "lm" });
    const proof = () =>
      t.db.withSystem("test", (tx) =>
        tx.selectFrom("audit_entry").selectAll().where("action", "=", "tenancy.tenant.deleted").execute(),
      );
    await expect.poll(async () => (await proof()).length, { timeout: 10_000 }).toBe(1);
    expect((await proof())[0]?.summary).toContain(done?.reportHash ?? "?");
    const { chains } = await audit.verifyAuditTrail({});
    expect(chains.every(({ intact }) => intact)).toBe(true);
    expect(chains.some(({ chain }) => chain === toRef(tenant))).toBe(false);
  }, 40_000);

  it("can be cancelled in its grace period, which brings the tenant back as it was, and not twice", async () => {
    const { tenant } = await world.company("Rye & Co");
    const client = await deletions(tenant);
    await client.requestTenantDeletion({ reason: "a mistake", tenantName: "Rye & Co" });
    expect((await client.cancelTenantDeletion({ reason: "was a mistake" })).deletion?.status).toBe(
      TenantDeletionStatus.CANCELLED,
    );
    const { tenant: back } = await (await t.client(TenantsService, admin(), tenant)).getTenant({});
    expect(back?.status).toBe(TenantStatus.ACTIVE);
    await expect(client.cancelTenantDeletion({})).rejects.toThrow("isn't being deleted");
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(world.elsewhere.records.get(tenant)).toBe(25);
    expect(
      (await client.requestTenantDeletion({ reason: "again", tenantName: "Rye & Co" })).deletion?.ref,
    ).not.toBe("");
    await client.cancelTenantDeletion({});
  }, 20_000);

  it("waits for a service that is away, says so, and can't be cancelled any more", async () => {
    const { tenant } = await world.company("Away Bakery");
    world.elsewhere.away = 2;
    const client = await deletions(tenant);
    await client.requestTenantDeletion({ reason: "asked by the owner", tenantName: "Away Bakery" });
    await expect
      .poll(async () => (await statusOf(tenant))?.problem, { timeout: 10_000 })
      .toBe("elsewhere doesn't answer.");
    await expect(client.cancelTenantDeletion({})).rejects.toThrow("erasing has begun");
    await expect((await t.client(ExportsService, admin(), tenant)).startTenantExport({})).rejects.toThrow(
      "no whole of it",
    );
    await reaches(tenant, TenantDeletionStatus.FINISHED);
    expect((await statusOf(tenant))?.problem).toBe("");
  }, 40_000);

  it("erases again what comes back before it is proven", async () => {
    const { tenant } = await world.company("Ghost Bakery");
    const client = await deletions(tenant);
    await client.requestTenantDeletion({ reason: "asked by the owner", tenantName: "Ghost Bakery" });
    await expect.poll(() => world.elsewhere.records.get(tenant), { timeout: 10_000, interval: 20 }).toBe(0);
    world.elsewhere.records.set(tenant, 3);
    await reaches(tenant, TenantDeletionStatus.FINISHED);
    expect(world.elsewhere.records.get(tenant)).toBe(0);
  }, 30_000);

  it("leaves people who belong to another tenant, and doesn't make an erased one anew when its sign-up is told again", async () => {
    const owner = newId();
    const { tenant } = await world.company("First Bakery", owner);
    await world.company("Second Bakery", owner);
    const client = await deletions(tenant);
    await client.requestTenantDeletion({ reason: "asked by the owner", tenantName: "First Bakery" });
    await reaches(tenant, TenantDeletionStatus.FINISHED);
    expect(world.elsewhere.people.has(owner)).toBe(true);
    const told = create(UserVerifiedSchema, {
      userRef: toRef(owner),
      email: "ann@bakery.example",
      name: "Ann",
      companyName: "First Bakery",
    });
    await t.nats.js.publish("evt.identity.user.verified.v1.platform", toBinary(UserVerifiedSchema, told), {
      headers: toNatsHeaders({
        [HEADER.id]: tenant,
        [HEADER.type]: UserVerifiedSchema.typeName,
        [HEADER.aggregate]: owner,
        [HEADER.actor]: "system:test",
        [HEADER.occurredAt]: new Date().toISOString(),
        [HEADER.requestId]: "replayed",
      }),
    });
    await world.company("Third Bakery", owner);
    expect(await world.rowsOf("tenant", tenant)).toBe(0);
  }, 30_000);

  it("is for super admins and the command line, needs the right name, and nobody's tenant isn't found", async () => {
    const { tenant } = await world.company("Named Bakery");
    await expect(
      (await deletions(tenant)).requestTenantDeletion({ reason: "wrong one", tenantName: "Other" }),
    ).rejects.toThrow("not the name");
    await expect(
      (await deletions(asTenantId(newId()))).requestTenantDeletion({ reason: "nobody", tenantName: "X" }),
    ).rejects.toThrow("no such tenant");
    for (const principal of [t.ctx.tenant(tenant).principal, t.ctx.reviewer([tenant]).principal]) {
      const client = await t.client(DeletionsService, principal, tenant);
      await expect(client.getTenantDeletion({})).rejects.toThrow();
      await expect(
        client.requestTenantDeletion({ reason: "mine", tenantName: "Named Bakery" }),
      ).rejects.toThrow();
    }
    const lm = await t.client(DeletionsService, { kind: "service", service: "lm" }, tenant);
    expect((await lm.getTenantDeletion({})).deletion).toBeUndefined();
    expect((await lm.listTenantDeletions({})).deletions.length).toBeGreaterThan(0);
  });

  it("is the only way to this service's own rows of a tenant", async () => {
    const { tenant } = await world.company("Safe Bakery");
    const records = await t.client(TenantRecordsService, { kind: "service", service: "tenancy" }, tenant);
    await expect(records.eraseTenantRecords({})).rejects.toThrow("Nobody asked");
    expect(await world.rowsOf("tenant", tenant)).toBe(1);
  });
});
