import { expect, it } from "vitest";
import { connectNats, openDatabase } from "../../src/index.ts";
import type { NotesDb } from "../fixture.ts";
import { consume, DURABLE, notes, notesConsumer, pause, relay, say, startNotes } from "./notes.ts";

const EVENTS = 300;

it("two replicas share the work, and every effect happens once, also when one of them stops in the middle", async () => {
  const t = await startNotes();
  const handled = [0, 0];
  const replicas = await Promise.all(
    handled.map(async (_, index) => {
      const nats = await connectNats({ url: t.broker.url, name: `replica-${index}` });
      const db = openDatabase<NotesDb>({ service: "content", urls: t.urls, log: t.log });
      const sending = relay(t, { nats });
      const slowly = notesConsumer({
        before: async () => {
          handled[index] = (handled[index] ?? 0) + 1;
          await pause(5);
          return undefined;
        },
      });
      const consumers = await consume(t, [slowly], { nats, db });
      return {
        async stop() {
          await consumers.stop();
          await sending.stop();
          await nats.close();
          await db.close();
        },
      };
    }),
  );
  const texts = Array.from({ length: EVENTS }, (_, index) => `said ${String(index).padStart(3, "0")}`);
  // Of two tenants, whose events are handled side by side.
  for (const [index, text] of texts.entries())
    await say(t, text, { tenantId: index % 2 === 0 ? t.tenantA : t.tenantB });
  const all = async () => [...(await notes(t, t.tenantA)), ...(await notes(t, t.tenantB))].sort();
  await expect.poll(async () => (await all()).length, { timeout: 20_000 }).toBeGreaterThan(EVENTS / 2);
  await replicas[0]?.stop();
  await expect
    .poll(
      async () => {
        const info = await t.nats.jsm.consumers.info("EVT_CONTENT", DURABLE);
        return info.num_pending + info.num_ack_pending;
      },
      { timeout: 20_000 },
    )
    .toBe(0);
  await expect.poll(all, { timeout: 20_000 }).toEqual(texts);
  expect(Math.min(...handled)).toBeGreaterThan(0);
  await replicas[1]?.stop();
  await t.close();
}, 90_000);
