import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT_CONTEXT, SpanKind, TraceFlags, trace } from "@opentelemetry/api";
import { SamplingDecision } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import { LABELS, type LabelBound, METRICS } from "./metric-catalogue.ts";
import { bounded, metrics, OTHER } from "./metrics.ts";
import { sample, takeSamples } from "./samples.ts";
import { recordingAll, samplerFrom } from "./sampling.ts";
import { spansOf, TRACE_FILE_SUFFIX, tracesOfRequest, traceTree } from "./trace-files.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

describe("labels of metrics", () => {
  it("are declared with what bounds them, and no bound is larger than a thousand", () => {
    const large = Object.entries(LABELS).filter(
      ([, bound]: [string, LabelBound]) => ("values" in bound ? bound.values.length : bound.atMost) > 1_000,
    );
    expect(large).toEqual([]);
  });

  it("never name a tenant, a person, a record or an address", () => {
    const names = Object.values(METRICS).flatMap((metric) => [...metric.labels]);
    expect(names.filter((name) => /tenant|user|person|email|(^|_)(id|ref|url|path|ip)$/.test(name))).toEqual(
      [],
    );
  });

  it("multiply to a number of series that Prometheus can bear", () => {
    // What is written out multiplies; a name of the code comes with few values of the others.
    for (const { name, labels } of Object.values(METRICS))
      expect(labels.filter((label) => "typed" in LABELS[label]).length, name).toBeLessThanOrEqual(1);
  });

  it("count what people typed as `other` once there are as many as the bound allows", () => {
    const { atMost } = LABELS.model;
    const names = Array.from({ length: atMost + 20 }, (_, index) => `model-${index}`);
    const values = new Set(names.map((name) => bounded("model", name)));
    expect(values.size).toBe(atMost + 1);
    expect(bounded("model", "model-0")).toBe("model-0");
    expect(bounded("model", "one more")).toBe(OTHER);
  });

  it("have names and units as Prometheus wants them, each once", () => {
    const all = Object.values(METRICS);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { name, type } of all) {
      expect(name).toMatch(/^lm_[a-z0-9_]+$/);
      expect(name.endsWith("_total"), name).toBe(type === "counter");
      expect(name).not.toMatch(/_(ms|millis|milliseconds|kb|mb|count|sum|bucket)$/);
    }
  });
});

