import { describe, expect, it } from "vitest";
import { openaiAdapter } from "../../src/adapters/openai.ts";
import { startResponsesServer } from "../wire/responses-server.ts";
import { adapterContract, type Bench, http, KEY, PROMPT, request } from "./contract.ts";

async function start(): Promise<Required<Bench>> {
  const wire = await startResponsesServer();
  return {
    wire,
    make: (settings) => openaiAdapter({ apiKey: KEY, baseUrl: wire.url, timeoutMs: 5_000, ...settings }),
    close: () => wire.close(),
  };
}

const inStream = (code: string, nested = false) =>
  ({ kind: "error_in_stream", text: "Half a", code, nested }) as const;
const failed = (code: string) => ({ kind: "failed", text: "Half a", code }) as const;

adapterContract("openai", {
  start,
  corpus: [
    [
      "a rate limit with its pause in seconds",
      http(429, "requests", { code: "rate_limit_exceeded", headers: { "retry-after": "17" } }),
      { class: "rate_limited", code: "rate_limit_exceeded", retryAfterMs: 17_000, config: false },
    ],
    [
      "a rate limit with its pause in milliseconds",
      http(429, "tokens", { code: "rate_limit_exceeded", headers: { "retry-after-ms": "1700" } }),
      { class: "rate_limited", retryAfterMs: 1_700 },
    ],
    ["a rise that is too fast", http(429, "rate_limit_error", { code: "slow_down" }), { code: "slow_down" }],
    [
      "a used-up quota, which no waiting lifts",
      http(429, "insufficient_quota", { code: "insufficient_quota" }),
      { class: "budget", config: true, retryAfterMs: undefined },
    ],
    [
      "a used-up balance",
      http(429, "insufficient_quota", { code: "credit_balance_exhausted" }),
      { class: "budget", config: true },
    ],
    [
      "an overload",
      http(503, "service_unavailable_error", {
        code: "server_is_overloaded",
        headers: { "retry-after": "5" },
      }),
      { class: "retryable", code: "overloaded", retryAfterMs: 5_000, requestId: "req_openai_test" },
    ],
    ["an error of its own", http(500, "server_error"), { class: "retryable", code: "provider_error" }],
    [
      "a wrong key",
      http(401, "invalid_request_error", {
        code: "invalid_api_key",
        message: `Incorrect API key provided: ${KEY}.`,
      }),
      { class: "auth", code: "invalid_key", config: true },
    ],
    [
      "a country that is not served",
      http(403, "request_forbidden"),
      { class: "auth", code: "key_not_allowed", config: true },
    ],
    [
      "an unknown model",
      http(404, "invalid_request_error", { code: "model_not_found" }),
      { class: "invalid", code: "unknown_model", config: true },
    ],
    [
      "a prompt that is too long",
      http(400, "invalid_request_error", { code: "context_length_exceeded" }),
      { class: "invalid", code: "context_too_long", requestId: "req_openai_test" },
    ],
    [
      "a prompt that is too long for a compatible server, which puts the status where the code belongs",
      http(400, "BadRequestError", {
        code: 400,
        message: "This model's maximum context length is 8192 tokens.",
      }),
      { class: "invalid", code: "context_too_long" },
    ],
    [
      "a refusal that repeats the prompt and the key",
      http(400, "invalid_request_error", { message: `"${PROMPT}" sent with ${KEY} can't be read` }),
      { class: "invalid", code: "invalid_request" },
    ],
    [
      "an overload in the stream",
      inStream("server_is_overloaded"),
      { class: "retryable", code: "overloaded" },
    ],
    [
      "an error in the stream, in the form of other servers",
      inStream("server_is_overloaded", true),
      { class: "retryable", code: "overloaded" },
    ],
    [
      "a quota that ends within the stream",
      inStream("insufficient_quota"),
      { class: "budget", config: true },
    ],
    ["a failed answer", failed("server_error"), { class: "retryable", code: "provider_error" }],
    ["a failed answer over the rate", failed("rate_limit_exceeded"), { class: "rate_limited" }],
    [
      "a prompt that it takes for invalid",
      failed("invalid_prompt"),
      { class: "invalid", code: "invalid_prompt" },
    ],
  ],
});

describe("the openai adapter", () => {
  const run = async (more: Parameters<typeof request>[1] = {}) => {
    const { make, wire, close } = await start();
    wire.play({ kind: "text", text: '{"title":"Rye"}' });
    await make().run(request("openai", more), { signal: AbortSignal.timeout(5_000) });
    await close();
    return wire.seen[0];
  };

  it("has nothing kept at the provider, and puts what many runs share first", async () => {
    const seen = await run();
    expect(seen?.path).toBe("/v1/responses");
    expect(seen?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(seen?.body).toMatchObject({
      stream: true,
      store: false,
      max_output_tokens: 30_000,
      instructions: "You write.\n\nThe client.",
      input: [{ role: "user", content: PROMPT }],
    });
  });

  it("asks for strict objects only when every property is required, as the provider wants it", async () => {
    const sent = async (properties: object) => {
      const jsonSchema = { type: "object", properties, required: ["title"] };
      const seen = await run({ output: { kind: "object", name: "answer", jsonSchema } });
      return seen?.body.text;
    };
    const title = { type: "string" };
    expect(await sent({ title })).toMatchObject({ format: { type: "json_schema", strict: true } });
    expect(await sent({ title, note: title })).toMatchObject({ format: { strict: false } });
  });
});
