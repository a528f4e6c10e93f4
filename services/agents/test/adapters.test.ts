import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RunFailure } from "../src/adapters/failure.ts";
import { ADAPTER_CATALOGUE } from "../src/adapters/index.ts";
import type { Adapter, AdapterEvent, AdapterName, AdapterRequest } from "../src/adapters/port.ts";
import { startMessagesServer } from "./wire/messages-server.ts";
import { startResponsesServer } from "./wire/responses-server.ts";
import type { Script, WireServer } from "./wire/sse.ts";

const KEY = "sk-test-very-secret-key";
const PROMPT = "the secret plan of the client";
/** Milliseconds in which a stopped call has to end. */
const STOP_MS = 300;

function request(adapter: AdapterName, more: Partial<AdapterRequest> = {}): AdapterRequest {
  return {
    runId: "run",
    model: ADAPTER_CATALOGUE[adapter].defaultModel,
    system: [
      { text: "You write.", cache: false },
      { text: "The client.", cache: true },
    ],
    turns: [{ role: "user", text: PROMPT }],
    output: { kind: "document" },
    maxOutputTokens: 30_000,
    sketch: () => "---\ntitle: Übergrößen — 🍞\n---\n\nA text.",
    ...more,
  };
}

const OBJECT = {
  kind: "object",
  name: "answer",
  jsonSchema: {
    type: "object",
    properties: {
      title: { type: "string", minLength: 3 },
      tags: { type: "array", items: { type: "string" } },
    },
    required: ["title"],
  },
} as const;

const TEXT = "Größe, naïve café — 🍞🥖 “quoted”\n\n## A heading\n\nLine with [1] a marker.";

async function failureOf(call: Promise<unknown>): Promise<RunFailure> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RunFailure)) throw new Error(`expected a RunFailure, got ${String(error)}`);
  return error;
}

/** What every adapter promises. */
function contract(name: AdapterName, make: () => Adapter): void {
  it("streams the text that it returns, and tells the usage", async () => {
    const events: AdapterEvent[] = [];
    const result = await make().run(request(name), {
      signal: new AbortController().signal,
      onEvent: (event) => events.push(event),
    });
    const streamed = events.map((event) => (event.kind === "text" ? event.text : "")).join("");
    expect(streamed).toBe(result.text);
    expect(result.text).not.toBe("");
    expect(events.at(-1)).toMatchObject({ kind: "usage", usage: result.usage, cost: result.cost });
    expect(result.usage.outputTokens).toBeGreaterThan(0);
    expect(Number.isInteger(result.cost)).toBe(true);
  });

  it("does not begin when it was stopped before", async () => {
    const failure = await failureOf(make().run(request(name), { signal: AbortSignal.abort() }));
    expect(failure.class).toBe("cancelled");
  });

  it("says what is wrong with a model it does not have, as something to configure or to refuse", async () => {
    const tested = await make().test(ADAPTER_CATALOGUE[name].defaultModel, AbortSignal.timeout(5_000));
    expect(tested).toMatchObject({ ok: true });
    expect(tested.checks.every((check) => check.ok && check.message !== "")).toBe(true);
  });
}

describe("the offline adapter", () => {
  contract("offline", () => ADAPTER_CATALOGUE.offline.create({ paceMs: 0 }));

  it("stops in the middle", async () => {
    const stop = new AbortController();
    const run = ADAPTER_CATALOGUE.offline
      .create({ paceMs: 50 })
      .run(request("offline", { sketch: () => "word ".repeat(1_000) }), {
        signal: stop.signal,
        onEvent: () => stop.abort(),
      });
    expect((await failureOf(run)).class).toBe("cancelled");
  });

  it("has one model", async () => {
    const tested = await ADAPTER_CATALOGUE.offline.create({}).test("gpt-9", AbortSignal.timeout(1_000));
    expect(tested.ok).toBe(false);
    expect(tested.checks[0]?.hint).toContain("offline-1");
  });
});

interface Provider {
  readonly name: "claude" | "openai";
  readonly start: () => Promise<WireServer>;
  /** Failures as this provider words them. */
  readonly corpus: readonly (readonly [string, Script, Partial<RunFailure>])[];
}

const http = (
  status: number,
  type: string,
  more: Partial<Extract<Script, { kind: "http" }>> = {},
): Script => ({
  kind: "http",
  status,
  type,
  ...more,
});

