import { RunCancellationRequestedSchema as Said } from "@leadmetrics/proto/content/events/v1/events";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { consumer, emit, newId, ok, on, type Ref, reject, type TenantId, toRef } from "../src/index.ts";
import { type ServiceTest, startServiceTest } from "../src/testing/index.ts";
import { migrations, type NotesDb } from "./fixture.ts";

const EVENTS = 100;
/** What a handler can't do, and what it was called with. */
let poison: Ref;
/** Whose events a transaction took, one after the other. */
let transactions: Map<string, (TenantId | undefined)[]>;
/** Tenants whose rows a handler saw in another's turn. */
const strangers: string[] = [];
/** What handlers say in their turn; nobody hears it. */
const NOTED = "evt.content.note.noted.v1.test";
let t: ServiceTest<NotesDb>;

beforeAll(async () => {
  t = await startServiceTest<NotesDb>({ service: "content", migrations });
  poison = toRef(newId());
  transactions = new Map();
});
afterAll(() => t?.close());

/** Says `texts` in one transaction, about as many aggregates as asked for. */
const say = (tenantId: TenantId, refs: readonly Ref[]) =>
  t.db.withTenant(t.ctx.tenant(tenantId), async (tx) => {
    for (const [index, runRef] of refs.entries())
      await emit(
        tx,
        t.ctx.tenant(tenantId),
        Said,
        { runRef, reason: String(index) },
        { aggregate: `a${index % 3}` },
      );
  });

const kept = (tenantId: TenantId) =>
  t.db.withTenant(t.ctx.tenant(tenantId), (tx) => tx.selectFrom("note").selectAll().orderBy("id").execute());

/** Starts relay and consumer on the given tenants' events; what it does is seen in the notes. */
const start = (concurrency?: number) =>
  t.start({
    config: t.config,
    consumers: () => [
      consumer<NotesDb>({
        durable: "content-notes",
        concurrency,
        on: [
          on(Said, async (event, { tx, ctx }) => {
            if (event.data.runRef === poison) return reject("it can't be done");
            const { rows } = await sql<{ id: string }>`select pg_current_xact_id()::text as id`.execute(tx);
            const id = rows[0]?.id ?? "";
            transactions.set(id, [...(transactions.get(id) ?? []), event.tenantId]);
            const seen = await tx.selectFrom("note").select("tenant_id").distinct().execute();
            strangers.push(...seen.map((row) => row.tenant_id).filter((tenant) => tenant !== event.tenantId));
            await tx
              .insertInto("note")
              .values({ id: newId(), tenant_id: event.tenantId ?? "", text: event.data.reason })
              .execute();
            await emit(tx, ctx, Said, event.data, { aggregate: "noted", subject: NOTED });
            return ok();
          }),
        ],
      }),
    ],
  });

const keptOfBoth = async () => [(await kept(t.tenantA)).length, (await kept(t.tenantB)).length];

it("events that wait are handled together, a tenant's own in order, and one that can't be takes no other along", async () => {
  const refs = Array.from({ length: EVENTS }, () => toRef(newId()));
  const withPoison = refs.with(EVENTS / 2, poison);
  await say(t.tenantA, withPoison);
  await say(t.tenantB, refs);
  const running = await start();
  await expect.poll(keptOfBoth, { timeout: 15_000 }).toEqual([EVENTS - 1, EVENTS]);
  const order = Array.from({ length: EVENTS }, (_, index) => String(index));
  const ofAggregate = (texts: string[], which: number) => texts.filter((text) => Number(text) % 3 === which);
  for (const tenantId of [t.tenantA, t.tenantB]) {
    const texts = (await kept(tenantId)).map((row) => row.text);
    const wanted = tenantId === t.tenantA ? order.filter((text) => text !== String(EVENTS / 2)) : order;
    for (const which of [0, 1, 2]) expect(ofAggregate(texts, which)).toEqual(ofAggregate(wanted, which));
  }
  expect(Math.max(...[...transactions.values()].map(({ length }) => length))).toBeGreaterThan(1);
  const dead = await t.nats.jsm.streams.info("DLQ");
  expect(dead.state.messages).toBe(1);
  await running.stop();
});

it("events of several tenants commit together, each handled among its own tenant's rows alone", async () => {
  const before = await keptOfBoth();
  transactions.clear();
  for (let turn = 0; turn < 5; turn += 1)
    for (const tenantId of [t.tenantA, t.tenantB]) await say(tenantId, [toRef(newId()), toRef(newId())]);
  // While one batch runs, the others wait and become the next.
  const running = await start(1);
  await expect.poll(keptOfBoth, { timeout: 15_000 }).toEqual(before.map((count) => count + 10));
  expect([...transactions.values()].some((tenants) => new Set(tenants).size > 1)).toBe(true);
  expect(strangers).toEqual([]);
  const said = await t.db.withSystem("look", (tx) =>
    sql<{ tenant_id: string; count: number }>`
      select tenant_id, count(*) from kit.outbox where subject = ${NOTED} group by 1`.execute(tx),
  );
  const [ofA, ofB] = await keptOfBoth();
  expect(new Map(said.rows.map(({ tenant_id, count }) => [tenant_id, count]))).toEqual(
    new Map([
      [t.tenantA, ofA],
      [t.tenantB, ofB],
    ]),
  );
  await running.stop();
});
