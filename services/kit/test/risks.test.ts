import { SubscriptionsService } from "@leadmetrics/proto/billing/v1/credits";
import { RunCancellationRequestedSchema as Said } from "@leadmetrics/proto/content/events/v1/events";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { consumer, emit, newId, ok, on, openDatabase, service, tenantCtx, toRef } from "../src/index.ts";
import type { RunningService } from "../src/service.ts";
import { type ServiceTest, startServiceTest } from "../src/testing/index.ts";
import { migrations, type NotesDb } from "./fixture.ts";

/** The request ids that handled events came from. */
const heard: string[] = [];
let t: ServiceTest<NotesDb>;
let running: RunningService;

beforeAll(async () => {
  t = await startServiceTest<NotesDb>({ service: "content", migrations });
  running = await t.start({
    config: t.config,
    rpc: ({ db }) => [
      service(SubscriptionsService, {
        listOfferings: () => ({ offerings: [] }),
        getSubscription: () => ({}),
        // A change that says something, as every change of a service does.
        async changeSubscription(_req, hc) {
          const ctx = tenantCtx(hc);
          await db.withTenant(ctx, (tx) =>
            emit(tx, ctx, Said, { runRef: toRef(newId()), reason: "asked" }, { aggregate: "a" }),
          );
          return {};
        },
      }),
    ],
    consumers: () => [
      consumer<NotesDb>({
        durable: "content-notes",
        on: [
          on(Said, async (_event, { ctx }) => {
            heard.push(ctx.requestId);
            return ok();
          }),
        ],
      }),
    ],
  });
});
afterAll(() => t?.close());

const admin = (path: string) => fetch(`http://127.0.0.1:${running.adminPort}${path}`);
const change = async (requestId?: string) => {
  const client = await t.client(SubscriptionsService, t.ctx.superAdmin().principal, t.tenantA);
  return client.changeSubscription(
    { planCode: "free" },
    requestId ? { headers: { "x-request-id": requestId } } : {},
  );
};

it("R-04: a record that can't be written takes the change with it, and the caller hears of it", async () => {
  const ctx = t.ctx.tenant();
  const id = newId();
  const write = t.db.withTenant(ctx, async (tx) => {
    await tx.insertInto("note").values({ id, tenant_id: ctx.tenantId, text: "unrecorded" }).execute();
    // Postgres keeps no NUL in a text: the event can't be written.
    await emit(tx, ctx, Said, { runRef: toRef(newId()), reason: "" }, { aggregate: "\u0000" });
  });
  await expect(write).rejects.toThrow();
  const kept = await t.db.withTenant(ctx, (tx) =>
    tx.selectFrom("note").selectAll().where("id", "=", id).execute(),
  );
  expect(kept).toEqual([]);
});

it("R-09: a pool has a size, and a caller beyond it waits for a place instead of opening one more", async () => {
  const db = openDatabase<NotesDb>({ service: "content", urls: t.urls, log: t.log, poolSize: 2 });
  const backends = new Set<number>();
  await Promise.all(
    Array.from({ length: 20 }, () =>
      db.withTenant(t.ctx.tenant(), async (tx) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
        if (rows[0]) backends.add(rows[0].pid);
      }),
    ),
  );
  await db.close();
  expect(backends.size).toBeLessThanOrEqual(2);
});

it("R-12: the id of a request is in its answer, and in what its events set off elsewhere", async () => {
  const requestId = toRef(newId());
  await change(requestId);
  await expect.poll(() => heard).toContain(requestId);
});

it("R-16: calls, events and the process itself are measured", async () => {
  await change();
  await expect.poll(() => heard.length).toBeGreaterThan(1);
  const text = await (await admin("/metrics")).text();
  for (const series of [
    /lm_rpc_server_duration_seconds_count\{[^}]*rpc_method="ChangeSubscription"[^}]*\} [1-9]/,
    /lm_consumer_outcomes_total\{[^}]*durable="content-notes",outcome="ok"[^}]*\} [1-9]/,
    /lm_outbox_published_total\{[^}]*\} [1-9]/,
    /nodejs_eventloop_lag_seconds/,
  ])
    expect(text).toMatch(series);
});

it("R-10: a process is not ready without its broker, says so by name, and stays alive", async () => {
  expect((await admin("/readyz")).status).toBe(200);
  await t.broker.stop();
  await expect.poll(async () => (await admin("/readyz")).status, { timeout: 15_000 }).toBe(503);
  const { checks } = (await (await admin("/readyz")).json()) as { checks: { name: string; ok: boolean }[] };
  expect(checks.filter((check) => !check.ok).map((check) => check.name)).toEqual(["broker"]);
  expect((await admin("/livez")).status).toBe(200);
});
