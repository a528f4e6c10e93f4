import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort, type RunningNats, startNats } from "../../src/backends/index.ts";
import { applyStreams, connectNats, type Nats, planStreams, replayOutbox } from "../../src/index.ts";
import type { ServiceTest } from "../../src/testing/index.ts";
import type { NotesDb } from "../fixture.ts";
import { consume, DURABLE, notes, notesConsumer, relay, say, startNotes } from "./notes.ts";

let t: ServiceTest<NotesDb>;
let storeDir: string;
let port: number;
let broker: RunningNats;
let nats: Nats;
beforeAll(async () => {
  t = await startNotes();
  storeDir = await mkdtemp(join(tmpdir(), "lm-broker-lost-"));
  port = await freePort();
  broker = await startNats({ storeDir, port });
  nats = await connectNats({ url: broker.url, name: "broker-lost" });
  await applyStreams(nats);
});
afterAll(async () => {
  await nats?.close();
  await broker?.stop();
  await t?.close();
  await rm(storeDir, { recursive: true, force: true });
});

it("streams are brought to their declaration, and what is as declared stays untouched", async () => {
  expect((await planStreams(nats)).filter(({ action }) => action !== "keep")).toEqual([]);
  await nats.jsm.streams.update("DLQ", { max_msgs: 7, max_age: 1_000_000_000_000 });
  await nats.jsm.streams.update("KV_IDEMPOTENCY", { max_age: 1_000_000_000_000 });
  await nats.jsm.streams.delete("EVT_SEARCH");
  const changes = (await planStreams(nats)).filter(({ action }) => action !== "keep");
  expect(changes.map(({ name, action }) => `${action} ${name}`).sort()).toEqual([
    "create EVT_SEARCH",
    "update DLQ",
    "update KV_IDEMPOTENCY",
  ]);
  expect(changes.find(({ name }) => name === "DLQ")?.differences.map(({ setting }) => setting)).toEqual([
    "max_age",
  ]);
  await applyStreams(nats);
  expect((await planStreams(nats)).filter(({ action }) => action !== "keep")).toEqual([]);
});

it("a durable that was deleted comes back, and nothing happens twice", async () => {
  const running = relay(t, { nats });
  const consumers = await consume(t, [notesConsumer()], { nats });
  await say(t, "before the durable went");
  await expect.poll(() => notes(t)).toEqual(["before the durable went"]);
  await nats.jsm.consumers.delete("EVT_CONTENT", DURABLE);
  await say(t, "while it was gone");
  await expect
    .poll(() => notes(t), { timeout: 20_000 })
    .toEqual(["before the durable went", "while it was gone"]);
  await consumers.stop();
  await running.stop();
}, 40_000);

it("a durable that a release declares otherwise is changed, and goes on where it was", async () => {
  const info = await nats.jsm.consumers.info("EVT_CONTENT", DURABLE);
  await nats.jsm.consumers.update("EVT_CONTENT", DURABLE, {
    filter_subjects: ["evt.content.something.else.v1.>"],
    max_ack_pending: 3,
  });
  const running = relay(t, { nats });
  const consumers = await consume(t, [notesConsumer()], { nats });
  await say(t, "after the change");
  await expect.poll(() => notes(t), { timeout: 15_000 }).toContain("after the change");
  const now = await nats.jsm.consumers.info("EVT_CONTENT", DURABLE);
  expect(now.config).toMatchObject({
    filter_subjects: info.config.filter_subjects,
    max_ack_pending: info.config.max_ack_pending,
  });
  expect(now.created).toBe(info.created);
  await consumers.stop();
  await running.stop();
}, 40_000);

/** The broker stops, its store becomes what `change` makes of it, and it comes back. */
async function comesBackAfter(change: () => Promise<void>): Promise<void> {
  await broker.stop();
  await change();
  broker = await startNats({ storeDir, port });
}

const handled = (count: number) =>
  expect.poll(async () => (await notes(t)).length, { timeout: 20_000 }).toBe(count);

const pendingAtBroker = async () => {
  const info = await nats.jsm.consumers.info("EVT_CONTENT", DURABLE);
  return info.num_pending + info.num_ack_pending;
};

for (const [what, folder] of [
  ["its newest events and what consumers had done", "jetstream"],
  ["its newest events, but not what consumers had done", "jetstream/$G/streams/EVT_CONTENT/msgs"],
] as const)
  it(`a broker that lost ${what} gets them again by itself, and effects happen once`, async () => {
    const before = await notes(t);
    const running = relay(t, { nats });
    const consumers = await consume(t, [notesConsumer()], { nats });
    await say(t, `${folder}: on disk`);
    await handled(before.length + 1);
    const copy = await mkdtemp(join(tmpdir(), "lm-broker-then-"));
    // A server that ends writes what it holds: the copy is what a power failure later on would have left.
    await comesBackAfter(() => cp(join(storeDir, folder), copy, { recursive: true }));
    const lost = Array.from({ length: 10 }, (_, index) => `${folder}: not on disk ${index}`);
    for (const text of lost) await say(t, text);
    await handled(before.length + 11);
    const { last_seq } = (await nats.jsm.streams.info("EVT_CONTENT")).state;

    await comesBackAfter(async () => {
      await rm(join(storeDir, folder), { recursive: true });
      await cp(copy, join(storeDir, folder), { recursive: true });
      await say(t, `${folder}: said without a broker`);
    });
    await handled(before.length + 12);
    await expect
      .poll(async () => (await nats.jsm.streams.info("EVT_CONTENT")).state.last_seq, { timeout: 20_000 })
      .toBe(last_seq + 1);
    await expect.poll(pendingAtBroker, { timeout: 20_000 }).toBe(0);
    expect(new Set(await notes(t)).size).toBe(before.length + 12);
    await consumers.stop();
    await running.stop();
    await rm(copy, { recursive: true });
  }, 90_000);

it("a broker that lost its whole store is filled again from the outbox by itself, and effects happen once", async () => {
  const running = relay(t, { nats });
  const consumers = await consume(t, [notesConsumer()], { nats });
  const before = await notes(t);
  const texts = Array.from({ length: 20 }, (_, index) => `kept ${String(index).padStart(2, "0")}`);
  for (const text of texts) await say(t, text);
  await handled(before.length + 20);

  await comesBackAfter(async () => {
    for (const name of await readdir(storeDir)) await rm(join(storeDir, name), { recursive: true });
    await say(t, "said without a broker");
  });
  await expect.poll(async () => (await nats.jsm.streams.names().next()).length, { timeout: 15_000 }).toBe(0);
  await applyStreams(nats);

  await expect
    .poll(async () => (await nats.jsm.streams.info("EVT_CONTENT")).state.messages, { timeout: 30_000 })
    .toBe(before.length + 21);
  await handled(before.length + 21);
  await expect.poll(pendingAtBroker, { timeout: 15_000 }).toBe(0);
  expect(new Set(await notes(t)).size).toBe(before.length + 21);
  await consumers.stop();
  await running.stop();
}, 90_000);

it("what the broker still has can be sent again by hand, and effects happen once", async () => {
  const running = relay(t, { nats });
  const consumers = await consume(t, [notesConsumer()], { nats });
  const before = await notes(t);
  const { messages } = (await nats.jsm.streams.info("EVT_CONTENT")).state;
  expect(await replayOutbox(t.db, new Date(0))).toBe(before.length);
  await say(t, "after the replay");
  await handled(before.length + 1);
  expect((await nats.jsm.streams.info("EVT_CONTENT")).state.messages).toBe(messages + 1);
  await consumers.stop();
  await running.stop();
}, 60_000);
