import { Code, ConnectError } from "@connectrpc/connect";
import { asTenantId, fromRef, platformSettings, toRef } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { FeaturesService, SettingsService, TenantFeatureState } from "@leadmetrics/proto/tenancy/v1/settings";
import { TenantsService } from "@leadmetrics/proto/tenancy/v1/tenants";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditConsumer } from "../src/audit/events.ts";
import { PLATFORM_CHAIN } from "../src/audit/port.ts";
import { postgresTrail } from "../src/audit/postgres.ts";
import type { TenancyDb } from "../src/db.ts";
import { servicesOf } from "../src/services.ts";
import { SettingsTeller, settingsConsumer } from "../src/settings/tell.ts";

/** Milliseconds in which every process has heard of a change. */
const HEARD_MS = 1_000;

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
      settingsConsumer(new SettingsTeller(db, nats)),
      auditConsumer(postgresTrail(db)),
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

async function within<T>(ms: number, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const settings = () => t.client(SettingsService, t.ctx.superAdmin().principal);
const hours = "promise.dm_review_hours";
const hoursNow = async () =>
  (await (await settings()).listSettings({})).settings.find(({ name }) => name === hours);

describe("a setting of the platform", () => {
  it("is heard of by every process within a second, says who changed it, and goes back to its default", async () => {
    expect(await hoursNow()).toMatchObject({ value: "24", defaultValue: "24", min: 1, max: 168, version: 0 });
    const { principal } = t.ctx.superAdmin();
    const admin = await t.client(SettingsService, principal);
    await admin.changeSetting({ name: hours, value: "12", version: 0 });
    await within(HEARD_MS, () => (platformSettings.get(hours) === 12 ? true : undefined));
    expect(await hoursNow()).toMatchObject({ value: "12", version: 1 });
    if (principal.kind === "platform")
      expect((await hoursNow())?.changedBy?.id).toBe(toRef(principal.userId));

    await admin.resetSetting({ name: hours, version: 1 });
    await within(HEARD_MS, () => (platformSettings.get(hours) === 24 ? true : undefined));
    expect(await hoursNow()).toMatchObject({ value: "24", version: 2 });
    const told = await within(5_000, async () => {
      const rows = await t.db.withSystem("test", (tx) =>
        tx
          .selectFrom("audit_entry")
          .select("summary")
          .where("chain", "=", PLATFORM_CHAIN)
          .where("action", "=", "tenancy.setting.changed")
          .orderBy("sequence", "desc")
          .execute(),
      );
      return rows.length === 2 ? rows : undefined;
    });
    expect(told.map(({ summary }) => summary)).toEqual([
      'The setting "Promise of the DM review" was changed from "12" to "24"',
      'The setting "Promise of the DM review" was changed from "24" to "12"',
    ]);
  });

  it("is refused out of its bounds, over a newer value, under a name there isn't, and to anybody but super admins", async () => {
    const admin = await settings();
    const outside = await refusal(admin.changeSetting({ name: hours, value: "1000", version: 2 }));
    expect(outside.message).toContain("must be a whole number of hours from 1 to 168");
    const version = (await hoursNow())?.version ?? 0;
    expect(
      (await refusal(admin.changeSetting({ name: hours, value: "13", version: version - 1 }))).code,
    ).toBe(Code.Aborted);
    expect((await refusal(admin.changeSetting({ name: "no.such", value: "1", version: 0 }))).code).toBe(
      Code.NotFound,
    );
    const client = await t.client(SettingsService, t.ctx.tenant().principal);
    expect((await refusal(client.changeSetting({ name: hours, value: "13", version }))).code).toBe(
      Code.PermissionDenied,
    );
  });

  it("changed by two people from its default at once is changed by one", async () => {
    const admin = await settings();
    const both = await Promise.allSettled(
      ["Back at nine", "Back at ten"].map((value) =>
        admin.changeSetting({ name: "portals.banner", value, version: 0 }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("a feature", () => {
  it("goes to a share of the tenants, and to or from one by name, within a second", async () => {
    const features = await t.client(FeaturesService, t.ctx.superAdmin().principal);
    const { tenant } = await (await t.client(TenantsService, t.ctx.superAdmin().principal)).createTenant({
      name: "Bakery",
      timeZone: "Europe/Vienna",
      locale: "en",
      currency: "EUR",
      ownerEmail: "o@bakery.example",
    });
    const tenantRef = tenant?.ref ?? "";
    expect(platformSettings.has("bundle_approvals", tenantRef)).toBe(true);
    await features.setFeatureShare({ name: "bundle_approvals", share: 0, version: 0 });
    await within(HEARD_MS, () => (platformSettings.has("bundle_approvals", tenantRef) ? undefined : true));

    const there = await t.client(
      FeaturesService,
      t.ctx.superAdmin().principal,
      asTenantId(fromRef(tenantRef)),
    );
    const { feature } = await there.setTenantFeature({
      name: "bundle_approvals",
      state: TenantFeatureState.ON,
    });
    expect(feature?.tenants).toMatchObject([
      { tenantRef, tenantName: "Bakery", state: TenantFeatureState.ON },
    ]);
    await within(HEARD_MS, () => (platformSettings.has("bundle_approvals", tenantRef) ? true : undefined));
    await there.setTenantFeature({ name: "bundle_approvals", state: TenantFeatureState.BY_SHARE });
    await within(HEARD_MS, () => (platformSettings.has("bundle_approvals", tenantRef) ? undefined : true));
  });

  it("isn't said of a tenant there isn't", async () => {
    const nowhere = await t.client(FeaturesService, t.ctx.superAdmin().principal, t.tenantB);
    const call = nowhere.setTenantFeature({ name: "bundle_approvals", state: TenantFeatureState.ON });
    expect((await refusal(call)).code).toBe(Code.NotFound);
  });
});