describe("a look that is taken when somebody scrapes", () => {
  const value = async (metric: string) => (await metrics.getSingleMetricAsString(metric)).split("\n").at(-1);

  it("holds for its time, and leaves no old value behind when it fails", async () => {
    let looks = 0;
    let fails = false;
    const seen: number[] = [];
    const stop = sample({
      name: "test",
      holdsMs: 60_000,
      gauges: [{ reset: () => seen.splice(0) }],
      take() {
        looks++;
        if (fails) throw new Error("away");
        seen.push(looks);
      },
    });
    await takeSamples();
    await takeSamples();
    expect([looks, seen]).toEqual([1, [1]]);
    stop();
    fails = true;
    const stopAgain = sample({
      name: "test",
      holdsMs: 0,
      gauges: [{ reset: () => seen.splice(0) }],
      take: () => {
        throw new Error("away");
      },
    });
    await takeSamples();
    stopAgain();
    expect(seen).toEqual([]);
    expect(await value(METRICS.sampleFailures.name)).toMatch(/sampler="test".* 1$/);
  });

  it("doesn't hold up a scrape that it can't answer in time", async () => {
    const stop = sample({ name: "slow", holdsMs: 0, gauges: [], take: () => new Promise(() => {}) });
    const started = performance.now();
    await takeSamples();
    stop();
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});

describe("sampling", () => {
  const decide = (env: Record<string, string>, parent?: TraceFlags) => {
    const context =
      parent === undefined
        ? ROOT_CONTEXT
        : trace.setSpanContext(ROOT_CONTEXT, {
            traceId: TRACE,
            spanId: "00f067aa0ba902b7",
            traceFlags: parent,
            isRemote: true,
          });
    return samplerFrom(env).shouldSample(context, TRACE, "span", SpanKind.SERVER, {}, []).decision;
  };
  const ratio = (share: string) => ({
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: share,
  });

  it("keeps every trace when nothing is said, and the said share otherwise", () => {
    expect(decide({})).toBe(SamplingDecision.RECORD_AND_SAMPLED);
    expect(decide(ratio("1"))).toBe(SamplingDecision.RECORD_AND_SAMPLED);
    expect(decide(ratio("0"))).toBe(SamplingDecision.NOT_RECORD);
    expect(decide({ OTEL_TRACES_SAMPLER: "parentbased_always_off" })).toBe(SamplingDecision.NOT_RECORD);
  });

  it("follows whoever began the trace, so that a trace is whole or isn't there", () => {
    expect(decide(ratio("0"), TraceFlags.SAMPLED)).toBe(SamplingDecision.RECORD_AND_SAMPLED);
    expect(decide(ratio("1"), TraceFlags.NONE)).toBe(SamplingDecision.NOT_RECORD);
  });

  it("records every span for who measures by spans, and keeps the same traces", () => {
    const decided = (share: string) =>
      recordingAll(samplerFrom(ratio(share))).shouldSample(
        ROOT_CONTEXT,
        TRACE,
        "span",
        SpanKind.SERVER,
        {},
        [],
      ).decision;
    expect(decided("0")).toBe(SamplingDecision.RECORD);
    expect(decided("1")).toBe(SamplingDecision.RECORD_AND_SAMPLED);
  });

  it("names the variable that is wrong", () => {
    expect(() => decide({ OTEL_TRACES_SAMPLER: "sometimes" })).toThrow(/OTEL_TRACES_SAMPLER .*"sometimes"/);
    expect(() => decide(ratio("120%"))).toThrow(/OTEL_TRACES_SAMPLER_ARG .*"120%"/);
  });
});

describe("attribute names of spans", () => {
  it("stand in attributes.ts and nowhere else", () => {
    const top = join(import.meta.dirname, "../../../..");
    const literal = /["'`](?:gen_ai|messaging|http|rpc|leadmetrics)\.[a-z_]+\.[a-z_.]+["'`]/;
    const wrong = ["services", "gateway"]
      .flatMap((dir) => sources(join(top, dir)))
      .filter((file) => {
        const text = readFileSync(file, "utf8");
        return /startSpan|setAttribute/.test(text) && literal.test(text);
      });
    expect(wrong).toEqual([]);
  });
});

function sources(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    if (name === "node_modules" || name === "test") return [];
    if (statSync(path).isDirectory()) return sources(path);
    return name.endsWith(".ts") && !name.endsWith(".test.ts") && name !== "attributes.ts" ? [path] : [];
  });
}

describe("trace files", () => {
  const line = (span: object) =>
    `${JSON.stringify({ traceId: TRACE, durationMs: 5, attributes: {}, ...span })}\n`;

  it("become one tree over processes, and a line that was cut off by a kill harms nobody", async () => {
    const dir = mkdtempSync(join(tmpdir(), "lm-trace-"));
    writeFileSync(
      join(dir, `gateway${TRACE_FILE_SUFFIX}`),
      line({
        spanId: "a",
        parentId: "browser",
        service: "gateway",
        name: "POST /plans",
        start: 100,
        attributes: { "leadmetrics.request.id": "R1" },
      }) + line({ spanId: "b", parentId: "a", service: "gateway", name: "call Plans/Create", start: 101 }),
    );
    writeFileSync(
      join(dir, `content${TRACE_FILE_SUFFIX}`),
      line({
        spanId: "c",
        parentId: "b",
        service: "content",
        name: "Plans/Create",
        start: 103,
        error: "refused",
      }) +
        line({
          traceId: "0".repeat(32),
          spanId: "x",
          service: "content",
          name: "somebody else's",
          start: 1,
        }) +
        '{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spa',
    );
    try {
      expect(await tracesOfRequest(dir, "R1")).toEqual([TRACE]);
      expect(traceTree(await spansOf(dir, TRACE)).split("\n")).toEqual([
        "     +0 ms  gateway: POST /plans (5 ms)",
        "     +1 ms    gateway: call Plans/Create (5 ms)",
        "     +3 ms      content: Plans/Create (5 ms) ✗ refused",
      ]);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
