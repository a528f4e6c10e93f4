import { describe, expect, it } from "vitest";
import { claudeAdapter } from "../../src/adapters/claude.ts";
import { startMessagesServer } from "../wire/messages-server.ts";
import { adapterContract, type Bench, failureOf, http, KEY, PROMPT, request } from "./contract.ts";

async function start(): Promise<Required<Bench>> {
  const wire = await startMessagesServer();
  return {
    wire,
    make: (settings) => claudeAdapter({ apiKey: KEY, baseUrl: wire.url, timeoutMs: 5_000, ...settings }),
    close: () => wire.close(),
  };
}

const inStream = (code: string) => ({ kind: "error_in_stream", text: "Half a", code }) as const;
const refused = (message: string) => http(400, "invalid_request_error", { message });

adapterContract("claude", {
  start,
  corpus: [
    [
      "a rate limit with its pause in seconds",
      http(429, "rate_limit_error", { headers: { "retry-after": "17" } }),
      { class: "rate_limited", code: "rate_limited", retryAfterMs: 17_000, config: false },
    ],
    [
      "a rate limit with its pause in milliseconds",
      http(429, "rate_limit_error", { headers: { "retry-after-ms": "1700", "retry-after": "2" } }),
      { class: "rate_limited", retryAfterMs: 1_700 },
    ],
    [
      "a ramp-up limit",
      http(429, "rate_limit_error", { code: "ramp_limit_exceeded", headers: { "retry-after": "3" } }),
      { class: "rate_limited", code: "ramp_limit_exceeded", retryAfterMs: 3_000 },
    ],
    [
      "a spend limit, which no waiting lifts",
      http(429, "rate_limit_error", { code: "enforced_spend_limit_reached" }),
      { class: "budget", config: true, retryAfterMs: undefined },
    ],
    [
      "a spend limit that comes as a refused request",
      refused("You have reached your specified API usage limits."),
      { class: "budget", config: true },
    ],
    ["an unpaid bill", http(402, "billing_error"), { class: "budget", code: "billing", config: true }],
    [
      "an overload",
      http(529, "overloaded_error", { headers: { "retry-after": "5" } }),
      { class: "retryable", code: "overloaded", retryAfterMs: 5_000, requestId: "req_011CTestTestTest" },
    ],
    ["an error of its own", http(500, "api_error"), { class: "retryable", code: "provider_error" }],
    ["a slow back end", http(504, "timeout_error"), { class: "retryable", code: "provider_error" }],
    ["a wrong key", http(401, "authentication_error"), { class: "auth", code: "invalid_key", config: true }],
    [
      "a key without the right",
      http(403, "permission_error"),
      { class: "auth", code: "key_not_allowed", config: true },
    ],
    [
      "an unknown model",
      http(404, "not_found_error", { message: "model: x" }),
      { class: "invalid", code: "unknown_model", config: true },
    ],
    [
      "a prompt that is too long",
      refused("prompt is too long: 300000 tokens > 200000 maximum"),
      { class: "invalid", code: "context_too_long", config: false },
    ],
    ["a body that is too large", http(413, "request_too_large"), { code: "request_too_large" }],
    [
      "a refusal that repeats the prompt and the key",
      refused(`messages.0.content: "${PROMPT}" sent with ${KEY} can't be read`),
      { class: "invalid", code: "invalid_request", message: expect.stringContaining('"messages"') },
    ],
    ["an overload in the stream", inStream("overloaded_error"), { class: "retryable", code: "overloaded" }],
    ["a rate limit in the stream", inStream("rate_limit_error"), { class: "rate_limited" }],
    [
      "an error in the stream",
      inStream("api_error"),
      { class: "retryable", code: "provider_error", requestId: "req_011CTestTestTest" },
    ],
  ],
});

describe("the claude adapter", () => {
  it("speaks the newest version, with the key as its only credential and the stable part marked for the cache", async () => {
    const { make, wire, close } = await start();
    await make().run(request("claude"), { signal: AbortSignal.timeout(5_000) });
    const { path, headers, body } = wire.seen[0] ?? {};
    expect(path).toBe("/v1/messages");
    expect(headers).toMatchObject({ "anthropic-version": "2026-10-21", authorization: `Bearer ${KEY}` });
    expect(body).toMatchObject({
      stream: true,
      max_tokens: 30_000,
      system: [{ text: "You write." }, { text: "The client.", cache_control: { type: "ephemeral" } }],
      messages: [{ role: "user", content: PROMPT }],
    });
    // Each of these is refused with a 400 since 2026-10-21.
    for (const gone of ["temperature", "top_p", "top_k"]) expect(body).not.toHaveProperty(gone);
    await close();
  });

  it("knows what a stopped answer has used: its prompt was read", async () => {
    const { make, wire, close } = await start();
    wire.play({ kind: "hang", text: "Once" });
    const stop = new AbortController();
    const run = make().run(request("claude"), { signal: stop.signal, onEvent: () => stop.abort() });
    expect((await failureOf(run)).usage?.inputTokens).toBe(100);
    await close();
  });

  it("waits for a key rather than trying without one", async () => {
    const { make, wire, close } = await start();
    const run = make({ apiKey: "" }).run(request("claude"), { signal: AbortSignal.timeout(5_000) });
    expect(await failureOf(run)).toMatchObject({ class: "auth", code: "no_key", config: true });
    expect(wire.seen).toEqual([]);
    await close();
  });
});
