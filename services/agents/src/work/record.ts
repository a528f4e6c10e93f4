import { createHash } from "node:crypto";
import { ATTR, type TenantTx } from "@leadmetrics/kit";
import type { Span } from "@opentelemetry/api";
import { NO_USAGE } from "../adapters/port.ts";
import { costOf } from "../adapters/prices.ts";
import type { AgentsDb, RunRow } from "../db.ts";
import type { Call } from "../prompt/produce.ts";
import { addUsage, type Ending, finish, insertCalls, type LlmCall, type Spent } from "../runs/store.ts";
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
export async function record(tx: TenantTx<AgentsDb>, end: End): Promise<void> {
  const { run, recorder, calls } = end;
  await recorder.writeRest(tx);
  await recordCalls(tx, end);
  if (calls.length > 0) await addUsage(tx, run.id, spentOn(calls));
}

/**
 * {@link record} of a run that is over: the row changes once, with its end.
 *
 * @returns the run as it ended; undefined when it was no longer this worker's
 */
export async function recordEnd(
  tx: TenantTx<AgentsDb>,
  end: End,
  ending: Pick<Ending, "status" | "problem" | "errorClass">,
): Promise<RunRow | undefined> {
  const { run, recorder, calls } = end;
  const row = await finish(tx, run, { ...ending, events: recorder.unwritten, spent: spentOn(calls) });
  if (!row) {
    await record(tx, end);
    return undefined;
  }
  await recorder.sayRest(tx, row);
  await recordCalls(tx, end);
  return row;
}

async function recordCalls(tx: TenantTx<AgentsDb>, { run, calls, skills }: End): Promise<void> {
  await recordUse(tx, run, skills);
  await insertCalls(
    tx,
    run,
    calls.map((call) => callRow(call, run)),
  );
}

function spentOn(calls: readonly Call[]): Spent {
  const sum = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 };
  let cost = 0;
  for (const { request, result } of calls) {
    if (!result) continue;
    sum.inputTokens += result.usage.inputTokens;
    sum.outputTokens += result.usage.outputTokens;
    sum.cacheReadTokens += result.usage.cacheReadTokens;
    cost += costOf(request.model, result.usage);
  }
  return { usage: sum, cost };
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
