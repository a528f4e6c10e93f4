import { ConnectError } from "@connectrpc/connect";
import { fromConnectError, newId, type TenantId, toRef } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { CreditsService, SubscriptionsService } from "@leadmetrics/proto/billing/v1/credits";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BillingDb } from "../src/db.ts";
import { service } from "../src/definition.ts";
import { openAccount, renewDue } from "../src/subscriptions/store.ts";

/** What the plans "free", "agency" and "enterprise" bring a month. */
const [FREE, AGENCY, ENTERPRISE] = [200n, 6_000n, 30_000n];
const { signal } = new AbortController();

let t: ServiceTest<BillingDb>;
beforeAll(async () => {
  t = await startServiceTest<BillingDb>({
    service: "billing",
    migrations: new URL("../migrations/", import.meta.url),
  });
  await t.start({
    ...service,
    // Renewals are made by hand here, each at its own time.
    schedules: () => [],
    config: {
      ...t.config,
      DEFAULT_PLAN: "free",
      RAZORPAY_KEY_ID: undefined,
      RAZORPAY_KEY_SECRET: undefined,
      RAZORPAY_WEBHOOK_SECRET: "",
      RAZORPAY_BASE_URL: "http://127.0.0.1:9",
    },
  });
});
afterAll(() => t?.close());

async function opened(timeZone = "UTC", now = new Date()) {
  const tenantId = newId() as TenantId;
  const ctx = t.ctx.tenant(tenantId);
  await t.db.withTenant(ctx, (tx) => openAccount(tx, ctx, { planCode: "free", timeZone, now }));
  const credits = await t.client(CreditsService, ctx.principal);
  return {
    tenantId,
    ctx,
    balance: async () => (await credits.getBalance({})).balance,
    agents: await t.client(CreditsService, { kind: "service", service: "agents" }, tenantId),
    admin: await t.client(SubscriptionsService, t.ctx.superAdmin().principal, tenantId),
    subscription: () =>
      t.db.withTenant(ctx, (tx) => tx.selectFrom("subscription").selectAll().executeTakeFirstOrThrow()),
  };
}

const run = () => toRef(newId());
const noonOf = (day: string) => new Date(`${day}T12:00:00Z`);

describe("a renewal", () => {
  // The day the account was made on is another one in UTC than where the tenant is.
  it.each([
    ["Pacific/Auckland", "2026-12-31T20:00:00Z", ["2027-02-01", "2027-03-01", "2027-04-01"]],
    ["America/New_York", "2027-01-01T02:00:00Z", ["2027-01-31", "2027-02-28", "2027-03-31"]],
  ])("comes once a month on the day it began in %s", async (timeZone, began, days) => {
    const { ctx, subscription, balance } = await opened(timeZone, new Date(began));
    await t.db.withTenant(ctx, (tx) =>
      tx
        .updateTable("subscription")
        .set({ created_on: new Date(began) })
        .execute(),
    );
    for (const [renewed, day] of days.entries()) {
      expect((await subscription()).renews_on).toBe(day);
      await renewDue(t.db, noonOf(day), signal);
      await renewDue(t.db, noonOf(day), signal);
      expect((await balance())?.available).toBe(FREE * BigInt(renewed + 2));
    }
  });

  it("that fails holds up nobody else's, is reported, and is made later", async () => {
    const broken = await opened("UTC", noonOf("2026-01-05"));
    const next = await opened("UTC", noonOf("2026-01-06"));
    const { account } = await t.db.withTenant(broken.ctx, async (tx) => {
      const row = await tx.selectFrom("credit_account").selectAll().executeTakeFirstOrThrow();
      await tx.deleteFrom("credit_account").execute();
      return { account: row };
    });
    await expect(renewDue(t.db, noonOf("2026-02-08"), signal)).rejects.toThrow("1 renewals failed");
    expect((await next.balance())?.available).toBe(2n * FREE);
    await t.db.withTenant(broken.ctx, (tx) => tx.insertInto("credit_account").values(account).execute());
    await renewDue(t.db, noonOf("2026-02-08"), signal);
    expect((await broken.balance())?.available).toBe(2n * FREE);
  });

  it("is made for all that are due in one run, however many", async () => {
    const owners = Array.from({ length: 120 }, () => t.ctx.tenant(newId() as TenantId));
    const now = noonOf("2026-03-05");
    for (const ctx of owners) {
      await t.db.withTenant(ctx, (tx) => openAccount(tx, ctx, { planCode: "free", timeZone: "UTC", now }));
    }
    await renewDue(t.db, noonOf("2026-04-05"), signal);
    const started = await t.db.withSystem("test", (tx) =>
      tx
        .selectFrom("subscription")
        .select("period_start")
        .where(
          "tenant_id",
          "in",
          owners.map((ctx) => ctx.tenantId),
        )
        .execute(),
    );
    expect(started.map((each) => each.period_start)).toEqual(owners.map(() => "2026-04-05"));
  });
});

