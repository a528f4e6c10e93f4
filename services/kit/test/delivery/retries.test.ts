import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { consumer, ok, on, onExternal, type Relay, type RunningConsumers, retry } from "../../src/index.ts";
import type { ServiceTest } from "../../src/testing/index.ts";
import type { NotesDb } from "../fixture.ts";
import { consume, notes, notesConsumer, pause, relay, SAID, SHORT, say, startNotes } from "./notes.ts";

let t: ServiceTest<NotesDb>;
let running: Relay;
let consumers: RunningConsumers | undefined;
beforeAll(async () => {
  t = await startNotes();
  running = relay(t);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await consumers?.stop(1_000);
  consumers = undefined;
});
afterAll(async () => {
  await running?.stop();
  await t?.close();
});

/** A handler with effects outside the database; other texts than its own are none of its business. */
function outside(
  durable: string,
  text: string,
  handle: (signal: AbortSignal, progress: () => void, delivery: number) => Promise<void>,
) {
  return consumer<NotesDb>({
    durable,
    on: [
      onExternal<NotesDb, typeof SAID>(SAID, async (event, { signal, progress }) => {
        if (event.data.reason === text) await handle(signal, progress, event.deliveries);
        return ok();
      }),
    ],
  });
}

it("what failed together comes again later and spread out, by the consumer's own delays", async () => {
  const first = new Map<string, number>();
  const waited: number[] = [];
  consumers = await consume(t, [
    notesConsumer({
      durable: "content-failing",
      before: ({ data, deliveries }) => {
        if (!data.reason.startsWith("busy")) return undefined;
        if (deliveries > 1) {
          waited.push(performance.now() - (first.get(data.reason) ?? 0));
          return undefined;
        }
        first.set(data.reason, performance.now());
        return retry(undefined, "the other side is busy");
      },
    }),
  ]);
  const { config } = await t.nats.jsm.consumers.info("EVT_CONTENT", "content-failing");
  // The broker would add a list of its own to each delay that a nak asks for.
  expect(config.backoff).toBeUndefined();
  for (let index = 0; index < 20; index += 1) await say(t, `busy ${index}`);
  await expect.poll(() => waited.length, { timeout: 15_000 }).toBe(20);
  const delay = SHORT.projector.backoffMs(1);
  expect(Math.min(...waited)).toBeGreaterThanOrEqual(delay * 0.8 - 20);
  expect(Math.max(...waited) - Math.min(...waited)).toBeGreaterThan(delay * 0.1);
}, 30_000);

it("a handler that hangs is aborted at its idle limit and delivered again", async () => {
  const aborted: string[] = [];
  let done = 0;
  consumers = await consume(t, [
    outside("content-hanging", "hang", async (signal, _progress, delivery) => {
      if (delivery > 1) {
        done += 1;
        return;
      }
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      aborted.push(String(signal.reason));
      throw signal.reason;
    }),
  ]);
  const started = performance.now();
  await say(t, "hang");
  await expect.poll(() => done, { timeout: 15_000 }).toBe(1);
  expect(aborted).toEqual([expect.stringContaining("no progress for 1.2 s")]);
  expect(performance.now() - started).toBeGreaterThan(SHORT.projector.idleLimitMs);
}, 30_000);

it("one that ignores its abort loses its place, so that others and its own next delivery go on", async () => {
  let done = 0;
  consumers = await consume(t, [
    outside("content-deaf", "deaf", async (_signal, _progress, delivery) => {
      if (delivery === 1) await new Promise(() => {});
      done += 1;
    }),
  ]);
  await say(t, "deaf", { aggregate: "one" });
  await expect.poll(() => done, { timeout: 25_000 }).toBe(1);
}, 40_000);

it("a slow one that reports progress keeps its message beyond the ack wait", async () => {
  let deliveries = 0;
  let done = false;
  consumers = await consume(t, [
    outside("content-slow", "slow", async (_signal, progress) => {
      deliveries += 1;
      const until = performance.now() + 2 * SHORT.projector.ackWaitMs;
      while (performance.now() < until) {
        progress();
        await pause(200);
      }
      done = true;
    }),
  ]);
  await say(t, "slow");
  await expect.poll(() => done, { timeout: 15_000 }).toBe(true);
  await pause(SHORT.projector.ackWaitMs);
  expect(deliveries).toBe(1);
}, 30_000);

it.each([
  ["forward", 3_600_000],
  ["back", -3_600_000],
])(
  "the clock of the machine set an hour %s loses nothing and doubles nothing",
  async (way, by) => {
    const at: string[] = [];
    consumers = await consume(t, [
      notesConsumer({ durable: `content-clock-${way}` }),
      outside(`content-clock-slow-${way}`, `across ${way}`, async (signal, progress) => {
        at.push("begun");
        const until = performance.now() + 1.5 * SHORT.projector.ackWaitMs;
        while (performance.now() < until) {
          progress();
          await pause(100);
          signal.throwIfAborted();
        }
        at.push("done");
      }),
    ]);
    await say(t, `across ${way}`);
    await expect.poll(() => at, { timeout: 10_000 }).toEqual(["begun"]);
    const now = Date.now.bind(Date);
    vi.spyOn(Date, "now").mockImplementation(() => now() + by);
    for (let index = 0; index < 5; index += 1) await say(t, `${way} ${index}`);
    await expect.poll(() => at, { timeout: 10_000 }).toEqual(["begun", "done"]);
    const mine = async () => (await notes(t)).filter((text) => text.startsWith(`${way} `));
    await expect.poll(mine, { timeout: 10_000 }).toHaveLength(5);
    await pause(SHORT.projector.ackWaitMs);
    expect(await mine()).toHaveLength(5);
    expect(at).toEqual(["begun", "done"]);
  },
  40_000,
);

it("an event that was handled before counts as done, though its handler can't do it a second time", async () => {
  const durable = "content-once";
  const once = consumer<NotesDb>({
    durable,
    on: [
      on<NotesDb, typeof SAID>(SAID, async (event, { tx }) => {
        await tx
          .insertInto("note")
          .values({ id: event.id, tenant_id: event.tenantId ?? "", text: event.data.reason })
          .execute();
        return ok();
      }),
    ],
  });
  const settled = async () => {
    const { num_pending, num_ack_pending, delivered } = await t.nats.jsm.consumers.info(
      "EVT_CONTENT",
      durable,
    );
    return { left: num_pending + num_ack_pending, some: delivered.consumer_seq > 0 };
  };
  const text = "done once";
  await say(t, text);
  consumers = await consume(t, [once]);
  await expect.poll(settled, { timeout: 15_000 }).toEqual({ left: 0, some: true });
  await consumers.stop();
  const dead = (await t.nats.jsm.streams.info("DLQ")).state.messages;
  // A durable that has lost its place gets everything again.
  await t.nats.jsm.consumers.delete("EVT_CONTENT", durable);
  consumers = await consume(t, [once]);
  await expect.poll(settled, { timeout: 15_000 }).toEqual({ left: 0, some: true });
  expect((await notes(t)).filter((each) => each === text)).toHaveLength(1);
  expect((await t.nats.jsm.streams.info("DLQ")).state.messages).toBe(dead);
});
