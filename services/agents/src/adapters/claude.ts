import Anthropic, { APIConnectionError, APIConnectionTimeoutError, APIError } from "@anthropic-ai/sdk";
import type { MessageCreateParamsStreaming } from "@anthropic-ai/sdk/resources/messages";
import { cancelled, RunFailure, retryAfterMs, streamCut, unreachable, unusable } from "./failure.ts";
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
    run: (request, options) => run(client, request, options),
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
  } catch (error) {
    throw classify(error, signal);
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
  const spent = ["enforced_spend_limit_reached", "contract_spend_limit_reached"].includes(
    error.errorCode ?? "",
  );
  if (spent || error.status === 402 || error.type === "billing_error") {
    return new RunFailure({
      ...base,
      class: "budget",
      code: error.errorCode ?? "billing",
      message: `The ${PROVIDER} account has reached its spend limit. Raise it in the Anthropic console.`,
      config: true,
    });
  }
  switch (error.status) {
    case 401:
    case 403:
      return new RunFailure({
        ...base,
        class: "auth",
        code: error.status === 401 ? "invalid_key" : "key_not_allowed",
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
    case 422:
      return new RunFailure({
        ...base,
        class: "invalid",
        code: error.status === 413 ? "request_too_large" : "invalid_request",
        message: `${PROVIDER} refused the request: ${(error.apiMessage ?? "no reason given").replace(/\.$/, "")}.`,
      });
    case 429:
      return new RunFailure({
        ...base,
        class: "rate_limited",
        code: error.errorCode ?? "rate_limited",
        message: `${PROVIDER} limits how often it may be asked.`,
        retryAfterMs: retryAfter,
      });
    default:
      return new RunFailure({
        ...base,
        class: "retryable",
        code: error.status === 529 || error.type === "overloaded_error" ? "overloaded" : "provider_error",
        message:
          error.status === 529 || error.type === "overloaded_error"
            ? `${PROVIDER} is overloaded.`
            : `${PROVIDER} had an error of its own.`,
        retryAfterMs: retryAfter,
      });
  }
}
