import Anthropic, { APIConnectionError, APIConnectionTimeoutError, APIError } from "@anthropic-ai/sdk";
import type { MessageCreateParamsStreaming } from "@anthropic-ai/sdk/resources/messages";
import {
  cancelled,
  RunFailure,
  retryAfterMs,
  spending,
  streamCut,
  unreachable,
  unusable,
} from "./failure.ts";
import { parseObject, providerSchema } from "./json.ts";
import type { Adapter, AdapterRequest, AdapterResult, AdapterSettings, RunOptions, Usage } from "./port.ts";
import { NO_USAGE } from "./port.ts";
import { costOf } from "./prices.ts";
import { testEndpoint } from "./test-endpoint.ts";

const PROVIDER = "Claude";

/** Anthropic's Messages API, streamed, with the stable part of the prompt cached. */
export function claudeAdapter(settings: AdapterSettings): Adapter {
  const client = new Anthropic({
    apiKey: settings.apiKey ?? "",
    // null keeps the SDK from reading a second credential out of the environment.
    authToken: null,
    ...(settings.baseUrl ? { baseURL: settings.baseUrl } : {}),
    timeout: settings.timeoutMs ?? 60_000,
    maxRetries: 0,
    logLevel: "off",
  });
  return {
    name: "claude",
    async run(request, options) {
      // The SDK would throw a plain error, which nobody could tell from a broken stream.
      if (!settings.apiKey) throw noKey();
      return run(client, request, options);
    },
    test: (model, signal) =>
      testEndpoint({
        provider: PROVIDER,
        keyVariable: "ANTHROPIC_API_KEY",
        apiKey: settings.apiKey,
        model,
        lookUp: () => client.models.retrieve(model, {}, { signal }),
        classify: (error) => classify(error, signal),
      }),
  };
}

async function run(
  client: Anthropic,
  request: AdapterRequest,
  { signal, onEvent }: RunOptions,
): Promise<AdapterResult> {
  const started = performance.now();
  let text = "";
  let usage: Usage = NO_USAGE;
  let messageId: string | undefined;
  let stopReason: string | null = null;
  let complete = false;
  try {
    const stream = await client.messages.create(body(request), { signal });
    for await (const event of stream) {
      if (event.type === "message_start") {
        messageId = event.message.id;
        usage = {
          inputTokens: event.message.usage.input_tokens,
          outputTokens: event.message.usage.output_tokens,
          cacheReadTokens: event.message.usage.cache_read_input_tokens ?? 0,
          cacheWriteTokens: event.message.usage.cache_creation_input_tokens ?? 0,
        };
      } else if (event.type === "content_block_delta" && event.delta.type === "text_delta") {
        text += event.delta.text;
        onEvent?.({ kind: "text", text: event.delta.text });
      } else if (event.type === "message_delta") {
        // Counts here are cumulative; input counts may be null, meaning "as told at the start".
        usage = {
          inputTokens: event.usage.input_tokens ?? usage.inputTokens,
          outputTokens: event.usage.output_tokens,
          cacheReadTokens: event.usage.cache_read_input_tokens ?? usage.cacheReadTokens,
          cacheWriteTokens: event.usage.cache_creation_input_tokens ?? usage.cacheWriteTokens,
        };
        stopReason = event.delta.stop_reason;
        onEvent?.({ kind: "usage", usage, cost: costOf(request.model, usage) });
      } else if (event.type === "message_stop") {
        complete = true;
      }
    }
    if (signal.aborted) throw cancelled(signal.reason);
    // A cut stream ends iteration without an error: only message_stop proves that the answer is whole.
    if (!complete) throw streamCut(PROVIDER);
    checkStop(stopReason);
    return {
      text,
      ...(request.output.kind === "object" ? { object: parseObject(text) } : {}),
      usage,
      cost: costOf(request.model, usage),
      durationMs: Math.round(performance.now() - started),
      sessionId: messageId,
    };
  } catch (error) {
    throw spending(classify(error, signal), usage);
  }
}

function body(request: AdapterRequest): MessageCreateParamsStreaming {
  return {
    model: request.model,
    max_tokens: request.maxOutputTokens,
    stream: true,
    system: request.system.map((part) => ({
      type: "text",
      text: part.text,
      ...(part.cache ? { cache_control: { type: "ephemeral" } } : {}),
    })),
    messages: request.turns.map((turn) => ({ role: turn.role, content: turn.text })),
    ...(request.output.kind === "object"
      ? {
          output_config: {
            format: { type: "json_schema", schema: providerSchema(request.output.jsonSchema) },
          },
        }
      : {}),
  };
}