describe("a change of plan", () => {
  it("brings a month's credits of the biggest plan, not more for going to and fro", async () => {
    const { admin, balance } = await opened();
    for (const planCode of ["pro", "free", "agency", "free", "pro"]) {
      await admin.changeSubscription({ planCode });
    }
    expect((await balance())?.available).toBe(AGENCY);
  });

  it("brings no more when several are made at once", async () => {
    const { admin, balance } = await opened();
    const plans = ["pro", "agency", "enterprise"];
    await Promise.all(plans.map((planCode) => admin.changeSubscription({ planCode })));
    expect((await balance())?.available).toBe(ENTERPRISE);
  });

  it("goes through beside a renewal", async () => {
    const { admin, balance } = await opened("UTC", noonOf("2026-05-05"));
    const plans = ["pro", "agency", "enterprise"];
    await Promise.all([
      renewDue(t.db, noonOf("2026-06-05"), signal),
      ...plans.map((planCode) => admin.changeSubscription({ planCode })),
    ]);
    // Two periods; the first one's plan is a matter of who came first.
    const available = (await balance())?.available ?? 0n;
    expect(available).toBeGreaterThanOrEqual(FREE + ENTERPRISE);
    expect(available).toBeLessThanOrEqual(2n * ENTERPRISE);
  });
});

describe("a month of spending", () => {
  it.each(["+05:30", "Not/AZone"])(
    "can be booked where Postgres reads the zone %s differently",
    async (zone) => {
      const { agents, balance } = await opened(zone);
      const runRef = run();
      await agents.reserveCredits({ runRef, credits: 5 });
      await agents.settleCredits({ runRef, credits: 4 });
      expect(await balance()).toMatchObject({ available: FREE - 4n, spentThisMonth: 4n });
    },
  );

  it("frees the cap when it ends, and that the next one's is reached is said again", async () => {
    const { ctx, agents, balance, tenantId } = await opened();
    await t.db.global((tx) =>
      sql`insert into plan (code, name, position, monthly_credits, monthly_cap, weight, price_minor, currency)
        values ('capped', 'Capped', 99, 0, 20, 1, 0, 'USD')`.execute(tx),
    );
    await t.db.withTenant(ctx, (tx) => tx.updateTable("subscription").set({ plan_code: "capped" }).execute());
    const spend = async (credits: number) => {
      const runRef = run();
      await agents.reserveCredits({ runRef, credits });
      await agents.settleCredits({ runRef, credits });
    };
    const isCapped = async () => {
      const error = await spend(1).then(() => undefined, ConnectError.from);
      expect(error && fromConnectError(error)?.reason).toBe("cap_reached");
    };
    await spend(20);
    await isCapped();
    await t.db.withTenant(ctx, (tx) => tx.updateTable("credit_account").set({ month: "2026-01" }).execute());
    expect(await balance()).toMatchObject({ spentThisMonth: 0n, monthlyCap: 20n });
    await spend(20);
    await isCapped();
    const { rows } = await t.db.withSystem("test", (tx) =>
      sql`select from kit.outbox where tenant_id = ${tenantId} and event_type like '%.CreditsExhausted'`.execute(
        tx,
      ),
    );
    expect(rows).toHaveLength(2);
  });
});
