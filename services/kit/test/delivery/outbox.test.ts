import { nanos } from "@nats-io/nats-core";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { countReplayable, emit, type Id, newId, replayOutbox, toRef } from "../../src/index.ts";
import type { ServiceTest } from "../../src/testing/index.ts";
import type { NotesDb } from "../fixture.ts";
import {
  consume,
  eventIds,
  notes,
  notesConsumer,
  outboxRow,
  pause,
  relay,
  SAID,
  say,
  startNotes,
} from "./notes.ts";

let t: ServiceTest<NotesDb>;
beforeAll(async () => {
  t = await startNotes();
});
afterAll(() => t?.close());

it("an event of a transaction that rolled back is never sent", async () => {
  const running = relay(t);
  const ctx = t.ctx.tenant();
  let unsaid = "";
  const failed = t.db.withTenant(ctx, async (tx) => {
    unsaid = await emit(tx, ctx, SAID, { runRef: toRef(newId()), reason: "unsaid" }, { aggregate: "a" });
    throw new Error("after the event was written");
  });
  await expect(failed).rejects.toThrow("after the event");
  const later = await say(t, "after it");
  await expect.poll(() => eventIds(t.nats)).toContain(later);
  expect(await eventIds(t.nats)).not.toContain(unsaid);
  await running.stop();
});

it("what follows a refused event of its aggregate waits for it, and nobody else does", async () => {
  const running = relay(t);
  const first = await say(t, "first", { aggregate: "order" });
  // No stream takes this subject yet, so the broker refuses the event.
  const refused = await say(t, "refused", { aggregate: "order", subject: "late.stream" });
  await expect.poll(async () => (await outboxRow(t, refused))?.last_error).toBeTruthy();
  const second = await say(t, "second", { aggregate: "order" });
  const other = await say(t, "of another aggregate");
  await expect.poll(() => eventIds(t.nats)).toContain(other);
  await pause(1_500);
  expect(await eventIds(t.nats)).not.toContain(second);
  expect(await eventIds(t.nats)).toContain(first);
  await t.nats.jsm.streams.add({ name: "LATE", subjects: ["late.>"] });
  await expect.poll(() => eventIds(t.nats), { timeout: 15_000 }).toContain(second);
  const sent = async (id: Id) => (await outboxRow(t, id))?.published_at?.getTime() ?? 0;
  expect(await sent(refused)).toBeGreaterThan(0);
  expect(await sent(second)).toBeGreaterThanOrEqual(await sent(refused));
  await running.stop();
}, 30_000);

it("what was sent is kept for 72 hours, and sent again as the same event without a second effect", async () => {
  let running = relay(t);
  const consumers = await consume(t, [notesConsumer()]);
  const [old, recent] = [await say(t, "73 hours ago"), await say(t, "71 hours ago")];
  await expect.poll(() => notes(t), { timeout: 15_000 }).toContain("71 hours ago");
  const before = await notes(t);
  await running.stop();
  const age = (id: string, hours: number) =>
    t.db.withSystem("age", (tx) =>
      sql`update kit.outbox set created_on = now() - ${hours} * interval '1 hour',
        published_at = now() - ${hours} * interval '1 hour' where id = ${id}`.execute(tx),
    );
  await age(old, 73);
  await age(recent, 71);
  // The broker's own memory of ids is made short, so that it takes the event a second time.
  await t.nats.jsm.streams.update("EVT_CONTENT", { duplicate_window: nanos(100) });
  running = relay(t);
  await expect.poll(() => outboxRow(t, old), { timeout: 5_000 }).toBeUndefined();
  expect(await outboxRow(t, recent)).toBeDefined();

  const from = new Date(Date.now() - 72 * 3_600_000);
  const { events } = await countReplayable(t.db, from);
  expect(await replayOutbox(t.db, from)).toBe(events);
  await expect.poll(async () => (await eventIds(t.nats)).filter((id) => id === recent).length).toBe(2);
  await expect
    .poll(
      async () => {
        const info = await t.nats.jsm.consumers.info("EVT_CONTENT", "content-notes");
        return info.num_pending + info.num_ack_pending;
      },
      { timeout: 15_000 },
    )
    .toBe(0);
  expect(await notes(t)).toEqual(before);
  await consumers.stop();
  await running.stop();
}, 40_000);
