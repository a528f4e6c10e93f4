import type { FastifyInstance } from "fastify";
import type { BaseConfig } from "./config.ts";
import { sleep } from "./sleep.ts";

/** Milliseconds between "not ready" and the end of new work, in which load balancers notice. */
const DRAIN_MS = { production: 5_000, otherwise: 0 };

/** The first step of stopping: this process is not ready any more, and still answers whoever hasn't noticed yet. */
export async function drain(config: Pick<BaseConfig, "NODE_ENV" | "DRAIN_MS">): Promise<void> {
  const otherwise = config.NODE_ENV === "production" ? DRAIN_MS.production : DRAIN_MS.otherwise;
  await sleep(config.DRAIN_MS ?? otherwise);
}

/** Seconds for which callers are told to keep an unused connection: less than a drain takes. The server itself keeps it longer. */
const KEEP_S = 4;

/**
 * Tells callers from outside how long to keep an unused connection, so that they close it and not this process: a request
 * that is sent while the other side closes is lost, and nobody may send it again who doesn't know whether it arrived.
 */
export function hintIdleTime(app: FastifyInstance): void {
  app.addHook("onRequest", (_request, reply, done) => {
    reply.raw.setHeader("keep-alive", `timeout=${KEEP_S}`);
    done();
  });
}

/**
 * Lets callers go that keep their connections: while the process isn't ready, each answer is the last on its connection.
 * Connections that nobody uses meanwhile their owners close by themselves, because they keep an idle one for less time than
 * a drain takes. So none is left on which a request could meet the end of the process.
 */
export function lastAnswersWhile(app: FastifyInstance, draining: () => boolean): void {
  app.addHook("onRequest", (_request, reply, done) => {
    if (draining()) reply.raw.shouldKeepAlive = false;
    done();
  });
}
