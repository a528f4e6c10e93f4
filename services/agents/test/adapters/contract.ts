import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RunFailure } from "../../src/adapters/failure.ts";
import { ADAPTER_CATALOGUE } from "../../src/adapters/index.ts";
import type {
  Adapter,
  AdapterEvent,
  AdapterName,
  AdapterRequest,
  AdapterSettings,
} from "../../src/adapters/port.ts";
import type { HttpScript, Script, WireServer } from "../wire/wire.ts";

export const KEY = "sk-test-very-secret-key";
export const PROMPT = "the secret plan of the client";
/** Milliseconds in which a stopped call has to end, on a machine that has other work. */
const STOP_MS = 1_000;

export const TEXT = "Größe, naïve café — 🍞🥖 “quoted”\n\n## A heading 日本語\n\nLine with [1] a marker.";

/** An adapter under test, with its provider's end of the wire if it has one. */
export interface Bench {
  make(settings?: AdapterSettings): Adapter;
  readonly wire?: WireServer;
  close(): Promise<void>;
}

/** Something that goes wrong on the wire: what it is, how it is played, what the adapter has to make of it. */
export type Recorded = readonly [what: string, script: Script, wanted: Partial<RunFailure>];

export interface Subject {
  start(): Promise<Bench>;
  /** Failures as this provider words them; undefined for an adapter without a wire. */
  readonly corpus?: readonly Recorded[];
}

export const http = (status: number, type: string, more: Partial<HttpScript> = {}): HttpScript => ({
  kind: "http",
  status,
  type,
  ...more,
});

export function request(adapter: AdapterName, more: Partial<AdapterRequest> = {}): AdapterRequest {
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
    sketch: () => (more.output?.kind === "object" ? '{"title":"Rye"}' : TEXT),
    ...more,
  };
}

export const OBJECT: AdapterRequest["output"] = {
  kind: "object",
  name: "answer",
  jsonSchema: {
    type: "object",
    properties: { title: { type: "string", minLength: 3 } },
    required: ["title"],
  },
};

/** What a call that must fail fails with. */
export async function failureOf(call: Promise<unknown>): Promise<RunFailure> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RunFailure)) throw new Error(`expected a RunFailure, got ${String(error)}`);
  return error;
}

/** An address at which nobody listens. */
export async function deadAddress(): Promise<string> {
  const gone = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => gone.once("listening", resolve));
  const address = gone.address();
  await new Promise((resolve) => gone.close(resolve));
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

/** What every adapter promises. The part on the wire is for those that have one. */
export function adapterContract(name: AdapterName, subject: Subject): void {
  describe(`the ${name} adapter, as every adapter,`, () => {
    let bench: Bench;
    beforeAll(async () => {
      bench = await subject.start();
    });
    afterAll(() => bench?.close());

    it("streams the text that it returns, to the letter, and tells its usage last", async () => {
      bench.wire?.play({ kind: "text", text: TEXT });
      const events: AdapterEvent[] = [];
      const result = await bench.make().run(request(name), {
        signal: AbortSignal.timeout(10_000),
        onEvent: (event) => events.push(event),
      });
      expect(result.text).toBe(TEXT);
      expect(events.map((event) => (event.kind === "text" ? event.text : "")).join("")).toBe(TEXT);
      expect(events.at(-1)).toEqual({ kind: "usage", usage: result.usage, cost: result.cost });
      expect(result.usage.outputTokens).toBeGreaterThan(0);
      expect(Number.isInteger(result.cost)).toBe(true);
    });

    it("returns the object of a schema, parsed", async () => {
      bench.wire?.play({ kind: "text", text: '{"title":"Rye"}' });
      const run = bench
        .make()
        .run(request(name, { output: OBJECT }), { signal: AbortSignal.timeout(10_000) });
      expect((await run).object).toEqual({ title: "Rye" });
    });

    it("does not begin when it was stopped before", async () => {
      const before = bench.wire?.seen.length;
      const failure = await failureOf(bench.make().run(request(name), { signal: AbortSignal.abort() }));
      expect(failure.class).toBe("cancelled");
      expect(bench.wire?.seen.length).toBe(before);
    });

    it("ends at once when it is stopped by what it streams", async () => {
      bench.wire?.play({ kind: "hang", text: TEXT });
      const stop = new AbortController();
      let since = 0;
      const failure = await failureOf(
        bench.make().run(request(name, { sketch: () => "word ".repeat(5_000) }), {
          signal: stop.signal,
          onEvent() {
            since ||= performance.now();
            stop.abort();
          },
        }),
      );
      expect(failure).toMatchObject({ class: "cancelled", code: "cancelled", config: false });
      expect(performance.now() - since).toBeLessThan(STOP_MS);
    });

    it("finds nothing wrong with its own default model", async () => {
      bench.wire?.play({ kind: "text", text: "" });
      const tested = await bench
        .make()
        .test(ADAPTER_CATALOGUE[name].defaultModel, AbortSignal.timeout(5_000));
      expect(tested.ok).toBe(true);
      expect(tested.checks.map((check) => check.name)).toContain("model");
      expect(tested.checks.every((check) => check.ok && check.message !== "")).toBe(true);
    });

    it("says in its test what to do about a model that it does not have", async () => {
      bench.wire?.play(http(404, "not_found_error"));
      const tested = await bench.make().test("no-such-model", AbortSignal.timeout(5_000));
      expect(tested.ok).toBe(false);
      // Nothing that passes by itself: a person has to choose another one.
      expect(tested.transient).toBeUndefined();
      expect(tested.checks.find((check) => !check.ok)).toMatchObject({
        name: "model",
        message: expect.stringContaining("no-such-model"),
        hint: expect.stringMatching(/\S/),
      });
    });

    const { corpus } = subject;
    if (corpus) describe("on the wire", () => onTheWire(name, corpus, () => bench));
  });
}

