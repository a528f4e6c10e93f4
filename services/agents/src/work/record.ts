import { createHash } from "node:crypto";
import { ATTR, type TenantTx } from "@leadmetrics/kit";
import type { Span } from "@opentelemetry/api";
import { NO_USAGE } from "../adapters/port.ts";
import { costOf } from "../adapters/prices.ts";
import type { AgentsDb, RunRow } from "../db.ts";
import type { Call } from "../prompt/produce.ts";
import { addUsage, insertCalls, type LlmCall } from "../runs/store.ts";
import type { Setups } from "../settings/setup.ts";
import { recordUse, type ToldSkill } from "../skills/store.ts";
import type { Recorder } from "./recorder.ts";

/** What the end of an attempt writes down besides its outcome. */
export interface End {
  readonly run: RunRow;
  readonly recorder: Recorder;
  readonly calls: readonly Call[];
  readonly skills: readonly ToldSkill[];
  readonly setups: Setups | undefined;
}

/** Keeps the rest of what was said, and what was spent, also when the run came to nothing. */
export async function record(tx: TenantTx<AgentsDb>, { run, recorder, calls, skills }: End): Promise<void> {
  await recorder.writeRest(tx);
  await recordUse(tx, run, skills);
  await insertCalls(
    tx,
    run,
    calls.map((call) => callRow(call, run)),
  );
  for (const { result, request } of calls) {
    if (result) await addUsage(tx, run.id, result.usage, costOf(request.model, result.usage));
  }
}

function callRow({ request, result, outcome, durationMs }: Call, run: RunRow): LlmCall {
  const usage = result?.usage ?? NO_USAGE;
  return {
    // An admitted run has both.
    adapter: run.adapter || "offline",
    model: request.model,
    outcome,
    usage,
    cost: costOf(request.model, usage),
    durationMs,
    promptHash: hash(JSON.stringify([request.system, request.turns])),
    responseHash: result ? hash(result.text) : "",
    providerRef: result?.sessionId,
  };
}

/** What the calls took, as the semantic conventions for generative models name it; never their texts. */
export function describe(span: Span, calls: readonly Call[]): void {
  const sum = (pick: (call: Call) => number) => calls.reduce((total, call) => total + pick(call), 0);
  span.setAttributes({
    [ATTR.llmInputTokens]: sum(({ result }) => result?.usage.inputTokens ?? 0),
    [ATTR.llmOutputTokens]: sum(({ result }) => result?.usage.outputTokens ?? 0),
    [ATTR.llmCost]: sum(({ result }) => result?.cost ?? 0),
    [ATTR.llmCalls]: calls.length,
  });
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
