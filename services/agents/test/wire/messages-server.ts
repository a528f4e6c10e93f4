import {
  type HttpScript,
  pieces,
  type Script,
  type ServerEvent,
  startWire,
  type WireServer,
} from "./wire.ts";

const REQUEST_ID = "req_011CTestTestTest";

/** Anthropic's Messages API (version 2026-10-21), as far as the adapter uses it. */
export function startMessagesServer(): Promise<WireServer> {
  return startWire({
    basePath: "",
    headers: { "request-id": REQUEST_ID, "anthropic-organization-id": "org-test" },
    errorBody: ({ type, message, code }) => ({
      type: "error",
      error: { type, message: message ?? type, ...(code ? { details: { error_code: code } } : {}) },
      request_id: REQUEST_ID,
    }),
    model: (id) => ({ type: "model", id, display_name: id, created_at: "2026-10-21T00:00:00Z" }),
    events,
  });
}

/** Every event's name is the `type` of its data; the SDK drops events without one. */
const event = (type: string, data: object = {}): ServerEvent => ({ event: type, data: { type, ...data } });

const STOPS = {
  max_tokens: "max_tokens",
  refusal: "refusal",
  filter: "refusal",
  context: "model_context_window_exceeded",
} as const;

function events(script: Exclude<Script, HttpScript>, model: string): ServerEvent[] {
  const cached = script.kind === "text" ? (script.cached ?? 0) : 0;
  const begun = [
    event("message_start", {
      message: {
        id: "msg_test",
        type: "message",
        role: "assistant",
        model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        container: null,
        diagnostics: null,
        usage: {
          // Without what came from the cache and what went into it.
          input_tokens: 100,
          cache_creation_input_tokens: 7,
          cache_read_input_tokens: cached,
          cache_creation: { ephemeral_5m_input_tokens: 7, ephemeral_1h_input_tokens: 0 },
          output_tokens: 1,
          service_tier: "standard",
        },
      },
    }),
    event("ping"),
    // What the model thinks is no part of its answer.
    event("content_block_start", {
      index: 0,
      content_block: { type: "thinking", thinking: "", signature: "" },
    }),
    event("content_block_delta", { index: 0, delta: { type: "thinking_delta", thinking: "Hm, bread." } }),
    event("content_block_delta", { index: 0, delta: { type: "signature_delta", signature: "EqQBCg==" } }),
    event("content_block_stop", { index: 0 }),
    event("content_block_start", { index: 1, content_block: { type: "text", text: "" } }),
    ...pieces(script.text ?? "").map((text) =>
      event("content_block_delta", { index: 1, delta: { type: "text_delta", text } }),
    ),
  ];
  if (script.kind === "hang" || script.kind === "cut") return begun;
  if (script.kind === "error_in_stream" || script.kind === "failed") {
    return [...begun, event("error", { error: { type: script.code, message: "Something went wrong" } })];
  }
  const stop_reason = script.kind === "stop" ? STOPS[script.reason] : "end_turn";
  return [
    ...begun,
    event("content_block_stop", { index: 1 }),
    // An event of a later day: to be ignored.
    event("message_weather", { sunny: true }),
    event("message_delta", {
      delta: {
        stop_reason,
        stop_sequence: null,
        stop_details:
          stop_reason === "refusal" ? { type: "refusal", category: null, explanation: null } : null,
        container: null,
      },
      // Cumulative; null means that the counts of the start still hold.
      usage: {
        input_tokens: null,
        cache_creation_input_tokens: null,
        cache_read_input_tokens: null,
        output_tokens: 42,
      },
    }),
    event("message_stop"),
  ];
}
