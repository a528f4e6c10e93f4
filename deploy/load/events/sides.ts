import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import {
  emit,
  forTenant,
  newId,
  openDatabase,
  startRelay,
  systemCtx,
  type TenantId,
  toRef,
} from "@leadmetrics/kit";
import { RunCancellationRequestedSchema } from "@leadmetrics/proto/content/events/v1/events";
import { Queue } from "bullmq";
import pg from "pg";
import type { Backends } from "../backends.ts";
import { byHand, INSERT_ITEM, type ItemsDb, itemMigrations } from "../items/items.ts";
import { type FromWorker, QUEUE, type WorkerPlan } from "./plan.ts";

/** One way from a change to its effect. */
export interface EventSide {
  /** Commits a change whose effect follows; `at` is when it had committed, milliseconds since 1970. */
  produce(tenant: TenantId): Promise<{ id: string; at: number }>;
  /** Waits for so many effects and returns when each had committed, by the change's id; then counts anew. */
  effects(count: number): Promise<Map<string, number>>;
  stop(): Promise<void>;
}

const POOL = 10;
const PATIENCE_MS = 120_000;
const TITLE = "The draft no longer fits the plan";
const now = () => performance.timeOrigin + performance.now();

/** Outbox, relay, JetStream, consumer. */
export async function startKitSide(backends: Backends): Promise<EventSide> {
  const { log, nats, broker } = backends;
  const from = await backends.database("content", itemMigrations);
  const to = await backends.database("search", itemMigrations);
  const db = openDatabase<ItemsDb>({ service: "content", urls: from.urls, log, poolSize: POOL });
  const relay = startRelay({ db, nats, systemUrl: from.urls.system, log });
  const worker = await startWorker({ kind: "kit", urls: to.urls, natsUrl: broker.url });
  const base = systemCtx("benchmark", { log });
  return {
    async produce(tenant) {
      const ctx = forTenant(base, tenant);
      const id = newId();
      await db.withTenant(ctx, async (tx) => {
        await tx.insertInto("item").values({ id, tenant_id: tenant, title: TITLE, body: "" }).execute();
        await emit(
          tx,
          ctx,
          RunCancellationRequestedSchema,
          { runRef: toRef(id), reason: TITLE },
          { aggregate: `item:${id}` },
        );
      });
      return { id, at: now() };
    },
    effects: worker.effects,
    async stop() {
      await worker.stop();
      await relay.stop();
      await db.close();
      await from.drop();
      await to.drop();
    },
  };
}

/** The change by hand, then a job in Redis. */
export async function startBullSide(backends: Backends, redisPort: number): Promise<EventSide> {
  const from = await backends.database("content", itemMigrations);
  const to = await backends.database("search", itemMigrations);
  const pool = new pg.Pool({ connectionString: from.urls.app, max: POOL });
  const queue = new Queue(QUEUE, { connection: { host: "127.0.0.1", port: redisPort } });
  const worker = await startWorker({ kind: "bullmq", urls: to.urls, redisPort });
  return {
    async produce(tenant) {
      const id = newId();
      await byHand(pool, tenant, (client) =>
        client.query({ ...INSERT_ITEM, values: [id, tenant, TITLE, ""] }),
      );
      const at = now();
      await queue.add(
        "item",
        { id, tenant, title: TITLE },
        { jobId: id, attempts: 3, removeOnComplete: true },
      );
      return { id, at };
    },
    effects: worker.effects,
    async stop() {
      await worker.stop();
      await queue.close();
      await pool.end();
      await from.drop();
      await to.drop();
    },
  };
}

interface RemoteWorker {
  effects(count: number): Promise<Map<string, number>>;
  stop(): Promise<void>;
}

/** The other service: a process of its own that says when each effect had committed. */
async function startWorker(plan: WorkerPlan): Promise<RemoteWorker> {
  const child = fork(new URL("./worker.ts", import.meta.url), [JSON.stringify(plan)]);
  let done = new Map<string, number>();
  let told: () => void = () => {};
  child.on("message", (message: FromWorker) => {
    for (const [id, at] of message.done ?? []) {
      if (done.has(id)) throw new Error(`the effect of ${id} happened twice`);
      done.set(id, at);
    }
    told();
  });
  await ready(child);
  return {
    async effects(count) {
      const end = now() + PATIENCE_MS;
      while (done.size < count) {
        if (now() > end) throw new Error(`${done.size} of ${count} effects in ${PATIENCE_MS / 1_000} s`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 1_000);
          told = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      const all = done;
      done = new Map();
      return all;
    },
    async stop() {
      child.send("stop");
      await once(child, "exit");
    },
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on("message", (message: FromWorker) => message.ready && resolve());
    child.once("exit", (code) => reject(new Error(`the worker ended with ${code} before it was ready`)));
  });
}
