import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asRunFailure, RunFailure, retryAfterMs } from "./failure.ts";
import { allRequired, parseObject, providerSchema } from "./json.ts";
import { costOf, isPriced } from "./prices.ts";

const NOW = Date.parse("2026-12-01T12:00:00Z");
const pause = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), NOW);

describe("a provider's pause", () => {
  it.each([
    [{ "retry-after-ms": "250", "retry-after": "9" }, 250],
    [{ "retry-after": "1.5" }, 1_500],
    [{ "retry-after": "Tue, 01 Dec 2026 12:00:30 GMT" }, 30_000],
    [{ "retry-after": "Tue, 01 Dec 2026 11:00:00 GMT" }, undefined],
    [{ "retry-after": "0" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after-ms": "soon", "retry-after": "2" }, 2_000],
    [{}, undefined],
  ])("%j is %s ms", (headers, ms) => {
    expect(pause(headers)).toBe(ms);
  });

  it("is never negative, endless or no number, whatever is sent", () => {
    const value = fc.stringMatching(/^[\x21-\x7e]{0,20}$/);
    fc.assert(
      fc.property(value, value, (ms, after) => {
        const wait = pause({ "retry-after-ms": ms, "retry-after": after });
        expect(wait === undefined || (Number.isFinite(wait) && wait > 0)).toBe(true);
      }),
    );
  });
});

describe("a failure", () => {
  it("tells people nothing of an error that nobody expected", () => {
    const failure = asRunFailure(new Error("password=hunter2"));
    expect(failure).toMatchObject({ class: "unknown", config: false });
    expect(failure.message).not.toContain("hunter2");
    expect(asRunFailure(failure)).toBe(failure);
    expect(failure).toBeInstanceOf(RunFailure);
  });
});

describe("an object", () => {
  it("is read as it was written, with and without a fence", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, null, 2);
        const wanted: unknown = JSON.parse(text);
        expect(parseObject(text)).toEqual(wanted);
        expect(parseObject(`\n\`\`\`json\n${text}\n\`\`\`\n`)).toEqual(wanted);
      }),
    );
  });

  it("has a schema that keeps properties named like rules, at every depth", () => {
    const inner = { type: "object", properties: { minLength: { type: "string", minLength: 1 } } };
    const schema = { $schema: "x", type: "object", properties: { pattern: { type: "array", items: inner } } };
    expect(providerSchema(schema)).toEqual({
      type: "object",
      additionalProperties: false,
      properties: {
        pattern: {
          type: "array",
          items: {
            type: "object",
            additionalProperties: false,
            properties: { minLength: { type: "string" } },
          },
        },
      },
    });
    expect(allRequired(schema)).toBe(false);
  });
});

describe("a price", () => {
  const usage = { inputTokens: 1_000, outputTokens: 100, cacheReadTokens: 10_000, cacheWriteTokens: 10 };

  it("counts cached tokens at their own rate, and snapshots like their family", () => {
    expect(costOf("claude-sonnet-5-5", usage)).toBe(2_000 + 1_000 + 2_000 + 25);
    expect(costOf("claude-sonnet-5-5-20261001", usage)).toBe(costOf("claude-sonnet-5-5", usage));
  });

  it("of an unknown model is not nothing", () => {
    expect(isPriced("llama-99")).toBe(false);
    expect(costOf("llama-99", usage)).toBeGreaterThan(0);
  });
});
