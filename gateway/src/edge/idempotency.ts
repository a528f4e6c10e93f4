import { createHash } from "node:crypto";
import { AppError, errors, type Nats } from "@leadmetrics/kit";
import { JetStreamApiCodes, JetStreamApiError } from "@nats-io/jetstream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { personOf } from "./caller.ts";

const BUCKET = "IDEMPOTENCY";
const KEY = /^[\w-]{8,100}$/;
/** Milliseconds after which a call that never answered no longer blocks its key. */
const ABANDONED_MS = 60_000;

const keptSchema = z.object({
  body: z.string(),
  startedOn: z.number(),
  status: z.number().optional(),
  answer: z.string().optional(),
});
type KV = Awaited<ReturnType<Nats["kv"]>>;
type Kept = z.output<typeof keptSchema>;

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
    // The person, not their token: a token is renewed every quarter of an hour, between two tries perhaps.
    const caller = personOf(request.principal) ?? request.ip;
    const key = digest(`${caller}|${request.routeOptions.url}|${given}`);
    const body = digest(`${request.url}|${JSON.stringify(request.body ?? null)}`);
    const earlier = await claim(await open(nats), key, { body, startedOn: Date.now() });
    if (!earlier) {
      request.idempotency = { key, body };
      return;
    }
    return reply
      .header("idempotency-replayed", "true")
      .status(earlier.status)
      .type("application/json")
      .send(earlier.answer);
  });

  app.addHook("onSend", async (request: FastifyRequest, reply, payload) => {
    const { idempotency } = request;
    if (!idempotency) return payload;
    try {
      const kv = await open(nats);
      // What failed on our side or was refused for now may be tried again under the same key.
      if (reply.statusCode >= 500 || reply.statusCode === 429) await kv.delete(idempotency.key);
      else {
        const answer = typeof payload === "string" ? payload : "";
        const kept: Kept = {
          body: idempotency.body,
          startedOn: Date.now(),
          status: reply.statusCode,
          answer,
        };
        await kv.put(idempotency.key, JSON.stringify(kept));
      }
    } catch (error) {
      // The work is done; that its answer isn't kept must not turn it into a failure.
      request.log.warn({ err: error }, "an answer could not be kept under its Idempotency-Key");
    }
    return payload;
  });
}

async function open(nats: Nats): Promise<KV> {
  try {
    return await nats.kv(BUCKET);
  } catch (error) {
    throw unavailable(error);
  }
}

/**
 * Takes the key for this request. Of several that ask at once exactly one gets it.
 *
 * @returns the answer that is kept, or undefined when the request is to be carried out
 */
async function claim(
  kv: KV,
  key: string,
  mine: Kept,
): Promise<{ status: number; answer: string } | undefined> {
  const text = JSON.stringify(mine);
  try {
    await kv.create(key, text);
    return undefined;
  } catch (error) {
    if (!isTaken(error)) throw unavailable(error);
  }
  const entry = await kv.get(key).catch((error: unknown) => {
    throw unavailable(error);
  });
  if (entry?.operation !== "PUT") throw inProgress();
  const kept = keptSchema.parse(entry.json());
  if (kept.body !== mine.body)
    throw new AppError(
      "conflict",
      "idempotency_key_reused",
      "This Idempotency-Key was used for another request. Choose a new one.",
    );
  if (kept.status !== undefined) return { status: kept.status, answer: kept.answer ?? "" };
  if (mine.startedOn - kept.startedOn < ABANDONED_MS) throw inProgress();
  try {
    await kv.update(key, text, entry.revision);
    return undefined;
  } catch (error) {
    throw isTaken(error) ? inProgress() : unavailable(error);
  }
}

const TAKEN: readonly number[] = [
  JetStreamApiCodes.StreamWrongLastSequence,
  JetStreamApiCodes.StreamWrongLastSequenceUnknown,
];

function isTaken(error: unknown): boolean {
  return error instanceof JetStreamApiError && TAKEN.includes(error.code);
}

function inProgress(): AppError {
  return new AppError(
    "conflict",
    "idempotency_in_progress",
    "The first request with this Idempotency-Key is still running. Try again in a moment.",
  );
}

function unavailable(cause: unknown): AppError {
  return errors.unavailable(
    "Whether this was done before can't be checked at the moment, so it was not done. Try again with the same key.",
    cause,
  );
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
