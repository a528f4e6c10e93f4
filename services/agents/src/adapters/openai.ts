import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError } from "openai";
import type { ResponseCreateParamsStreaming, ResponseUsage } from "openai/resources/responses/responses";
import {
  cancelled,
  RunFailure,
  retryAfterMs,
  spending,
  streamCut,
  unreachable,
  unusable,
} from "./failure.ts";
import { allRequired, parseObject, providerSchema } from "./json.ts";
import type { Adapter, AdapterRequest, AdapterResult, AdapterSettings, RunOptions, Usage } from "./port.ts";
import { NO_USAGE } from "./port.ts";
import { costOf } from "./prices.ts";
import { testEndpoint } from "./test-endpoint.ts";

const PROVIDER = "OpenAI";

/** OpenAI's Responses API, streamed; a base URL makes it serve any compatible server. */
export function openaiAdapter(settings: AdapterSettings): Adapter {
  const client = new OpenAI({
    // The SDK refuses to be made without one; `test` says that it is missing before a run gets here.
    apiKey: settings.apiKey || "missing",
    ...(settings.baseUrl ? { baseURL: settings.baseUrl } : {}),
    timeout: settings.timeoutMs ?? 60_000,
    maxRetries: 0,
    logLevel: "off",
  });
  return {
    name: "openai",
    run: (request, options) => run(client, request, options),
    test: (model, signal) =>
      testEndpoint({
        provider: PROVIDER,
        keyVariable: "OPENAI_API_KEY",
        apiKey: settings.apiKey,
        model,
        lookUp: () => client.models.retrieve(model, { signal }),
        classify: (error) => classify(error, signal),
      }),
  };
}

async function run(
  client: OpenAI,
  request: AdapterRequest,
  { signal, onEvent }: RunOptions,
): Promise<AdapterResult> {
  const started = performance.now();
  let text = "";
  let usage: Usage = NO_USAGE;
  let responseId: string | undefined;
  let complete = false;
  let refused = false;
  try {
    const stream = await client.responses.create(body(request), { signal });
    for await (const event of stream) {
      switch (event.type) {
        case "response.created":
          responseId = event.response.id;
          break;
        case "response.output_text.delta":
          text += event.delta;
          onEvent?.({ kind: "text", text: event.delta });
          break;
        case "response.refusal.done":
          // What it cost comes with the final event.
          refused = true;
          break;
        case "response.completed":
          usage = usageOf(event.response.usage);
          onEvent?.({ kind: "usage", usage, cost: costOf(request.model, usage) });
          complete = true;
          break;
        case "response.incomplete":
          usage = usageOf(event.response.usage);
          throw incomplete(event.response.incomplete_details?.reason);
        case "response.failed":
          usage = usageOf(event.response.usage);
          throw byCode(event.response.error?.code ?? "server_error", undefined, undefined);
        case "error":
          // The flat form is yielded as an ordinary event by the SDK; only a payload with an `error` key is thrown.
          throw byCode(event.code ?? "server_error", undefined, undefined);
      }
    }
    if (signal.aborted) throw cancelled(signal.reason);
    if (refused) throw unusable("refused", `${PROVIDER} declined to write this.`);
    // A cut stream ends iteration without an error: only the final event proves that the answer is whole.
    if (!complete) throw streamCut(PROVIDER);
    return {
      text,
      ...(request.output.kind === "object" ? { object: parseObject(text) } : {}),
      usage,
      cost: costOf(request.model, usage),
      durationMs: Math.round(performance.now() - started),
      sessionId: responseId,
    };
  } catch (error) {
    throw spending(classify(error, signal), usage);
  }
}

