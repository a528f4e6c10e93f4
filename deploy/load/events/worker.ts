/** The other service's process: carries out effects and tells its parent when each had committed. */
import {
  asTenantId,
  connectNats,
  consumer,
  createLogger,
  fromRef,
  isId,
  ok,
  on,
  onCommit,
  openDatabase,
  startConsumers,
} from "@leadmetrics/kit";
import { RunCancellationRequestedSchema } from "@leadmetrics/proto/content/events/v1/events";
import { Worker } from "bullmq";
import pg from "pg";
import { byHand, INSERT_ITEM, type ItemsDb } from "../items/items.ts";
import { type FromWorker, QUEUE, type WorkerPlan } from "./plan.ts";

const POOL = 10;
/** Jobs at once in BullMQ's worker: twice the pool, so that no connection waits for Redis. */
const BULL_CONCURRENCY = 20;
/** Told in bundles, so that the telling isn't the load. */
const REPORT_MS = 100;

const plan = JSON.parse(process.argv[2] ?? "") as WorkerPlan;
let done: [string, number][] = [];
const settled = (id: string) => done.push([id, performance.timeOrigin + performance.now()]);
const tell = (message: FromWorker) => process.send?.(message);
setInterval(() => {
  if (done.length === 0) return;
  tell({ done });
  done = [];
}, REPORT_MS);

const stop = plan.kind === "kit" ? await kitWorker(plan) : await bullWorker(plan);
// A parent that was killed can't say stop.
process.once("disconnect", () => process.exit(1));
process.once("message", async () => {
  await stop();
  process.exit(0);
});
tell({ ready: true });

async function kitWorker({ urls, natsUrl }: WorkerPlan & { kind: "kit" }): Promise<() => Promise<void>> {
  const log = createLogger({ service: "search", level: "error" });
  const nats = await connectNats({ url: natsUrl, name: "search" });
  const db = openDatabase<ItemsDb>({ service: "search", urls, log, poolSize: POOL });
  const items = consumer<ItemsDb>({
    durable: "search-items",
    on: [
      on(RunCancellationRequestedSchema, async ({ data, tenantId }, { tx }) => {
        const id = fromRef(data.runRef);
        await tx
          .insertInto("item")
          .values({ id, tenant_id: tenantId ?? "", title: data.reason, body: "" })
          .execute();
        onCommit(tx, () => settled(id));
        return ok();
      }),
    ],
  });
  const consumers = await startConsumers([items], { db, nats, service: "search", log });
  return async () => {
    await consumers.stop();
    await nats.close();
    await db.close();
  };
}

async function bullWorker({
  urls,
  redisPort,
}: WorkerPlan & { kind: "bullmq" }): Promise<() => Promise<void>> {
  const pool = new pg.Pool({ connectionString: urls.app, max: POOL });
  const worker = new Worker<{ id: string; tenant: string; title: string }>(
    QUEUE,
    async ({ data: { id, tenant, title } }) => {
      if (!isId(tenant)) throw new Error(`"${tenant}" is no tenant`);
      await byHand(pool, asTenantId(tenant), (client) =>
        client.query({ ...INSERT_ITEM, values: [id, tenant, title, ""] }),
      );
      settled(id);
    },
    { connection: { host: "127.0.0.1", port: redisPort }, concurrency: BULL_CONCURRENCY },
  );
  await worker.waitUntilReady();
  return async () => {
    await worker.close();
    await pool.end();
  };
}
