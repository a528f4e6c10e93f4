import { Code, ConnectError } from "@connectrpc/connect";
import { emit, fromConnectError, newId, type TenantId, toRef } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { CreditsService } from "@leadmetrics/proto/billing/v1/credits";
import { PaymentsService, TopUpStatus } from "@leadmetrics/proto/billing/v1/payments";
import { TenantCreatedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BillingDb } from "../src/db.ts";
import { service } from "../src/definition.ts";
import { manual } from "../src/payments/manual.ts";
import { razorpay } from "../src/payments/razorpay.ts";
import { KEY_ID, KEY_SECRET, startRazorpay } from "./wire/razorpay-server.ts";

const FREE = 200n;
const SECRET = "webhook-secret";
const OLD_SECRET = "webhook-secret-of-yesterday";

let t: ServiceTest<BillingDb>;
let wire: Awaited<ReturnType<typeof startRazorpay>>;

beforeAll(async () => {
  wire = await startRazorpay();
  t = await startServiceTest<BillingDb>({
    service: "billing",
    migrations: new URL("../migrations/", import.meta.url),
  });
  await t.start({
    ...service,
    config: {
      ...t.config,
      DEFAULT_PLAN: "free",
      RAZORPAY_KEY_ID: KEY_ID,
      RAZORPAY_KEY_SECRET: KEY_SECRET,
      RAZORPAY_WEBHOOK_SECRET: `${SECRET},${OLD_SECRET}`,
      RAZORPAY_BASE_URL: wire.url,
    },
  });
});
afterAll(async () => {
  await t?.close();
  await wire?.close();
});

async function tenant() {
  const tenantId = newId() as TenantId;
  const ctx = t.ctx.tenant(tenantId);
  await t.db.withTenant(ctx, (tx) =>
    emit(
      tx,
      ctx,
      TenantCreatedSchema,
      { tenantRef: toRef(tenantId), name: "Bakery", timeZone: "UTC" },
      { aggregate: tenantId, subject: `evt.tenancy.tenant.created.v1.${toRef(tenantId)}` },
    ),
  );
  const credits = await t.client(CreditsService, ctx.principal);
  const available = async () => (await credits.getBalance({})).balance?.available;
  await expect.poll(available, { timeout: 10_000 }).toBe(FREE);
  return { tenantId, available, payments: await t.client(PaymentsService, ctx.principal) };
}

const gateway = () => t.client(PaymentsService, { kind: "service", service: "gateway" });

async function receive(event: { body: Uint8Array; signature: string }, eventId = newId() as string) {
  await (await gateway()).receivePaymentEvent({
    provider: "razorpay",
    eventId,
    body: Uint8Array.from(event.body),
    signature: event.signature,
  });
}

async function refusal(call: Promise<unknown>): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  if (!error) throw new Error("the call went through");
  return error;
}

describe("buying credits", () => {
  it("opens an order, and gives the credits once when it is paid, however often that is said", async () => {
    const { payments, available } = await tenant();
    const { topUp } = await payments.createTopUp({ credits: 50 });
    expect(topUp).toMatchObject({
      status: TopUpStatus.OPEN,
      providerPublicKey: KEY_ID,
      price: { minorUnits: 500n, currency: "USD" },
    });
    const order = wire.orders.find((each) => each.id === topUp?.providerOrderRef);
    if (!order) throw new Error("no order");
    expect(order.receipt).toBe(topUp?.ref);
    const paid = wire.event("order.paid", order, SECRET);
    await Promise.all([receive(paid, "evt_1"), receive(paid, "evt_1"), receive(paid, "evt_2")]);
    expect(await available()).toBe(FREE + 50n);
    expect((await payments.getTopUp({ topUpRef: topUp?.ref })).topUp?.status).toBe(TopUpStatus.PAID);
  });

  it("finds the order of a try whose answer was lost, and opens no second one", async () => {
    const provider = razorpay({
      keyId: KEY_ID,
      keySecret: KEY_SECRET,
      webhookSecrets: [],
      baseUrl: wire.url,
    });
    const order = { receipt: toRef(newId()), amountMinor: 500, currency: "USD" };
    const { signal } = new AbortController();
    const before = wire.orders.length;
    wire.loseNextAnswer();
    await expect(provider.openOrder(order, signal)).rejects.toThrow("doesn't answer");
    expect(await provider.openOrder(order, signal)).toBe(wire.orders.at(-1)?.id);
    expect(wire.orders.length).toBe(before + 1);
  });

  it("takes no event that is not signed by the provider, by today's or yesterday's secret", async () => {
    const { payments, available } = await tenant();
    const { topUp } = await payments.createTopUp({ credits: 10 });
    const order = wire.orders.find((each) => each.id === topUp?.providerOrderRef);
    if (!order) throw new Error("no order");
    for (const forged of [
      wire.event("order.paid", order, "guess"),
      { ...wire.event("order.paid", order, SECRET), signature: "" },
      { ...wire.event("order.paid", order, SECRET), signature: "zz" },
      { ...wire.event("order.paid", order, SECRET), body: Buffer.from("{}") },
    ]) {
      expect((await refusal(receive(forged))).code).toBe(Code.Unauthenticated);
    }
    expect(await available()).toBe(FREE);
    await receive(wire.event("order.paid", order, OLD_SECRET));
    expect(await available()).toBe(FREE + 10n);
  });

  it("gives nothing for a part of the price, for other events, or for an order that isn't ours", async () => {
    const { payments, available } = await tenant();
    const { topUp } = await payments.createTopUp({ credits: 10 });
    const order = wire.orders.find((each) => each.id === topUp?.providerOrderRef);
    if (!order) throw new Error("no order");
    await receive(wire.event("order.paid", order, SECRET, order.amount - 1));
    await receive(wire.event("payment.failed", order, SECRET));
    expect((await refusal(receive(wire.event("order.paid", { ...order, id: "order_x" }, SECRET)))).code).toBe(
      Code.NotFound,
    );
    expect(await available()).toBe(FREE);
  });

  it("says that the provider is busy, without its words", async () => {
    const { payments } = await tenant();
    wire.answerWith(500);
    const refused = await refusal(payments.createTopUp({ credits: 10 }));
    wire.answerWith(0);
    expect(refused.code).toBe(Code.Unavailable);
    expect(refused.rawMessage).not.toContain("facing some trouble");
  });

  it("is for admins of the tenant; telling about payments is for the gateway", async () => {
    const { tenantId, payments } = await tenant();
    const member = await t.client(PaymentsService, t.ctx.tenant(tenantId, "member").principal);
    expect((await refusal(member.createTopUp({ credits: 10 }))).code).toBe(Code.PermissionDenied);
    const event = { provider: "razorpay", eventId: "e", body: new Uint8Array(), signature: "" };
    expect((await refusal(payments.receivePaymentEvent(event))).code).toBe(Code.PermissionDenied);
    const other = await tenant();
    const { topUp } = await payments.createTopUp({ credits: 10 });
    expect((await refusal(other.payments.getTopUp({ topUpRef: topUp?.ref }))).code).toBe(Code.NotFound);
  });
});

it("by hand, nobody pays online, and is told what to do", async () => {
  const order = { receipt: "r", amountMinor: 1, currency: "USD" };
  const refused = await manual
    .openOrder(order, new AbortController().signal)
    .catch((error: unknown) => fromConnectError(error));
  expect(refused).toMatchObject({ reason: "payments_manual" });
  expect(String(refused)).toContain("account manager");
});
