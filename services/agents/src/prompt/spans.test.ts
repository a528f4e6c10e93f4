import { ATTR } from "@leadmetrics/kit";
import type { Span } from "@leadmetrics/kit/telemetry/trace-files";
import { spanLine, startTracing } from "@leadmetrics/kit/telemetry/tracing";
import { beforeEach, expect, it } from "vitest";
import { RunFailure } from "../adapters/failure.ts";
import { offlineAdapter } from "../adapters/offline.ts";
import type { Adapter, AdapterRequest } from "../adapters/port.ts";
import { produce } from "./produce.ts";

const SECRET = "the client's own words";
const ended: Span[] = [];
startTracing(
  "agents",
  [
    {
      export(spans, done) {
        ended.push(...spans.map(spanLine));
        done({ code: 0 });
      },
      shutdown: async () => {},
    },
  ],
  { immediate: true },
);
beforeEach(() => ended.splice(0));

const request: AdapterRequest = {
  runId: "run",
  model: "offline-1",
  system: [{ text: `You write. ${SECRET}`, cache: true }],
  turns: [{ role: "user", text: `About ${SECRET}` }],
  output: { kind: "document" },
  maxOutputTokens: 500,
  sketch: () => `# Draft\n\nIt says ${SECRET}.`,
};
const { signal } = new AbortController();

it("each call of a model is a span with who was asked, tokens and cost, and not a word of what was said", async () => {
  await produce(offlineAdapter({ paceMs: 0 }), request, {
    signal,
    accept: ({ text }) => text,
    onCall: () => {},
  });
  const [span] = ended;
  expect(span?.name).toBe("chat offline-1");
  expect(span?.attributes).toMatchObject({
    [ATTR.llmOperation]: "chat",
    [ATTR.llmProvider]: "offline",
    [ATTR.llmModel]: "offline-1",
    [ATTR.llmCost]: expect.any(Number),
    [ATTR.outcome]: "ok",
  });
  expect(Number(span?.attributes[ATTR.llmInputTokens])).toBeGreaterThan(0);
  expect(Number(span?.attributes[ATTR.llmOutputTokens])).toBeGreaterThan(0);
  expect(JSON.stringify(ended)).not.toContain(SECRET);
});

it("an answer that doesn't fit and its repair are two spans, the first one marked", async () => {
  let tries = 0;
  await produce(offlineAdapter({ paceMs: 0 }), request, {
    signal,
    accept({ text }) {
      tries++;
      if (tries === 1)
        throw new RunFailure({ class: "invalid", code: "invalid_output", message: `Not ${SECRET}` });
      return text;
    },
    onCall: () => {},
  });
  expect(ended.map(({ attributes, error }) => [attributes[ATTR.outcome], error])).toEqual([
    ["invalid_output", "invalid_output"],
    ["ok", undefined],
  ]);
  expect(JSON.stringify(ended)).not.toContain(SECRET);
});

it("a call that the provider refuses is a span with the reason's code", async () => {
  const refusing: Adapter = {
    ...offlineAdapter({ paceMs: 0 }),
    name: "claude",
    run: async () => {
      throw new RunFailure({ class: "retryable", code: "overloaded", message: SECRET });
    },
  };
  await expect(produce(refusing, request, { signal, accept: () => "", onCall: () => {} })).rejects.toThrow();
  expect(ended.map(({ attributes, error }) => [attributes[ATTR.llmProvider], error])).toEqual([
    ["claude", "overloaded"],
  ]);
  expect(JSON.stringify(ended)).not.toContain(SECRET);
});
