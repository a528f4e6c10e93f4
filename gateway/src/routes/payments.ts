import { asService, type Ctx, errors, type RpcClients } from "@leadmetrics/kit";
import { PaymentsService } from "@leadmetrics/proto/billing/v1/payments";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { errorSchema } from "../edge/errors.ts";

/** Providers' webhooks: signed over the bytes as they came, so these are passed on unread. */
export function installPaymentRoutes(
  app: FastifyInstance,
  rpc: RpcClients,
  ctxOf: (request: FastifyRequest) => Ctx,
): void {
  const payments = rpc.client(PaymentsService, "billing");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.post(
    "/razorpay/webhook",
    {
      schema: {
        summary: "Razorpay's events",
        response: { 200: z.object({ received: z.boolean() }), "4xx": errorSchema },
      },
    },
    async (request) => {
      const signature = request.headers["x-razorpay-signature"];
      const eventId = request.headers["x-razorpay-event-id"];
      if (typeof signature !== "string" || typeof eventId !== "string" || !Buffer.isBuffer(request.body)) {
        throw errors.invalid(
          "This is no event: X-Razorpay-Signature, X-Razorpay-Event-Id or the body is missing.",
        );
      }
      await payments.receivePaymentEvent(
        { provider: "razorpay", signature, eventId, body: Uint8Array.from(request.body) },
        asService(ctxOf(request)),
      );
      return { received: true };
    },
  );
}
