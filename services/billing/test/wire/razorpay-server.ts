import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export const KEY_ID = "rzp_test_key";
export const KEY_SECRET = "rzp_test_secret";

interface StoredOrder {
  readonly id: string;
  readonly entity: "order";
  readonly amount: number;
  amount_paid: number;
  readonly currency: string;
  readonly receipt: string;
  status: string;
}

/** Razorpay's REST API for orders, as far as it is used, and its webhooks. */
export async function startRazorpay() {
  const orders: StoredOrder[] = [];
  /** The next create is carried out, but its answer is lost. */
  let loseAnswer = false;
  let broken = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const send = (status: number, body: unknown) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      const fail = (status: number, code: string, description: string) =>
        send(status, {
          error: {
            code,
            description,
            field: null,
            source: "business",
            step: null,
            reason: "input_validation_failed",
            metadata: {},
          },
        });
      const known = `Basic ${Buffer.from(`${KEY_ID}:${KEY_SECRET}`).toString("base64")}`;
      if (request.headers.authorization !== known)
        return fail(401, "BAD_REQUEST_ERROR", "Authentication failed");
      if (broken > 0) return fail(broken, "SERVER_ERROR", "We are facing some trouble");
      const url = new URL(request.url ?? "/", "http://x");
      if (url.pathname !== "/v1/orders")
        return fail(400, "BAD_REQUEST_ERROR", "The requested URL was not found on the server.");
      if (request.method === "GET") {
        const items = orders.filter((order) => order.receipt === url.searchParams.get("receipt"));
        return send(200, { entity: "collection", count: items.length, items });
      }
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        amount: number;
        currency: string;
        receipt: string;
      };
      if (!Number.isInteger(body.amount) || body.receipt.length > 40)
        return fail(400, "BAD_REQUEST_ERROR", "Invalid order");
      const order: StoredOrder = {
        id: `order_${orders.length + 1}`,
        entity: "order",
        amount_paid: 0,
        status: "created",
        ...body,
      };
      orders.push(order);
      if (loseAnswer) {
        loseAnswer = false;
        return response.destroy();
      }
      return send(200, order);
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    orders,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    loseNextAnswer() {
      loseAnswer = true;
    },
    answerWith(status: number) {
      broken = status;
    },
    /** The bytes of an event and its signature, as they are posted. */
    event(name: string, order: StoredOrder, secret: string, paid = order.amount) {
      const body = Buffer.from(
        JSON.stringify({
          entity: "event",
          account_id: "acc_test",
          event: name,
          contains: ["payment", "order"],
          payload: { order: { entity: { ...order, amount_paid: paid, status: "paid" } } },
          created_at: 1_790_000_000,
        }),
      );
      return { body, signature: createHmac("sha256", secret).update(body).digest("hex") };
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
