import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ServiceTest } from "../../src/testing/index.ts";
import type { NotesDb } from "../fixture.ts";
import { consume, eventIds, notes, notesConsumer, outboxRow, relay, say, startNotes } from "./notes.ts";

const PROCESS = fileURLToPath(new URL("./process.ts", import.meta.url));

let t: ServiceTest<NotesDb>;
beforeAll(async () => {
  t = await startNotes();
});
afterAll(() => t?.close());

/** Runs relay and consumer in a process of their own until the failpoint kills it. */
function killedAt(failpoint: string, env: Record<string, string> = {}): Promise<NodeJS.Signals | null> {
  const config = Object.fromEntries(Object.entries(t.config).map(([name, value]) => [name, String(value)]));
  const child = spawn(process.execPath, [PROCESS], {
    env: { ...config, PATH: process.env.PATH, FAILPOINT: failpoint, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)));
}

it("a relay killed between sending and marking sends again, and the effect happens once", async () => {
  const id = await say(t, "sent, not marked");
  expect(await killedAt("outbox.published")).toBe("SIGKILL");
  expect((await outboxRow(t, id))?.published_at).toBeNull();
  expect(await eventIds(t.nats)).toEqual([id]);

  const running = relay(t);
  const consumers = await consume(t, [notesConsumer()]);
  await expect.poll(async () => (await outboxRow(t, id))?.published_at).toBeTruthy();
  await say(t, "the next one");
  await expect.poll(() => notes(t)).toEqual(["sent, not marked", "the next one"]);
  // The broker knew the message's id.
  expect((await eventIds(t.nats)).filter((each) => each === id)).toHaveLength(1);
  await consumers.stop();
  await running.stop();
}, 30_000);

it("a consumer killed between effect and acknowledgement gets the message again, and the effect happened once", async () => {
  await say(t, "done, not acknowledged");
  expect(await killedAt("consumer.committed", { CONSUME: "yes" })).toBe("SIGKILL");
  const once = (await notes(t)).filter((text) => text === "done, not acknowledged");
  expect(once).toHaveLength(1);
  const left = await t.nats.jsm.consumers.info("EVT_CONTENT", "content-notes");
  expect(left.num_ack_pending).toBe(1);

  const consumers = await consume(t, [notesConsumer()]);
  await expect
    .poll(async () => (await t.nats.jsm.consumers.info("EVT_CONTENT", "content-notes")).num_ack_pending, {
      timeout: 15_000,
    })
    .toBe(0);
  expect((await notes(t)).filter((text) => text === "done, not acknowledged")).toHaveLength(1);
  await consumers.stop();
}, 30_000);
