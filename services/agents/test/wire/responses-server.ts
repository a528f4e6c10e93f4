import {
  type HttpScript,
  pieces,
  type Script,
  type ServerEvent,
  startWire,
  type WireServer,
} from "./wire.ts";

const REQUEST_ID = "req_openai_test";

/** OpenAI's Responses API, as far as the adapter uses it. */
export function startResponsesServer(): Promise<WireServer> {
  return startWire({
    basePath: "/v1",
    headers: { "x-request-id": REQUEST_ID },
    errorBody: ({ type, message, code }) => ({
      error: { message: message ?? type, type, param: null, code: code ?? null },
    }),
    model: (id) => ({ id, object: "model", created: 1_790_000_000, owned_by: "test" }),
    events: (script, model) => new Answer(model).events(script),
  });
}

const MESSAGE = { id: "msg_test", type: "message", role: "assistant" };
const PLACE = { item_id: MESSAGE.id, output_index: 1, content_index: 0 };

/** One answer's events, numbered as they are made. */
class Answer {
  readonly #model: string;
  #sequence = 0;

  constructor(model: string) {
    this.#model = model;
  }

  events(script: Exclude<Script, HttpScript>): ServerEvent[] {
    const refuses = script.kind === "stop" && script.reason === "refusal";
    const begun = [...this.#opening(), ...(refuses ? this.#refusal() : this.#text(script.text ?? ""))];
    switch (script.kind) {
      case "hang":
      case "cut":
        return begun;
      case "error_in_stream": {
        const error = { code: script.code, message: "Something went wrong", param: null };
        // The SDK yields the flat, documented form like any other event, and throws the nested one.
        return [...begun, this.#event("error", script.nested ? { error } : error)];
      }
      case "failed":
        return [...begun, this.#failed(script.code)];
      case "stop":
        return [...begun, ...this.#stopped(script.reason)];
      case "text":
        return [...begun, ...this.#whole(script.text), this.#completed(script.cached ?? 0)];
    }
  }

  #event(type: string, data: object): ServerEvent {
    return { event: type, data: { type, sequence_number: this.#sequence++, ...data } };
  }

  #state(type: string, status: string, more: object = {}): ServerEvent {
    const response = {
      id: "resp_test",
      object: "response",
      created_at: 1_790_000_000,
      status,
      error: null,
      incomplete_details: null,
      model: this.#model,
      output: [],
      usage: null,
      ...more,
    };
    return this.#event(type, { response });
  }

  #opening(): ServerEvent[] {
    const reasoning = { id: "rs_test", type: "reasoning", summary: [] };
    return [
      this.#state("response.created", "in_progress"),
      this.#state("response.in_progress", "in_progress"),
      // What the model thinks is no part of its answer.
      this.#event("response.output_item.added", { output_index: 0, item: reasoning }),
      this.#event("response.output_item.done", { output_index: 0, item: reasoning }),
      this.#event("response.output_item.added", {
        output_index: 1,
        item: { ...MESSAGE, status: "in_progress", content: [] },
      }),
    ];
  }

  #text(text: string): ServerEvent[] {
    const part = { type: "output_text", text: "", annotations: [] };
    return [
      this.#event("response.content_part.added", { ...PLACE, part }),
      ...pieces(text).map((delta) =>
        this.#event("response.output_text.delta", { ...PLACE, delta, logprobs: [] }),
      ),
    ];
  }

  #whole(text: string): ServerEvent[] {
    const part = { type: "output_text", text, annotations: [] };
    return [
      this.#event("response.output_text.done", { ...PLACE, text, logprobs: [] }),
      this.#event("response.content_part.done", { ...PLACE, part }),
      this.#event("response.output_item.done", {
        output_index: 1,
        item: { ...MESSAGE, status: "completed", content: [part] },
      }),
      // An event of a later day: to be ignored.
      this.#event("response.weather", { sunny: true }),
    ];
  }

  #refusal(): ServerEvent[] {
    const refusal = "I can't help with that.";
    return [
      this.#event("response.content_part.added", { ...PLACE, part: { type: "refusal", refusal: "" } }),
      this.#event("response.refusal.delta", { ...PLACE, delta: refusal }),
      this.#event("response.refusal.done", { ...PLACE, refusal }),
      this.#event("response.content_part.done", { ...PLACE, part: { type: "refusal", refusal } }),
    ];
  }

  #stopped(reason: "max_tokens" | "refusal" | "context" | "filter"): ServerEvent[] {
    if (reason === "refusal") return [this.#completed(0)];
    if (reason === "context") return [this.#failed("context_length_exceeded")];
    const why = reason === "filter" ? "content_filter" : "max_output_tokens";
    const more = { usage: usage(0), incomplete_details: { reason: why } };
    return [this.#state("response.incomplete", "incomplete", more)];
  }

  #failed(code: string): ServerEvent {
    return this.#state("response.failed", "failed", { error: { code, message: "Something went wrong" } });
  }

  #completed(cached: number): ServerEvent {
    return this.#state("response.completed", "completed", { usage: usage(cached) });
  }
}

const usage = (cached: number) => ({
  // Includes what came from the cache and what went into it.
  input_tokens: 100 + cached + 7,
  input_tokens_details: { cached_tokens: cached, cache_write_tokens: 7 },
  output_tokens: 42,
  output_tokens_details: { reasoning_tokens: 3 },
  total_tokens: 149 + cached,
});