function checkStop(reason: string | null): void {
  if (reason === "end_turn" || reason === "stop_sequence") return;
  if (reason === "max_tokens") throw unusable("output_too_long", "The answer was cut at the output limit.");
  if (reason === "refusal") throw unusable("refused", `${PROVIDER} declined to write this.`);
  if (reason === "model_context_window_exceeded") {
    throw unusable("context_too_long", "The task and its material are too long for the model.");
  }
  throw unusable("unexpected_stop", `${PROVIDER} stopped with "${reason ?? "nothing"}".`);
}

const noKey = (): RunFailure =>
  new RunFailure({
    class: "auth",
    code: "no_key",
    message: `No API key for ${PROVIDER}. Enter one in the agent's settings.`,
    config: true,
  });

/** An error inside a stream has no status of its own; its type says as much. */
const STATUS_OF: ReadonlyMap<string, number> = new Map([
  ["invalid_request_error", 400],
  ["authentication_error", 401],
  ["billing_error", 402],
  ["permission_error", 403],
  ["not_found_error", 404],
  ["request_too_large", 413],
  ["rate_limit_error", 429],
  ["overloaded_error", 529],
]);

/** Limits of the account that come as an ordinary 400 and say so in words only. */
const SPENT = /credit balance is too low|(?:usage|spend) limit/i;
const TOO_LONG = /prompt is too long|context (?:window|limit)/i;
/** The field a refusal is about. The rest of its text may repeat the prompt, so it stays in the cause. */
const FIELD = /^(?:model|max_tokens|messages|system|output_config)(?=[.:])/;

function classify(error: unknown, signal: AbortSignal): RunFailure {
  if (error instanceof RunFailure) return error;
  if (signal.aborted) return cancelled(error);
  if (error instanceof APIConnectionTimeoutError) {
    return new RunFailure({
      class: "retryable",
      code: "timeout",
      message: `${PROVIDER} did not answer in time.`,
      cause: error,
    });
  }
  if (error instanceof APIConnectionError) return unreachable(PROVIDER, error);
  if (!(error instanceof APIError)) return streamCut(PROVIDER, error);
  const retryAfter = retryAfterMs(error.headers, Date.now());
  const base = { requestId: error.requestID ?? undefined, cause: error };
  const status = error.status ?? STATUS_OF.get(error.type ?? "");
  const said = error.apiMessage ?? "";
  const spent =
    ["enforced_spend_limit_reached", "contract_spend_limit_reached"].includes(error.errorCode ?? "") ||
    (status === 400 && SPENT.test(said));
  if (spent || status === 402 || error.type === "billing_error") {
    return new RunFailure({
      ...base,
      class: "budget",
      code: error.errorCode ?? "billing",
      message: `The ${PROVIDER} account has reached its spend limit. Raise it in the Anthropic console.`,
      config: true,
    });
  }
  switch (status) {
    case 401:
    case 403:
      return new RunFailure({
        ...base,
        class: "auth",
        code: status === 401 ? "invalid_key" : "key_not_allowed",
        message: `${PROVIDER} refused the API key. Set a valid one.`,
        config: true,
      });
    case 404:
      return new RunFailure({
        ...base,
        class: "invalid",
        code: "unknown_model",
        message: `${PROVIDER} does not know this model. Choose another one.`,
        config: true,
      });
    case 400:
    case 413:
    case 422: {
      if (TOO_LONG.test(said)) {
        const message = "The task and its material are too long for the model.";
        return new RunFailure({ ...base, class: "invalid", code: "context_too_long", message });
      }
      const field = FIELD.exec(said)?.[0];
      return new RunFailure({
        ...base,
        class: "invalid",
        code: status === 413 ? "request_too_large" : "invalid_request",
        message: `${PROVIDER} refused the request${field ? ` because of its "${field}"` : ""}.`,
      });
    }
    case 429:
      return new RunFailure({
        ...base,
        class: "rate_limited",
        code: error.errorCode ?? "rate_limited",
        message: `${PROVIDER} limits how often it may be asked.`,
        retryAfterMs: retryAfter,
      });
    default: {
      const overloaded = status === 529 || error.type === "overloaded_error";
      return new RunFailure({
        ...base,
        class: "retryable",
        code: overloaded ? "overloaded" : "provider_error",
        message: overloaded ? `${PROVIDER} is overloaded.` : `${PROVIDER} had an error of its own.`,
        retryAfterMs: retryAfter,
      });
    }
  }
}
