import type { ServerResponse } from "node:http";
import { pieces, type Script, sendEvents, startWire, type WireServer } from "./sse.ts";

const REQUEST_ID = "req_openai_test";

/** OpenAI's Responses API, as far as the adapter uses it: streamed responses, errors, and the look-up of a model. */
export function startResponsesServer(): Promise<WireServer> {
  return startWire(async (script, seen, response) => {
    const head = { "x-request-id": REQUEST_ID };
    if (script.kind === "http") {
      response.writeHead(script.status, { "content-type": "application/json", ...head, ...script.headers });
      response.end(
        JSON.stringify({
          error: {
            message: script.message ?? script.type,
            type: script.type,
            param: null,
            code: script.code ?? null,
          },
        }),
      );
      return;
    }
    if (seen.method === "GET") {
      const id = seen.path.split("/").at(-1) ?? "";
      response.writeHead(200, { "content-type": "application/json", ...head });
      response.end(JSON.stringify({ id, object: "model", created: 1_790_000_000, owned_by: "test" }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", ...head });
    await stream(script, String(seen.body.model), response);
  }, "/v1");
}

async function stream(
  script: Exclude<Script, { kind: "http" }>,
  model: string,
  response: ServerResponse,
): Promise<void> {
  let sequence_number = 0;
  const event = (type: string, data: object) => ({
    event: type,
    data: { type, sequence_number: sequence_number++, ...data },
  });
  const cached = script.kind === "text" ? (script.cached ?? 0) : 0;
  const usage = {
    // Includes what came from the cache and what went into it.
    input_tokens: 100 + cached + 7,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: 7 },
    output_tokens: 42,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 149 + cached,
  };
  const state = (status: string, more: object = {}) => ({
    response: {
      id: "resp_test",
      object: "response",
      created_at: 1_790_000_000,
      status,
      error: null,
      incomplete_details: null,
      model,
      output: [],
      usage: null,
      ...more,
    },
  });
  const item = { id: "msg_test", type: "message", role: "assistant" };
  const place = { item_id: item.id, output_index: 0, content_index: 0 };
  const part = { type: "output_text", text: "", annotations: [] };
  await sendEvents(response, [
    event("response.created", state("in_progress")),
    event("response.in_progress", state("in_progress")),
    event("response.output_item.added", {
      output_index: 0,
      item: { ...item, status: "in_progress", content: [] },
    }),
    event("response.content_part.added", { ...place, part }),
    ...pieces(script.text).map((delta) =>
      event("response.output_text.delta", { ...place, delta, logprobs: [] }),
    ),
  ]);
  if (script.kind === "hang") return;
  if (script.kind === "cut") {
    response.end();
    return;
  }
  if (script.kind === "error_in_stream") {
    // The documented flat form, which the SDK yields like any other event.
    await sendEvents(response, [
      event("error", { code: "server_is_overloaded", message: "The server is overloaded.", param: null }),
    ]);
    response.end();
    return;
  }
  if (script.kind === "stop" && script.reason === "refusal") {
    await sendEvents(response, [event("response.refusal.done", { ...place, refusal: "I can't." })]);
    response.end();
    return;
  }
  const done = [
    event("response.output_text.done", { ...place, text: script.text, logprobs: [] }),
    event("response.content_part.done", { ...place, part: { ...part, text: script.text } }),
    event("response.output_item.done", {
      output_index: 0,
      item: { ...item, status: "completed", content: [{ ...part, text: script.text }] },
    }),
  ];
  const ends = {
    max_tokens: () =>
      event(
        "response.incomplete",
        state("incomplete", { usage, incomplete_details: { reason: "max_output_tokens" } }),
      ),
    context: () =>
      event(
        "response.failed",
        state("failed", { error: { code: "context_length_exceeded", message: "Too long." } }),
      ),
    whole: () => event("response.completed", state("completed", { usage })),
  };
  const end =
    script.kind === "stop" ? (script.reason === "context" ? ends.context : ends.max_tokens) : ends.whole;
  await sendEvents(response, [...done, end()]);
  response.end();
}
