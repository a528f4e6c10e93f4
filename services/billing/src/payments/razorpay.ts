import { createHmac, timingSafeEqual } from "node:crypto";
import { errors } from "@leadmetrics/kit";
import { z } from "zod";
import type { PaymentEvent, PaymentProvider } from "./port.ts";

export interface RazorpaySettings {
  readonly keyId: string;
  readonly keySecret: string;
  /** All that may sign now: after a change the old one signs for another day. */
  readonly webhookSecrets: readonly string[];
  readonly baseUrl: string;
}

const TIMEOUT_MS = 10_000;

const order = z.object({
  id: z.string(),
  receipt: z.string().nullish(),
  amount: z.number(),
  currency: z.string(),
});
const orders = z.object({ items: z.array(order) });
const event = z.object({
  event: z.string(),
  payload: z.object({
    order: z
      .object({ entity: z.object({ id: z.string(), amount_paid: z.number(), currency: z.string() }) })
      .optional(),
  }),
});

/** Razorpay's orders and webhooks, over its REST API. */
export function razorpay(settings: RazorpaySettings): PaymentProvider {
  const authorization = `Basic ${Buffer.from(`${settings.keyId}:${settings.keySecret}`).toString("base64")}`;

  const call = async (path: string, signal: AbortSignal, body?: object): Promise<unknown> => {
    let response: Response;
    try {
      response = await fetch(`${settings.baseUrl}${path}`, {
        method: body ? "POST" : "GET",
        headers: { authorization, ...(body ? { "content-type": "application/json" } : {}) },
        body: body ? JSON.stringify(body) : undefined,
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        redirect: "error",
      });
    } catch (error) {
      throw errors.unavailable("The payment provider doesn't answer. Try again in a moment.", error);
    }
    if (response.ok) return response.json();
    // Its words are for whoever runs this, not for the person who pays.
    const cause = new Error(`razorpay answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
    if (response.status === 429 || response.status >= 500) {
      throw errors.unavailable("The payment provider is busy. Try again in a moment.", cause);
    }
    throw errors.internal(cause);
  };

  return {
    name: "razorpay",
    publicKey: settings.keyId,
    async openOrder({ receipt, amountMinor, currency }, signal) {
      // Orders have no idempotency key: one of an earlier try is looked up by its receipt.
      const found = orders.parse(
        await call(`/orders?receipt=${encodeURIComponent(receipt)}&count=1`, signal),
      );
      const known = found.items.find((item) => item.receipt === receipt);
      if (known) return known.id;
      return order.parse(await call("/orders", signal, { amount: amountMinor, currency, receipt })).id;
    },
    readEvent(body, signature) {
      if (!settings.webhookSecrets.some((secret) => isSignedWith(secret, body, signature))) {
        throw errors.unauthenticated("bad_signature", "The event is not signed by the payment provider.");
      }
      return eventOf(body);
    },
  };
}

function isSignedWith(secret: string, body: Uint8Array, signature: string): boolean {
  const wanted = createHmac("sha256", secret).update(body).digest();
  const given = Buffer.from(signature, "hex");
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function eventOf(body: Uint8Array): PaymentEvent {
  let parsed: z.output<typeof event>;
  try {
    parsed = event.parse(JSON.parse(Buffer.from(body).toString("utf8")));
  } catch (error) {
    throw errors.invalid(`The event can't be read: ${error instanceof Error ? error.name : "no JSON"}.`);
  }
  const paid = parsed.payload.order?.entity;
  if (parsed.event !== "order.paid" || !paid) return { kind: "other", name: parsed.event };
  return { kind: "order_paid", orderRef: paid.id, amountMinor: paid.amount_paid, currency: paid.currency };
}
