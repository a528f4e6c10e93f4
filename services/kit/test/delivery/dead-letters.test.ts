import { AckPolicy, RetentionPolicy } from "@nats-io/jetstream";
import { headers, nanos } from "@nats-io/nats-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import {
  applyStreams,
  type DeadLetter,
  eventSubject,
  listDeadLetters,
  newId,
  type Relay,
  type RunningConsumers,
  reject,
  replayDeadLetter,
  showDeadLetter,
  startDeadLetterRouter,
} from "../../src/index.ts";
import type { ServiceTest } from "../../src/testing/index.ts";
import type { NotesDb } from "../fixture.ts";
import {
  consume,
  notes,
  notesConsumer,
  pause,
  relay,
  SAID,
  type Said,
  SHORT,
  say,
  startNotes,
} from "./notes.ts";

let t: ServiceTest<NotesDb>;
let running: Relay;
let consumers: RunningConsumers | undefined;
beforeAll(async () => {
  t = await startNotes();
  running = relay(t);
});
beforeEach(async () => {
  // A test that failed may have left the broker without one.
  await applyStreams(t.nats);
  for (const stream of ["DLQ", "EVT_CONTENT"]) await t.nats.jsm.streams.purge(stream);
});
afterEach(async () => {
  await consumers?.stop();
  consumers = undefined;
});
afterAll(async () => {
  await running?.stop();
  await t?.close();
});

/** The dead letters once there are this many. */
async function letters(count: number): Promise<DeadLetter[]> {
  await expect.poll(async () => (await listDeadLetters(t.nats)).length, { timeout: 15_000 }).toBe(count);
  return listDeadLetters(t.nats);
}

it("R-06: a message is given up only when the dead letters have it", async () => {
  consumers = await consume(t, [
    notesConsumer({
      durable: "content-refusing",
      before: ({ data }) => (data.reason === "impossible" ? reject("it can't be done") : undefined),
    }),
  ]);
  await t.nats.jsm.streams.delete("DLQ");
  await say(t, "impossible");
  const unsettled = async () =>
    (await t.nats.jsm.consumers.info("EVT_CONTENT", "content-refusing")).num_ack_pending;
  await expect.poll(unsettled, { timeout: 5_000 }).toBe(1);
  await pause(SHORT.projector.backoffMs(1));
  // Refused for good by the handler, and still the consumer's own: nobody else has it.
  expect(await unsettled()).toBe(1);
  await applyStreams(t.nats);
  const [letter] = await letters(1);
  expect(letter).toMatchObject({ consumer: "content-refusing", stream: "EVT_CONTENT" });
  expect(letter?.why).toContain("it can't be done");
  await expect.poll(unsettled, { timeout: 5_000 }).toBe(0);
}, 40_000);

it("what can't be read goes to the dead letters with the reason and stops nobody", async () => {
  consumers = await consume(t, [notesConsumer({ durable: "content-reading" })]);
  const to = eventSubject(SAID, "content", undefined);
  await t.nats.js.publish(to, "no headers at all");
  const garbled = headers();
  garbled.set("lm-event-id", newId());
  garbled.set("lm-event-type", SAID.typeName);
  await t.nats.js.publish(to, Uint8Array.of(255, 255, 255), { headers: garbled });
  await say(t, "readable");
  await expect.poll(() => notes(t), { timeout: 10_000 }).toContain("readable");
  const both = await letters(2);
  expect(both.map(({ why }) => why).sort()).toEqual([
    expect.stringContaining(`the payload is no ${SAID.typeName}`),
    expect.stringContaining("carries no event id or type"),
  ]);
  const bare = both.find(({ eventId }) => eventId === "");
  expect(new TextDecoder().decode((await showDeadLetter(t.nats, bare?.sequence ?? 0)).payload)).toBe(
    "no headers at all",
  );
}, 30_000);

it("a replayed letter reaches its consumer only, as the same event, and comes back when it fails again", async () => {
  let broken = true;
  const seen: Record<string, Said[]> = { one: [], two: [] };
  const watch = (who: string, fails: boolean) =>
    notesConsumer({
      durable: `content-replay-${who}`,
      before: (event) => {
        if (event.data.reason !== "try again") return undefined;
        seen[who]?.push(event);
        return fails && broken ? reject("not yet") : undefined;
      },
    });
  consumers = await consume(t, [watch("one", true), watch("two", false)]);
  const id = await say(t, "try again");
  const [first] = await letters(1);
  expect(first).toMatchObject({ eventId: id, consumer: "content-replay-one" });
  await replayDeadLetter(t.nats, first?.sequence ?? 0);
  await expect.poll(() => seen.one?.length, { timeout: 10_000 }).toBe(2);
  const [again] = await letters(1);
  expect(again?.sequence).toBeGreaterThan(first?.sequence ?? 0);

  broken = false;
  await replayDeadLetter(t.nats, again?.sequence ?? 0);
  await expect
    .poll(async () => (await notes(t)).filter((text) => text === "try again").length, { timeout: 10_000 })
    .toBe(2);
  expect(seen.one?.map((event) => event.id)).toEqual([id, id, id]);
  expect(seen.two?.map((event) => event.id)).toEqual([id]);
  expect(await listDeadLetters(t.nats)).toEqual([]);
}, 40_000);

it("a message that nobody lived long enough to settle is copied there by the broker's own word", async () => {
  const router = startDeadLetterRouter({ nats: t.nats, log: t.log });
  await t.nats.jsm.streams.add({
    name: "WORK",
    subjects: ["work.>"],
    retention: RetentionPolicy.Workqueue,
  });
  for (const stream of ["EVT_CONTENT", "WORK"])
    await t.nats.jsm.consumers.add(stream, {
      durable_name: "dies-every-time",
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(300),
      max_deliver: 1,
    });
  const id = await say(t, "killed every time");
  await t.nats.js.publish("work.now", "a job");
  for (const stream of ["EVT_CONTENT", "WORK"]) {
    const consumer = await t.nats.js.consumers.get(stream, "dies-every-time");
    expect(await consumer.next({ expires: 5_000 })).not.toBeNull();
    // The broker notices at its next pull or when the ack wait is over.
    await pause(500);
    await consumer.next({ expires: 1_000 });
  }
  const both = await letters(2);
  expect(both.map(({ stream, consumer }) => `${stream} ${consumer}`).sort()).toEqual([
    "EVT_CONTENT dies-every-time",
    "WORK dies-every-time",
  ]);
  expect(both.find(({ stream }) => stream === "EVT_CONTENT")).toMatchObject({ eventId: id });
  expect(both.every(({ why }) => why.includes("max_deliveries"))).toBe(true);
  // A work queue keeps no message that nobody will get.
  await expect.poll(async () => (await t.nats.jsm.streams.info("WORK")).state.messages).toBe(0);
  await router.stop();
}, 40_000);