const PROVIDERS: readonly Provider[] = [
  {
    name: "claude",
    start: startMessagesServer,
    corpus: [
      [
        "a rate limit with its pause",
        http(429, "rate_limit_error", { headers: { "retry-after": "17" } }),
        { class: "rate_limited", retryAfterMs: 17_000, config: false },
      ],
      [
        "a spend limit, which no waiting lifts",
        http(429, "rate_limit_error", { code: "enforced_spend_limit_reached" }),
        { class: "budget", config: true, retryAfterMs: undefined },
      ],
      ["an overload", http(529, "overloaded_error"), { class: "retryable", code: "overloaded" }],
      ["an error of its own", http(500, "api_error"), { class: "retryable", code: "provider_error" }],
      [
        "a wrong key",
        http(401, "authentication_error"),
        { class: "auth", code: "invalid_key", config: true },
      ],
      ["a key without the right", http(403, "permission_error"), { class: "auth", config: true }],
      ["an unpaid bill", http(402, "billing_error"), { class: "budget", config: true }],
      ["an unknown model", http(404, "not_found_error"), { code: "unknown_model", config: true }],
      [
        "a prompt that is too long",
        http(400, "invalid_request_error", { message: "prompt is too long: 300000 tokens > 200000 maximum" }),
        { class: "invalid", config: false },
      ],
      [
        "a request that is too large",
        http(413, "request_too_large"),
        { class: "invalid", code: "request_too_large" },
      ],
      [
        "an error in the stream",
        { kind: "error_in_stream", text: "Half a" },
        { class: "retryable", code: "overloaded" },
      ],
    ],
  },
  {
    name: "openai",
    start: startResponsesServer,
    corpus: [
      [
        "a rate limit with its pause",
        http(429, "tokens", { code: "rate_limit_exceeded", headers: { "retry-after-ms": "1700" } }),
        { class: "rate_limited", retryAfterMs: 1_700, config: false },
      ],
      [
        "a used-up quota, which no waiting lifts",
        http(429, "insufficient_quota", { code: "insufficient_quota" }),
        { class: "budget", config: true },
      ],
      [
        "an overload",
        http(503, "service_unavailable_error", { code: "server_is_overloaded" }),
        { class: "retryable", code: "overloaded" },
      ],
      ["an error of its own", http(500, "server_error"), { class: "retryable", code: "provider_error" }],
      [
        "a wrong key",
        http(401, "invalid_request_error", { code: "invalid_api_key" }),
        { class: "auth", code: "invalid_key", config: true },
      ],
      ["a country that is not served", http(403, "request_forbidden"), { class: "auth", config: true }],
      [
        "an unknown model",
        http(404, "invalid_request_error", { code: "model_not_found" }),
        { code: "unknown_model", config: true },
      ],
      [
        "a prompt that is too long",
        http(400, "invalid_request_error", { code: "context_length_exceeded" }),
        { class: "invalid", code: "context_too_long" },
      ],
      [
        "an error in the stream",
        { kind: "error_in_stream", text: "Half a" },
        { class: "retryable", code: "overloaded" },
      ],
    ],
  },
];

