import { afterAll, beforeAll, expect, it } from "vitest";
import { applyStreams } from "../src/apply-streams.ts";
import { type RunningNats, startNats } from "../src/backends/index.ts";
import { connectNats, type Nats } from "../src/nats.ts";
import { assertStreamShapes } from "../src/stream-shapes.ts";

let server: RunningNats;
let nats: Nats;
beforeAll(async () => {
  server = await startNats();
  nats = await connectNats({ url: server.url, name: "test" });
  await applyStreams(nats);
});
afterAll(async () => {
  await nats?.close();
  await server?.stop();
});

const change = (name: string, settings: object) => nats.jsm.streams.update(name, settings);

it("starts on the streams of its own version", async () => {
  await expect(assertStreamShapes(nats)).resolves.toBeUndefined();
});

it("refuses streams that don't take what this version publishes, in a sentence that says what to do", async () => {
  await change("EVT_CONTENT", { subjects: ["evt.content.activity.>"] });
  await expect(assertStreamShapes(nats)).rejects.toThrow(
    'The broker\'s streams are not those of this version: EVT_CONTENT (subjects) differ. Run "lm streams apply"',
  );
  await applyStreams(nats);
  await expect(assertStreamShapes(nats)).resolves.toBeUndefined();
});

it("starts on the streams of a newer version, which take more", async () => {
  await change("DLQ", { subjects: ["dlq.>", "dlq2.>"] });
  await expect(assertStreamShapes(nats)).resolves.toBeUndefined();
});

it("leaves sizes and ages to the operator", async () => {
  await change("EVT_CONTENT", { max_bytes: 64 * 1024 * 1024 });
  await expect(assertStreamShapes(nats)).resolves.toBeUndefined();
});
