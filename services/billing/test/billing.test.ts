import { Code, ConnectError } from "@connectrpc/connect";
import { emit, fromConnectError, newId, type TenantId, toRef } from "@leadmetrics/kit";
import { catalogueTest, type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { CreditsService, SubscriptionsService } from "@leadmetrics/proto/billing/v1/credits";
import { TenantCreatedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BillingDb } from "../src/db.ts";
import { service } from "../src/definition.ts";
import { renewDue } from "../src/subscriptions/store.ts";

/** What the plan "free" brings a month. */
const FREE = 200;

let t: ServiceTest<BillingDb>;
beforeAll(async () => {
  t = await startServiceTest<BillingDb>({
    service: "billing",
    migrations: new URL("../migrations/", import.meta.url),
  });
  await t.start({
    ...service,
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

/** A tenant as tenancy announces it, with its first credits. */
async function tenant(): Promise<TenantId> {
  const tenantId = newId() as TenantId;
  const event = { tenantRef: toRef(tenantId), name: "Bakery", timeZone: "Europe/Berlin", ownerUserRef: "" };
  const tellTwice = async () => {
    await t.db.withTenant(t.ctx.tenant(tenantId), (tx) =>
      emit(tx, t.ctx.tenant(tenantId), TenantCreatedSchema, event, { aggregate: tenantId }),
    );
  };
  await tellTwice();
  await tellTwice();
  const credits = await owner(tenantId);
  await expect
    .poll(async () => (await credits.getBalance({})).balance?.available, { timeout: 10_000 })
    .toBe(BigInt(FREE));
  return tenantId;
}

const owner = (tenantId: TenantId) => t.client(CreditsService, t.ctx.tenant(tenantId).principal);
const agents = (tenantId: TenantId) =>
  t.client(CreditsService, { kind: "service", service: "agents" }, tenantId);
const run = () => toRef(newId());

async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error("the call went through");
  return error;
}

/** How often an event of this service was written for a tenant. */
async function told(tenantId: TenantId, name: string): Promise<number> {
  return t.db.withSystem("test", async (tx) => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from kit.outbox where tenant_id = ${tenantId} and event_type like ${`%.${name}`}`.execute(
      tx,
    );
    return rows[0]?.count ?? 0;
  });
}

/** The sums of the ledger's accounts, and the account row beside them. */
async function books(tenantId: TenantId) {
  return t.db.withTenant(t.ctx.tenant(tenantId), async (tx) => {
    const sums = await tx
      .selectFrom("credit_entry")
      .select(["account", (eb) => eb.fn.sum<string>("amount").as("sum")])
      .groupBy("account")
      .execute();
    const account = await tx.selectFrom("credit_account").selectAll().executeTakeFirstOrThrow();
    return { sums: Object.fromEntries(sums.map(({ account: name, sum }) => [name, Number(sum)])), account };
  });
}

describe("a new tenant", () => {
  it("gets the default plan and its credits once, however often it is announced", async () => {
    const tenantId = await tenant();
    const subscriptions = await t.client(SubscriptionsService, t.ctx.tenant(tenantId).principal);
    const { subscription } = await subscriptions.getSubscription({});
    expect(subscription).toMatchObject({ planCode: "free", weight: 1, monthlyCredits: BigInt(FREE) });
    const { entries } = await (await owner(tenantId)).listCreditEntries({});
    expect(entries.map((entry) => entry.amount)).toEqual([BigInt(FREE)]);
  });

  it("is renewed once a month, by however many replicas at once, and keeps what it did not use", async () => {
    const tenantId = await tenant();
    const inAMonth = new Date(Date.now() + 32 * 24 * 3_600_000);
    const signal = new AbortController().signal;
    await Promise.all([renewDue(t.db, inAMonth, signal), renewDue(t.db, inAMonth, signal)]);
    await renewDue(t.db, inAMonth, signal);
    expect((await (await owner(tenantId)).getBalance({})).balance?.available).toBe(BigInt(2 * FREE));
  });
});

describe("credits of a run", () => {
  it("are reserved once, settled by the real figure, and the rest is free again", async () => {
    const tenantId = await tenant();
    const client = await agents(tenantId);
    const runRef = run();
    await client.reserveCredits({ runRef, credits: 5 });
    const again = await client.reserveCredits({ runRef, credits: 5 });
    expect(again.balance).toMatchObject({ available: BigInt(FREE - 5), reserved: 5n });
    const settled = await client.settleCredits({ runRef, credits: 2 });
    expect(settled.balance).toMatchObject({ available: BigInt(FREE - 2), reserved: 0n, spentThisMonth: 2n });
    await client.settleCredits({ runRef, credits: 4 });
    const released = await client.releaseCredits({ runRef });
    expect(released.balance?.available).toBe(BigInt(FREE - 2));
    const { entries } = await (await owner(tenantId)).listCreditEntries({});
    expect(entries.map((entry) => Number(entry.amount))).toEqual([3, -5, FREE]);
  });

  it("come back whole when it came to nothing, and nothing is booked on it afterwards", async () => {
    const tenantId = await tenant();
    const client = await agents(tenantId);
    const runRef = run();
    expect((await client.releaseCredits({ runRef })).balance?.available).toBe(BigInt(FREE));
    await client.reserveCredits({ runRef, credits: 5 });
    await client.releaseCredits({ runRef });
    await client.releaseCredits({ runRef });
    const settled = await client.settleCredits({ runRef, credits: 5 });
    expect(settled.balance).toMatchObject({ available: BigInt(FREE), reserved: 0n, spentThisMonth: 0n });
    // Listed newest first, a page at a time.
    const list = await owner(tenantId);
    const amounts: number[] = [];
    for (let pageToken = "", pages = 0; pages === 0 || pageToken; pages++) {
      const { entries, page } = await list.listCreditEntries({ page: { pageSize: 1, pageToken } });
      amounts.push(...entries.map((entry) => Number(entry.amount)));
      pageToken = page?.nextPageToken ?? "";
    }
    expect(amounts).toEqual([5, -5, FREE]);
  });

  it("never go below zero: of many reservations at once exactly those that fit succeed", async () => {
    const tenantId = await tenant();
    const client = await agents(tenantId);
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, () => client.reserveCredits({ runRef: run(), credits: 9 })),
    );
    expect(answers.filter((answer) => answer.status === "fulfilled")).toHaveLength(Math.floor(FREE / 9));
    const { sums, account } = await books(tenantId);
    expect(sums).toMatchObject({ granted: -FREE, available: FREE % 9, reserved: FREE - (FREE % 9) });
    expect(account).toMatchObject({ available: sums.available, reserved: sums.reserved, spent: 0 });
  });

  it("that run out are said once, and again only after new ones have come", async () => {
    const tenantId = await tenant();
    const client = await agents(tenantId);
    for (let i = 0; i < 3; i++) {
      const refused = await refusal(client.reserveCredits({ runRef: run(), credits: FREE + 1 }));
      expect(refused.code).toBe(Code.ResourceExhausted);
      expect(fromConnectError(refused)?.reason).toBe("credits_exhausted");
    }
    expect(await told(tenantId, "CreditsExhausted")).toBe(1);
    const admin = await t.client(CreditsService, t.ctx.superAdmin().principal, tenantId);
    await admin.grantCredits({ credits: 10, note: "goodwill" });
    expect(await told(tenantId, "CreditsGranted")).toBe(2);
    await refusal(client.reserveCredits({ runRef: run(), credits: FREE + 11 }));
    expect(await told(tenantId, "CreditsExhausted")).toBe(2);
  });

  it("that run low are said once a month", async () => {
    const tenantId = await tenant();
    const client = await agents(tenantId);
    await client.reserveCredits({ runRef: run(), credits: FREE * 0.79 });
    expect(await told(tenantId, "CreditsLow")).toBe(0);
    await client.reserveCredits({ runRef: run(), credits: 3 });
    await client.reserveCredits({ runRef: run(), credits: 3 });
    expect(await told(tenantId, "CreditsLow")).toBe(1);
  });

  it("stop at the month's cap though there are more", async () => {
    const tenantId = await tenant();
    await t.db.global((tx) =>
      tx
        .insertInto("plan")
        .values({
          code: "capped",
          name: "Capped",
          position: 99,
          monthly_credits: 500,
          monthly_cap: 20,
          weight: 3,
          price_minor: 0,
          currency: "USD",
        })
        .onConflict((conflict) => conflict.column("code").doNothing())
        .execute(),
    );
    const admin = await t.client(SubscriptionsService, t.ctx.superAdmin().principal, tenantId);
    await admin.changeSubscription({ planCode: "capped" });
    expect((await (await owner(tenantId)).getBalance({})).balance).toMatchObject({
      available: 500n,
      monthlyCap: 20n,
    });
    const client = await agents(tenantId);
    await client.reserveCredits({ runRef: run(), credits: 15 });
    const refused = await refusal(client.reserveCredits({ runRef: run(), credits: 6 }));
    expect(fromConnectError(refused)?.reason).toBe("cap_reached");
    expect(await told(tenantId, "SubscriptionChanged")).toBe(2);
  });
});

describe("who may what", () => {
  it("lets only agents reserve, only super admins grant, and nobody see another tenant's credits", async () => {
    const [mine, theirs] = [await tenant(), await tenant()];
    const client = await owner(mine);
    expect((await refusal(client.reserveCredits({ runRef: run(), credits: 1 }))).code).toBe(
      Code.PermissionDenied,
    );
    expect((await refusal(client.grantCredits({ credits: 1, note: "for me" }))).code).toBe(
      Code.PermissionDenied,
    );
    const content = await t.client(CreditsService, { kind: "service", service: "content" }, mine);
    expect((await refusal(content.reserveCredits({ runRef: run(), credits: 1 }))).code).toBe(
      Code.PermissionDenied,
    );
    const stranger = await t.client(CreditsService, t.ctx.tenant(mine).principal, theirs);
    expect((await refusal(stranger.getBalance({}))).code).toBe(Code.NotFound);
  });

  it("refuses an unknown plan with the known ones", async () => {
    const admin = await t.client(SubscriptionsService, t.ctx.superAdmin().principal, await tenant());
    const refused = await refusal(admin.changeSubscription({ planCode: "platinum" }));
    expect(refused.code).toBe(Code.InvalidArgument);
    expect(refused.rawMessage).toContain("platinum");
  });
});

describe("the ledger", () => {
  it("can't be changed, shortened, or unbalanced, not even by the service itself", async () => {
    const tenantId = await tenant();
    const ctx = t.ctx.tenant(tenantId);
    await expect(
      t.db.withTenant(ctx, (tx) => tx.updateTable("credit_entry").set({ amount: 1_000 }).execute()),
    ).rejects.toThrow();
    await expect(t.db.withTenant(ctx, (tx) => tx.deleteFrom("credit_entry").execute())).rejects.toThrow();
    const alone = {
      id: newId(),
      tenant_id: tenantId,
      transaction_id: newId(),
      kind: "grant" as const,
      account: "available" as const,
      amount: 1_000,
      run_id: null,
      grant_key: "thin-air",
      created_by: "test",
    };
    await expect(
      t.db.withTenant(ctx, (tx) => tx.insertInto("credit_entry").values(alone).execute()),
    ).rejects.toThrow();
    expect((await books(tenantId)).sums).toEqual({ granted: -FREE, available: FREE });
  });
});

it("keeps tenants apart in every table", () => catalogueTest(t));