function onTheWire(name: AdapterName, corpus: readonly Recorded[], benchOf: () => Bench): void {
  const wireOf = (): WireServer => {
    const { wire } = benchOf();
    if (!wire) throw new Error(`${name} has a corpus but no wire`);
    return wire;
  };
  const run = (more: Partial<AdapterRequest> = {}, signal = AbortSignal.timeout(10_000)) =>
    benchOf().make().run(request(name, more), { signal });

  it("counts cached tokens apart from the others, whatever the provider's own way", async () => {
    wireOf().play({ kind: "text", text: TEXT, cached: 500 });
    const wanted = { inputTokens: 100, outputTokens: 42, cacheReadTokens: 500, cacheWriteTokens: 7 };
    expect((await run()).usage).toEqual(wanted);
  });

  it("takes an object out of a Markdown fence", async () => {
    wireOf().play({ kind: "text", text: '```json\n{"title":"Rye"}\n```\n' });
    expect((await run({ output: OBJECT })).object).toEqual({ title: "Rye" });
  });

  it("sends no rule of a schema that providers refuse, and closes its objects", async () => {
    wireOf().play({ kind: "text", text: '{"title":"Rye"}' });
    await run({ output: OBJECT });
    const sent = JSON.stringify(wireOf().seen.at(-1)?.body);
    expect(sent).toContain('"additionalProperties":false');
    expect(sent).not.toContain("minLength");
  });

  const lost: readonly Recorded[] = [
    [
      "an object that is no JSON",
      { kind: "text", text: '{"title":' },
      { class: "invalid", code: "invalid_json" },
    ],
    [
      "a stream that ends before its final event",
      { kind: "cut", text: "Half a", how: "end" },
      { class: "retryable", code: "stream_cut" },
    ],
    [
      "a connection that breaks",
      { kind: "cut", text: "Half a", how: "reset" },
      { class: "retryable", code: "stream_cut" },
    ],
    [
      "an answer that ran into the output limit",
      { kind: "stop", text: "{}", reason: "max_tokens" },
      { class: "invalid", code: "output_too_long" },
    ],
    [
      "a refusal",
      { kind: "stop", text: "", reason: "refusal" },
      { class: "invalid", code: "refused", config: false },
    ],
    [
      "an answer the provider filtered",
      { kind: "stop", text: "", reason: "filter" },
      { class: "invalid", code: "refused" },
    ],
    [
      "a full context",
      { kind: "stop", text: "{}", reason: "context" },
      { class: "invalid", code: "context_too_long" },
    ],
    [
      "a page of a proxy in between",
      http(502, "", { html: "<html>Bad gateway</html>" }),
      { class: "retryable", code: "provider_error" },
    ],
  ];

  it.each([...lost, ...corpus])(
    "knows %s, asks once, and tells neither key nor prompt",
    async (_what, script, wanted) => {
      wireOf().play(script);
      const before = wireOf().seen.length;
      const failure = await failureOf(run({ output: OBJECT }));
      expect(failure).toMatchObject(wanted);
      expect(wireOf().seen.length - before).toBe(1);
      expect(failure.message).not.toContain(KEY);
      expect(failure.message).not.toContain(PROMPT);
      expect(failure.message).toMatch(/\.$/);
    },
  );

  it.each([
    ["could not be read", { kind: "text", text: "no JSON" }],
    ["was cut at the limit", { kind: "stop", text: "{", reason: "max_tokens" }],
  ] as const)("keeps what an answer has used that %s: it is billed all the same", async (_what, script) => {
    wireOf().play(script);
    const { usage } = await failureOf(run({ output: OBJECT }));
    expect(usage).toEqual({ inputTokens: 100, outputTokens: 42, cacheReadTokens: 0, cacheWriteTokens: 7 });
  });

  it.each([
    ["between two words", { kind: "hang", text: "Once upon" }],
    ["before its headers", { kind: "hang" }],
  ] as const)("lets go of a provider that fell silent %s", async (_where, script) => {
    wireOf().play(script);
    const before = wireOf().seen.length;
    const stop = new AbortController();
    const call = failureOf(run({}, stop.signal));
    while (wireOf().seen.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const since = performance.now();
    stop.abort(new Error("idle"));
    expect((await call).class).toBe("cancelled");
    await wireOf().seen.at(-1)?.closed;
    expect(performance.now() - since).toBeLessThan(STOP_MS);
    expect(wireOf().seen.length - before).toBe(1);
  });

  it("gives a provider up that sends no headers in time", async () => {
    wireOf().play({ kind: "hang" });
    const call = benchOf()
      .make({ timeoutMs: 100 })
      .run(request(name), { signal: AbortSignal.timeout(5_000) });
    expect(await failureOf(call)).toMatchObject({ class: "retryable", code: "timeout" });
  });

  it("says that a server is not there", async () => {
    const adapter = benchOf().make({ baseUrl: await deadAddress() });
    const failure = await failureOf(adapter.run(request(name), { signal: AbortSignal.timeout(5_000) }));
    expect(failure).toMatchObject({ class: "retryable", code: "unreachable", config: false });
    const tested = await adapter.test("some-model", AbortSignal.timeout(5_000));
    expect(tested).toMatchObject({ ok: false, transient: { code: "unreachable" } });
  });

  it("tests key, address and model with one question that costs nothing", async () => {
    wireOf().play({ kind: "text", text: "" });
    const before = wireOf().seen.length;
    const tested = await benchOf().make().test("some-model", AbortSignal.timeout(5_000));
    expect(tested.checks.map((check) => check.name)).toEqual(["key", "endpoint", "model"]);
    const asked = wireOf().seen.slice(before);
    expect(asked.map(({ method, path }) => [method, path.split("/").at(-1)])).toEqual([
      ["GET", "some-model"],
    ]);
  });

  it.each([
    ["a wrong key", http(401, "authentication_error"), "key", false],
    ["an overload", http(503, "overloaded_error"), "endpoint", true],
  ] as const)("says in its test that there is %s, and what to do", async (_what, script, check, passing) => {
    wireOf().play(script);
    const tested = await benchOf().make().test("some-model", AbortSignal.timeout(5_000));
    expect(tested.ok).toBe(false);
    expect(tested.checks.find((each) => !each.ok)).toMatchObject({
      name: check,
      hint: expect.stringMatching(/\S/),
    });
    expect(tested.transient !== undefined).toBe(passing);
    expect(JSON.stringify(tested.checks)).not.toContain(KEY);
  });

  it("asks nobody in its test without a key", async () => {
    const before = wireOf().seen.length;
    const tested = await benchOf().make({ apiKey: "" }).test("some-model", AbortSignal.timeout(5_000));
    expect(tested.checks).toMatchObject([{ name: "key", ok: false, hint: expect.stringMatching(/\S/) }]);
    expect(wireOf().seen).toHaveLength(before);
  });
}
