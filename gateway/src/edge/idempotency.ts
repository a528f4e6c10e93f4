import { createHash } from "node:crypto";
import { AppError, errors, type Nats } from "@leadmetrics/kit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { tokenOf } from "./caller.ts";

const BUCKET = "IDEMPOTENCY";
const KEY = /^[\w-]{8,100}$/;
/** Milliseconds after which a call that never answered no longer blocks its key. */
const ABANDONED_MS = 60_000;

interface Kept {
  readonly body: string;
  readonly startedOn: number;
  readonly status?: number;
  readonly answer?: string;
}

declare module "fastify" {
  interface FastifyRequest {
    idempotency?: { readonly key: string; readonly body: string };
  }
}

/**
 * A POST with an Idempotency-Key is carried out once in 24 hours; sent again it gets the first answer. The same key with
 * another body, or while the first call runs, is refused.
 */
export function installIdempotency(app: FastifyInstance, nats: Nats): void {
  app.addHook("preHandler", async (request, reply) => {
    const given = request.headers["idempotency-key"];
    if (request.method !== "POST" || typeof given !== "string" || request.isMultipart?.()) return;
    if (!KEY.test(given))
      throw errors.invalid("Idempotency-Key must be 8 to 100 letters, digits, - or _.", [
        { field: "Idempotency-Key", description: "has another form" },
      ]);
    const key = digest(`${digest(tokenOf(request) ?? request.ip)}|${request.routeOptions.url}|${given}`);
    const body = digest(`${request.url}|${JSON.stringify(request.body ?? null)}`);
    const kv = await nats.kv(BUCKET);
    const mine: Kept = { body, startedOn: Date.now() };
    try {
      await kv.create(key, JSON.stringify(mine));
    } catch {
      const entry = await kv.get(key);
      const kept = entry ? (entry.json() as Kept) : undefined;
      if (kept && kept.body !== body)
        throw new AppError(
          "conflict",
          "idempotency_key_reused",
          "This Idempotency-Key was used for another request. Choose a new one.",
        );
      if (kept?.status !== undefined) {
        return reply
          .header("idempotency-replayed", "true")
          .status(kept.status)
          .type("application/json")
          .send(kept.answer ?? "");
      }
      if (entry && kept && Date.now() - kept.startedOn < ABANDONED_MS) {
        throw new AppError(
          "conflict",
          "idempotency_in_progress",
          "The first request with this Idempotency-Key is still running. Try again in a moment.",
        );
      }
      await kv.put(key, JSON.stringify(mine));
    }
    request.idempotency = { key, body };
  });

  app.addHook("onSend", async (request: FastifyRequest, reply, payload) => {
    const { idempotency } = request;
    if (!idempotency) return payload;
    const kv = await nats.kv(BUCKET);
    // What failed on our side or was refused for now may be tried again under the same key.
    if (reply.statusCode >= 500 || reply.statusCode === 429) await kv.delete(idempotency.key);
    else {
      const kept: Kept = {
        body: idempotency.body,
        startedOn: Date.now(),
        status: reply.statusCode,
        answer: typeof payload === "string" ? payload : "",
      };
      await kv.put(idempotency.key, JSON.stringify(kept));
    }
    return payload;
  });
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
