import { setTimeout as wait } from "node:timers/promises";
import { cancelled, unusable } from "./failure.ts";
import { parseObject } from "./json.ts";
import type { Adapter, AdapterRequest, AdapterResult, AdapterSettings, RunOptions, Usage } from "./port.ts";
import { costOf } from "./prices.ts";

/** The one model of the offline adapter; versioned so that a change of its texts is visible in old runs. */
export const OFFLINE_MODEL = "offline-1";
/** Words in one streamed chunk. */
const CHUNK_WORDS = 6;

/**
 * No model: streams the role's deterministic draft, at a pace a person can watch. For trying the product, tests
 * and demos.
 */
export function offlineAdapter(settings: AdapterSettings): Adapter {
  const paceMs = settings.paceMs ?? 15;
  return {
    name: "offline",
    run: (request, options) => run(request, options, paceMs),
    async test(model) {
      const ok = model === OFFLINE_MODEL;
      return {
        ok,
        checks: [
          ok
            ? { name: "model", ok, message: "Drafts are made offline, without a language model." }
            : {
                name: "model",
                ok,
                message: `The offline adapter has no model "${model}".`,
                hint: `Choose ${OFFLINE_MODEL}.`,
              },
        ],
      };
    },
  };
}

async function run(
  request: AdapterRequest,
  { signal, onEvent }: RunOptions,
  paceMs: number,
): Promise<AdapterResult> {
  const started = performance.now();
  if (signal.aborted) throw cancelled(signal.reason);
  if (request.model !== OFFLINE_MODEL) {
    throw unusable("unknown_model", `The offline adapter has no model "${request.model}".`);
  }
  const text = request.sketch();
  for (const chunk of chunks(text)) {
    if (paceMs > 0) {
      await wait(paceMs, undefined, { signal }).catch((error: unknown) => {
        throw cancelled(error);
      });
    }
    if (signal.aborted) throw cancelled(signal.reason);
    onEvent?.({ kind: "text", text: chunk });
  }
  if (signal.aborted) throw cancelled(signal.reason);
  const usage: Usage = {
    inputTokens: tokens([...request.system, ...request.turns].map((part) => part.text).join("\n")),
    outputTokens: tokens(text),
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
  };
  const cost = costOf(request.model, usage);
  onEvent?.({ kind: "usage", usage, cost });
  return {
    text,
    ...(request.output.kind === "object" ? { object: parseObject(text) } : {}),
    usage,
    cost,
    durationMs: Math.round(performance.now() - started),
  };
}

function* chunks(text: string): Generator<string> {
  const words = text.match(/\S+\s*|\s+/g) ?? [];
  for (let i = 0; i < words.length; i += CHUNK_WORDS) yield words.slice(i, i + CHUNK_WORDS).join("");
}

/** About four characters a token: an estimate, so that reports and limits behave as with a real model. */
const tokens = (text: string): number => Math.ceil(text.length / 4);
