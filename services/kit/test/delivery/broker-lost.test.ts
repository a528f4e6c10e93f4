import { mkdtemp, readdir, rm } from "node:fs/promises";
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

it("a broker that lost its store is filled again from the outbox, and effects happen once", async () => {
  const running = relay(t, { nats });
  const consumers = await consume(t, [notesConsumer()], { nats });
  const since = new Date(Date.now() - 60_000);
  const texts = Array.from({ length: 20 }, (_, index) => `kept ${String(index).padStart(2, "0")}`);
  for (const text of texts) await say(t, text);
  await expect.poll(async () => (await notes(t)).length, { timeout: 15_000 }).toBe(23);

  await broker.stop();
  for (const name of await readdir(storeDir)) await rm(join(storeDir, name), { recursive: true });
  await say(t, "said without a broker");
  broker = await startNats({ storeDir, port });
  await expect
    .poll(
      () =>
        nats.jsm.streams
          .names()
          .next()
          .then((names) => names.length),
      { timeout: 15_000 },
    )
    .toBe(0);
  await applyStreams(nats);
  expect(await replayOutbox(t.db, since)).toBeGreaterThanOrEqual(23);

  await expect.poll(() => notes(t), { timeout: 20_000 }).toContain("said without a broker");
  await expect
    .poll(async () => (await nats.jsm.streams.info("EVT_CONTENT")).state.messages, { timeout: 15_000 })
    .toBe(24);
  await expect
    .poll(
      async () => {
        const info = await nats.jsm.consumers.info("EVT_CONTENT", DURABLE);
        return info.num_pending + info.num_ack_pending;
      },
      { timeout: 15_000 },
    )
    .toBe(0);
  expect(await notes(t)).toEqual(
    [
      ...["after the change", "before the durable went", "while it was gone", "said without a broker"],
      ...texts,
    ].sort(),
  );
  await consumers.stop();
  await running.stop();
}, 60_000);