describe.each(PROVIDERS)("the $name adapter", ({ name, start, corpus }) => {
  let wire: WireServer;
  beforeAll(async () => {
    wire = await start();
  });
  afterAll(() => wire?.close());
  const make = (apiKey: string | undefined = KEY) =>
    ADAPTER_CATALOGUE[name].create({ apiKey, baseUrl: wire.url, timeoutMs: 5_000 });
  const run = (more: Partial<AdapterRequest> = {}, signal = AbortSignal.timeout(10_000)) =>
    make().run(request(name, more), { signal });

  describe("as every adapter", () => {
    beforeAll(() => wire.play({ kind: "text", text: TEXT }));
    contract(name, () => make());
  });

  it("keeps every character, however the network tears the stream", async () => {
    wire.play({ kind: "text", text: TEXT.repeat(20) });
    expect((await run()).text).toBe(TEXT.repeat(20));
  });

  it("counts cached tokens apart from the others", async () => {
    wire.play({ kind: "text", text: TEXT, cached: 500 });
    expect((await run()).usage).toEqual({
      inputTokens: 100,
      outputTokens: 42,
      cacheReadTokens: 500,
      cacheWriteTokens: 7,
    });
  });

  it("returns the object of a schema, with and without a fence around it, and sends no rule the provider refuses", async () => {
    wire.play(
      { kind: "text", text: '{"title":"Rye"}' },
      { kind: "text", text: '```json\n{"title":"Rye"}\n```' },
    );
    expect((await run({ output: OBJECT })).object).toEqual({ title: "Rye" });
    expect((await run({ output: OBJECT })).object).toEqual({ title: "Rye" });
    const sent = JSON.stringify(wire.seen.at(-1)?.body);
    expect(sent).toContain('"additionalProperties":false');
    expect(sent).not.toContain("minLength");
  });

  it("says so when the object is no JSON", async () => {
    wire.play({ kind: "text", text: '{"title":' });
    expect(await failureOf(run({ output: OBJECT }))).toMatchObject({
      class: "invalid",
      code: "invalid_json",
    });
  });

  it.each(corpus)(
    "knows %s, asks once, and tells neither the key nor the prompt",
    async (_what, script, wanted) => {
      wire.play(script);
      const before = wire.seen.length;
      const failure = await failureOf(run());
      expect(failure).toMatchObject(wanted);
      expect(wire.seen.length - before).toBe(1);
      expect(failure.message).not.toContain(KEY);
      expect(failure.message).not.toContain(PROMPT);
      expect(failure.message).toMatch(/\.$/);
    },
  );

  it.each([
    ["was cut before its end", { kind: "cut", text: "Half a" }, { class: "retryable", code: "stream_cut" }],
    [
      "ran into the output limit",
      { kind: "stop", text: "Half a", reason: "max_tokens" },
      { code: "output_too_long" },
    ],
    ["was refused", { kind: "stop", text: "", reason: "refusal" }, { class: "invalid", code: "refused" }],
    ["filled the context", { kind: "stop", text: "", reason: "context" }, { code: "context_too_long" }],
  ] as const)("does not take an answer for whole that %s", async (_what, script, wanted) => {
    wire.play(script);
    expect(await failureOf(run())).toMatchObject(wanted);
  });

  it("ends at once when it is stopped, and closes the provider's connection", async () => {
    wire.play({ kind: "hang", text: "Once upon" });
    const stop = new AbortController();
    const heard = Promise.withResolvers<void>();
    const call = make().run(request(name), { signal: stop.signal, onEvent: () => heard.resolve() });
    await heard.promise;
    const since = performance.now();
    stop.abort();
    expect((await failureOf(call)).class).toBe("cancelled");
    expect(performance.now() - since).toBeLessThan(STOP_MS);
    await wire.seen.at(-1)?.closed;
  });

  it("tests key, address and model with one question that costs nothing", async () => {
    wire.play({ kind: "text", text: "" });
    const before = wire.seen.length;
    const tested = await make().test("some-model", AbortSignal.timeout(5_000));
    expect(tested.checks.map((check) => check.name)).toEqual(["key", "endpoint", "model"]);
    expect(wire.seen.slice(before).map((seen) => seen.method)).toEqual(["GET"]);
  });

  it.each([
    ["a wrong key", http(401, "authentication_error", { code: "invalid_api_key" }), "key", false],
    ["an unknown model", http(404, "not_found_error", { code: "model_not_found" }), "model", false],
    ["an overload", http(529, "overloaded_error"), "endpoint", true],
  ] as const)("says in its test that there is %s, and what to do", async (_what, script, check, passing) => {
    wire.play(script);
    const tested = await make().test("some-model", AbortSignal.timeout(5_000));
    expect(tested.ok).toBe(false);
    const failed = tested.checks.find((each) => !each.ok);
    expect(failed?.name).toBe(check);
    expect(failed?.hint).toBeTruthy();
    expect(tested.transient !== undefined).toBe(passing);
  });

  it("asks nobody without a key", async () => {
    const before = wire.seen.length;
    const tested = await ADAPTER_CATALOGUE[name]
      .create({ baseUrl: wire.url })
      .test("some-model", AbortSignal.timeout(5_000));
    expect(tested.checks).toMatchObject([{ name: "key", ok: false }]);
    expect(wire.seen).toHaveLength(before);
  });

  it("says that a server is not there", async () => {
    const gone = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => gone.once("listening", resolve));
    const address = gone.address();
    const port = typeof address === "object" ? address?.port : 0;
    await new Promise((resolve) => gone.close(resolve));
    const adapter = ADAPTER_CATALOGUE[name].create({ apiKey: KEY, baseUrl: `http://127.0.0.1:${port}` });
    const failure = await failureOf(adapter.run(request(name), { signal: AbortSignal.timeout(5_000) }));
    expect(failure).toMatchObject({ class: "retryable", code: "unreachable" });
  });
});