function body(request: AdapterRequest): ResponseCreateParamsStreaming {
  return {
    model: request.model,
    // One string: OpenAI caches by longest common prefix, so the stable parts need only come first.
    instructions: request.system.map((part) => part.text).join("\n\n"),
    input: request.turns.map((turn) => ({ role: turn.role, content: turn.text })),
    max_output_tokens: request.maxOutputTokens,
    store: false,
    stream: true,
    ...(request.output.kind === "object"
      ? {
          text: {
            format: {
              type: "json_schema",
              name: request.output.name,
              schema: providerSchema(request.output.jsonSchema),
              // OpenAI refuses strict schemas with optional properties.
              strict: allRequired(request.output.jsonSchema),
            },
          },
        }
      : {}),
  };
}

/** OpenAI's input count includes cached tokens; ours does not. Compatible servers may leave details out. */
function usageOf(usage: ResponseUsage | null | undefined): Usage {
  if (!usage) return NO_USAGE;
  const details: Partial<ResponseUsage["input_tokens_details"]> | undefined = usage.input_tokens_details;
  const read = details?.cached_tokens ?? 0;
  const write = details?.cache_write_tokens ?? 0;
  return {
    inputTokens: Math.max(0, usage.input_tokens - read - write),
    outputTokens: usage.output_tokens,
    cacheReadTokens: read,
    cacheWriteTokens: write,
  };
}

function incomplete(reason: string | undefined): RunFailure {
  return reason === "content_filter"
    ? unusable("refused", `${PROVIDER} declined to write this.`)
    : unusable("output_too_long", "The answer was cut at the output limit.");
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
  // vLLM and others put an integer HTTP status in `code`.
  const code = typeof error.code === "string" ? error.code : undefined;
  return byCode(error.type === "insufficient_quota" ? "insufficient_quota" : code, error.status, error);
}

const QUOTA = new Set([
  "insufficient_quota",
  "credit_balance_exhausted",
  "billing_hard_limit_reached",
  "usage_not_included",
]);

function byCode(
  code: string | undefined,
  status: number | undefined,
  error: APIError | undefined,
): RunFailure {
  const base = { requestId: error?.requestID ?? undefined, cause: error };
  if (code && QUOTA.has(code)) {
    return new RunFailure({
      ...base,
      class: "budget",
      code,
      message: `The ${PROVIDER} account has no quota left. Add credit in its billing settings.`,
      config: true,
    });
  }
  if (status === 401 || status === 403 || code === "invalid_api_key") {
    return new RunFailure({
      ...base,
      class: "auth",
      code: status === 403 ? "key_not_allowed" : "invalid_key",
      message: `${PROVIDER} refused the API key. Set a valid one.`,
      config: true,
    });
  }
  if (status === 404 || code === "model_not_found") {
    return new RunFailure({
      ...base,
      class: "invalid",
      code: "unknown_model",
      message: `${PROVIDER} does not know this model. Choose another one.`,
      config: true,
    });
  }
  if (status === 429 || code === "rate_limit_exceeded" || code === "slow_down") {
    return new RunFailure({
      ...base,
      class: "rate_limited",
      code: code ?? "rate_limited",
      message: `${PROVIDER} limits how often it may be asked.`,
      retryAfterMs: retryAfterMs(error?.headers, Date.now()),
    });
  }
  // vLLM and others say it in words only.
  const tooLong = status === 400 && /maximum context length/i.test(error?.message ?? "");
  if (code === "context_length_exceeded" || tooLong) {
    const message = "The task and its material are too long for the model.";
    return new RunFailure({ ...base, class: "invalid", code: "context_too_long", message });
  }
  if (status === 400 || status === 413 || status === 422 || code === "invalid_prompt") {
    return new RunFailure({
      ...base,
      class: "invalid",
      code: code ?? "invalid_request",
      message: `${PROVIDER} refused the request.`,
    });
  }
  const overloaded = status === 503 || code === "server_is_overloaded";
  return new RunFailure({
    ...base,
    class: "retryable",
    code: overloaded ? "overloaded" : "provider_error",
    message: overloaded ? `${PROVIDER} is overloaded.` : `${PROVIDER} had an error of its own.`,
    retryAfterMs: retryAfterMs(error?.headers, Date.now()),
  });
}
