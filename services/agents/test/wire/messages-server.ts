import type { ServerResponse } from "node:http";
import { pieces, type Script, sendEvents, startWire, type WireServer } from "./sse.ts";

const REQUEST_ID = "req_011CTestTestTest";

/** Anthropic's Messages API, as far as the adapter uses it: streamed messages, errors, and the look-up of a model. */
export function startMessagesServer(): Promise<WireServer> {
  return startWire(async (script, seen, response) => {
    const head = { "request-id": REQUEST_ID, "anthropic-organization-id": "org-test" };
    if (script.kind === "http") {
      response.writeHead(script.status, { "content-type": "application/json", ...head, ...script.headers });
      const details = script.code ? { details: { error_code: script.code } } : {};
      response.end(
        JSON.stringify({
          type: "error",
          error: { type: script.type, message: script.message ?? script.type, ...details },
          request_id: REQUEST_ID,
        }),
      );
      return;
    }
    if (seen.method === "GET") {
      const id = seen.path.split("/").at(-1) ?? "";
      response.writeHead(200, { "content-type": "application/json", ...head });
      response.end(
        JSON.stringify({ type: "model", id, display_name: id, created_at: "2026-10-21T00:00:00Z" }),
      );
      return;
    }
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      ...head,
    });
    await stream(script, String(seen.body.model), response);
  });
}

async function stream(
  script: Exclude<Script, { kind: "http" }>,
  model: string,
  response: ServerResponse,
): Promise<void> {
  const cached = script.kind === "text" ? (script.cached ?? 0) : 0;
  const usage = {
    input_tokens: 100,
    cache_creation_input_tokens: 7,
    cache_read_input_tokens: cached,
    output_tokens: 1,
    service_tier: "standard",
  };
  await sendEvents(response, [
    {
      event: "message_start",
      data: {
        type: "message_start",
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
          usage,
        },
      },
    },
    { event: "ping", data: { type: "ping" } },
    {
      event: "content_block_start",
      data: { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    },
    ...pieces(script.text).map((text) => ({
      event: "content_block_delta",
      data: { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } },
    })),
  ]);
  switch (script.kind) {
    case "hang":
      return;
    case "cut":
      response.end();
      return;
    case "error_in_stream":
      await sendEvents(response, [
        {
          event: "error",
          data: { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
        },
      ]);
      response.end();
      return;
    default: {
      const reasons = {
        max_tokens: "max_tokens",
        refusal: "refusal",
        context: "model_context_window_exceeded",
      };
      const stop_reason = script.kind === "stop" ? reasons[script.reason] : "end_turn";
      await sendEvents(response, [
        { event: "content_block_stop", data: { type: "content_block_stop", index: 0 } },
        // An event of a later day: to be ignored.
        { event: "message_weather", data: { type: "message_weather", sunny: true } },
        {
          event: "message_delta",
          data: {
            type: "message_delta",
            delta: { stop_reason, stop_sequence: null, stop_details: null, container: null },
            // Cumulative; the input counts of the start still hold.
            usage: {
              input_tokens: null,
              cache_creation_input_tokens: null,
              cache_read_input_tokens: null,
              output_tokens: 42,
            },
          },
        },
        { event: "message_stop", data: { type: "message_stop" } },
      ]);
      response.end();
    }
  }
}
