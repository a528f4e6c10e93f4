import { ATTR } from "@leadmetrics/kit";
import { context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { z } from "zod";
import { asRunFailure, RunFailure, unusable } from "../adapters/failure.ts";
import type { Adapter, AdapterRequest, AdapterResult, RunOptions, Usage } from "../adapters/port.ts";
import { NO_USAGE } from "../adapters/port.ts";
import { costOf } from "../adapters/prices.ts";

/** One call of the model, for the record; also of those whose answer could not be used. */
export interface Call {
  request: AdapterRequest;
  outcome: string;
  result?: AdapterResult;
  durationMs: number;
}

export interface Produced<T> {
  value: T;
  usage: Usage;
  cost: number;
}

interface Options<T> extends RunOptions {
  /** Turns an answer into the role's output, or throws: a ZodError or an `invalid` RunFailure is repaired once. */
  accept: (result: AdapterResult) => T;
  onCall: (call: Call) => void;
  /** The answer is asked for again; what was streamed so far is void. */
  onRepair?: (problem: string) => void;
}

/** Asks the model; an answer that does not fit is sent back once with the reason, then fails as `invalid`. */
export async function produce<T>(
  adapter: Adapter,
  request: AdapterRequest,
  options: Options<T>,
): Promise<Produced<T>> {
  const first = await call(adapter, request, options);
  if (first.ok) return { value: first.value, usage: first.result.usage, cost: first.result.cost };
  options.onRepair?.(first.problem);
  const repair: AdapterRequest = {
    ...request,
    turns: [
      ...request.turns,
      { role: "assistant", text: first.text || "(no usable answer)" },
      {
        role: "user",
        text: `That answer can't be used: ${first.problem}\nGive the whole answer again, in the form that was asked for, with this corrected.`,
      },
    ],
  };
  const second = await call(adapter, repair, options);
  if (!second.ok)
    throw unusable("invalid_output", `The model's answer does not fit what was asked for: ${second.problem}`);
  return {
    value: second.value,
    usage: add(first.result?.usage ?? NO_USAGE, second.result.usage),
    cost: (first.result?.cost ?? 0) + second.result.cost,
  };
}

type Called<T> =
  | { ok: true; value: T; result: AdapterResult }
  | { ok: false; problem: string; text: string; result?: AdapterResult };

/** Codes of failures that a second try with the reason can mend. */
const MENDABLE = new Set(["invalid_json", "invalid_document", "invalid_output"]);

async function call<T>(adapter: Adapter, request: AdapterRequest, options: Options<T>): Promise<Called<T>> {
  const started = performance.now();
  const span = spanOf(adapter, request);
  let text = "";
  let result: AdapterResult | undefined;
  const record = (outcome: string) => {
    endSpan(span, outcome, result);
    options.onCall({ request, outcome, result, durationMs: Math.round(performance.now() - started) });
  };
  try {
    result = await context.with(trace.setSpan(context.active(), span), () =>
      adapter.run(request, {
        signal: options.signal,
        onEvent(event) {
          if (event.kind === "text") text += event.text;
          options.onEvent?.(event);
        },
      }),
    );
    const value = options.accept(result);
    record("ok");
    return { ok: true, value, result };
  } catch (error) {
    // An answer that could not be used was still made, and is paid for.
    if (!result && error instanceof RunFailure && error.usage) {
      const { usage } = error;
      const durationMs = Math.round(performance.now() - started);
      result = { text, usage, cost: costOf(request.model, usage), durationMs };
    }
    const problem = mendable(error);
    record(problem === undefined ? asRunFailure(error).code : "invalid_output");
    if (problem === undefined) throw error;
    return { ok: false, problem, text, result };
  }
}

/** One call of a model: who was asked and what it took, as the semantic conventions name it; never a word of what was said. */
function spanOf(adapter: Adapter, request: AdapterRequest): Span {
  return trace.getTracer("@leadmetrics/agents").startSpan(`chat ${request.model}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      [ATTR.llmOperation]: "chat",
      [ATTR.llmProvider]: adapter.name,
      [ATTR.llmModel]: request.model,
    },
  });
}

function endSpan(span: Span, outcome: string, result: AdapterResult | undefined): void {
  const { usage = NO_USAGE, cost = 0 } = result ?? {};
  span.setAttributes({
    [ATTR.llmInputTokens]: usage.inputTokens,
    [ATTR.llmOutputTokens]: usage.outputTokens,
    [ATTR.llmCachedTokens]: usage.cacheReadTokens,
    [ATTR.llmCost]: cost,
    [ATTR.outcome]: outcome,
  });
  if (outcome !== "ok") span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
  span.end();
}

function mendable(error: unknown): string | undefined {
  if (error instanceof z.ZodError) return z.prettifyError(error).slice(0, 1_000);
  if (error instanceof RunFailure && MENDABLE.has(error.code)) return error.message;
  return undefined;
}

const add = (a: Usage, b: Usage): Usage => ({
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
  cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
});
