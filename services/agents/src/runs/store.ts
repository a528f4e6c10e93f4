import { type Id, newId, type TenantTx, type Tx, toRef } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { AdapterName, Usage } from "../adapters/port.ts";
import type { AgentsDb, RunRow } from "../db.ts";
import type { RunInput } from "../prompt/material.ts";
import { type Lane, LIVE, type RunStatus, type WorkGroup } from "./rules.ts";

type AnyTx = Tx<AgentsDb>;

/** A run in somebody's hands: who holds an older fence has lost it. */
export interface Held {
  id: string;
  fence: number;
}

export interface NewRun {
  id: Id;
  tenantId: Id;
  role: string;
  workGroup: WorkGroup;
  lane: Lane;
  activityId: Id | null;
  stepId: Id | null;
  planId: Id | null;
  workKey: string;
  title: string;
  wakeReason: string;
  input: RunInput;
  traceparent: string | undefined;
  createdBy: string;
}

const since = sql<Date>`now()`;

/** Writes a run down; false when it is there already. */
export async function insertRun(tx: TenantTx<AgentsDb>, run: NewRun): Promise<boolean> {
  const row = await tx
    .insertInto("agent_run")
    .values({
      id: run.id,
      tenant_id: run.tenantId,
      role: run.role,
      work_group: run.workGroup,
      lane: run.lane,
      activity_id: run.activityId,
      step_id: run.stepId,
      plan_id: run.planId,
      work_key: run.workKey,
      title: run.title,
      wake_reason: run.wakeReason,
      input: JSON.stringify(run.input),
      traceparent: run.traceparent ?? null,
      status: "requested",
      created_by: run.createdBy,
      held_until: null,
      lease_until: null,
      worker: null,
      started_on: null,
      finished_on: null,
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

/** The live run on a piece of work, if there is one; locked. */
export function liveRunOn(tx: AnyTx, workKey: string): Promise<RunRow | undefined> {
  return tx
    .selectFrom("agent_run")
    .selectAll()
    .where("work_key", "=", workKey)
    .where("status", "in", [...LIVE])
    .forUpdate()
    .executeTakeFirst();
}

/** admitted → working: the run is the worker's until its lease ends. Nothing when it changed hands meanwhile. */
export function claim(tx: AnyTx, run: Held, worker: string, leaseMs: number): Promise<RunRow | undefined> {
  return tx
    .updateTable("agent_run")
    .set((eb) => ({
      status: "working",
      status_since: since,
      fence: eb("fence", "+", 1),
      worker,
      lease_until: later(leaseMs),
      started_on: sql<Date>`coalesce(started_on, now())`,
      problem: "",
      error_class: "",
      updated_on: since,
    }))
    .where("id", "=", run.id)
    .where("fence", "=", run.fence)
    .where("status", "=", "admitted")
    .returningAll()
    .executeTakeFirst();
}

export interface Progress {
  /** Events about to be written; their sequences are taken here. */
  events: number;
  leaseMs: number;
}

/** Extends the lease and takes sequences; undefined when the worker lost the run and must stop writing. */
export async function beat(
  tx: AnyTx,
  run: Held,
  progress: Progress,
): Promise<{ firstSequence: number } | undefined> {
  const row = await tx
    .updateTable("agent_run")
    .set((eb) => ({
      lease_until: later(progress.leaseMs),
      last_sequence: eb("last_sequence", "+", progress.events),
    }))
    .where("id", "=", run.id)
    .where("fence", "=", run.fence)
    .where("status", "=", "working")
    .returning("last_sequence")
    .executeTakeFirst();
  return row && { firstSequence: row.last_sequence - progress.events + 1 };
}

export interface Ending {
  status: Extract<RunStatus, "succeeded" | "failed" | "cancelled">;
  problem?: string;
  errorClass?: string;
  /** Events about to be written, which take the sequences up to the row's last one. */
  events?: number;
  spent?: Spent;
}

/** What calls of a model took. */
export interface Spent {
  readonly usage: Pick<Usage, "inputTokens" | "outputTokens" | "cacheReadTokens">;
  /** Millionths of a US dollar. */
  readonly cost: number;
}

/** working → a final state, by the worker that holds it. */
export function finish(tx: AnyTx, run: Held, ending: Ending): Promise<RunRow | undefined> {
  return end(tx, run, ending, ["working"]);
}

/** Any live state → cancelled or failed, whoever holds it: the fence goes up, so a worker that has it is out. */
export function endAnyway(tx: AnyTx, run: Held, ending: Ending): Promise<RunRow | undefined> {
  return end(tx, run, ending, [...LIVE]);
}

function end(tx: AnyTx, run: Held, ending: Ending, from: readonly RunStatus[]): Promise<RunRow | undefined> {
  return tx
    .updateTable("agent_run")
    .set((eb) => ({
      status: ending.status,
      status_since: since,
      problem: ending.problem ?? "",
      error_class: ending.errorClass ?? "",
      fence: eb("fence", "+", 1),
      lease_until: null,
      last_sequence: eb("last_sequence", "+", ending.events ?? 0),
      ...(ending.spent && more(ending.spent)),
      ...nothingReserved,
      finished_on: since,
      updated_on: since,
    }))
    .where("id", "=", run.id)
    .where("fence", "=", run.fence)
    .where("status", "in", [...from])
    .returningAll()
    .executeTakeFirst();
}

export interface Return {
  status: Extract<RunStatus, "requested" | "awaiting_config">;
  /** Milliseconds until it may be admitted again. */
  inMs: number;
  /** A hand-over is no failed attempt. */
  countAttempt: boolean;
  problem: string;
  errorClass?: string;
  /** The role's next model takes it; why it isn't the one before. */
  fallBack?: string;
}

/** working or admitted → back to the queue. */
export function giveBack(tx: AnyTx, run: Held, back: Return): Promise<RunRow | undefined> {
  return tx
    .updateTable("agent_run")
    .set((eb) => ({
      status: back.status,
      status_since: since,
      problem: back.problem,
      error_class: back.errorClass ?? "",
      attempt: eb("attempt", "+", back.countAttempt ? 1 : 0),
      fence: eb("fence", "+", 1),
      not_before: later(back.inMs),
      held_until: null,
      lease_until: null,
      worker: null,
      ...nothingReserved,
      ...setupAfter(back),
      updated_on: since,
    }))
    .where("id", "=", run.id)
    .where("fence", "=", run.fence)
    .where("status", "in", ["working", "admitted"])
    .returningAll()
    .executeTakeFirst();
}

/** Which model has the run next: the one after, the first again once its setting was mended, or the same. */
function setupAfter(back: Return) {
  const begins = { setup_attempt: sql<number>`attempt + ${back.countAttempt ? 1 : 0}` };
  if (back.fallBack !== undefined) {
    return { ...begins, setup_rank: sql<number>`setup_rank + 1`, fallback_reason: back.fallBack };
  }
  return back.status === "awaiting_config" ? { ...begins, setup_rank: 0, fallback_reason: "" } : {};
}

/** What was taken aside against the caps is free again. */
export const nothingReserved = { reserved_micro_usd: 0, reserved_tokens: 0, reserved_runs: 0 } as const;

/** Waiting runs go on: all of them, or a tenant's. */
export async function wakeWaiting(
  tx: AnyTx,
  status: "awaiting_credits" | "awaiting_config",
  filter: { longerThanMs?: number } = {},
): Promise<number> {
  let query = tx
    .updateTable("agent_run")
    .set({ status: "requested", status_since: since, not_before: since, held_until: null })
    .where("status", "=", status);
  if (filter.longerThanMs !== undefined)
    query = query.where("status_since", "<", later(-filter.longerThanMs));
  const result = await query.executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** Adds what calls took to the run's figures, also when the run was lost or failed: the tokens were spent. */
export async function addUsage(tx: AnyTx, runId: string, spent: Spent): Promise<void> {
  await tx.updateTable("agent_run").set(more(spent)).where("id", "=", runId).execute();
}

const more = ({ usage, cost }: Spent) => ({
  input_tokens: sql<number>`input_tokens + ${usage.inputTokens}`,
  output_tokens: sql<number>`output_tokens + ${usage.outputTokens}`,
  cached_tokens: sql<number>`cached_tokens + ${usage.cacheReadTokens}`,
  cost_micro_usd: sql<number>`cost_micro_usd + ${cost}`,
});

export interface NewEvent {
  kind: "text" | "tool" | "note";
  body: string;
  /** A note without what it names of providers and models. */
  plain?: string;
  usage?: Usage;
  cost?: number;
}

/** Writes events with sequences that {@link beat} or {@link finish} gave out. */
export async function insertEvents(
  tx: TenantTx<AgentsDb>,
  run: Pick<RunRow, "id" | "tenant_id" | "attempt">,
  firstSequence: number,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await tx
    .insertInto("run_event")
    .values(
      events.map((event, index) => ({
        tenant_id: run.tenant_id,
        run_id: run.id,
        sequence: firstSequence + index,
        attempt: run.attempt,
        kind: event.kind,
        body: event.body,
        plain: plainOf(event),
        input_tokens: event.usage?.inputTokens ?? null,
        output_tokens: event.usage?.outputTokens ?? null,
        cached_tokens: event.usage?.cacheReadTokens ?? null,
        cost_micro_usd: event.cost ?? null,
      })),
    )
    .execute();
}

/** How everybody reads an event; nothing for what isn't a note. */
export const plainOf = ({ kind, body, plain }: NewEvent): string | null =>
  kind === "note" ? (plain ?? body) : null;

export interface LlmCall {
  adapter: AdapterName;
  model: string;
  outcome: string;
  usage: Usage;
  cost: number;
  durationMs: number;
  promptHash: string;
  responseHash: string;
  providerRef: string | undefined;
}

export async function insertCalls(
  tx: TenantTx<AgentsDb>,
  run: Pick<RunRow, "id" | "tenant_id" | "attempt">,
  calls: readonly LlmCall[],
): Promise<void> {
  if (calls.length === 0) return;
  await tx
    .insertInto("llm_call")
    .values(
      calls.map((call) => ({
        id: newId(),
        tenant_id: run.tenant_id,
        run_id: run.id,
        attempt: run.attempt,
        adapter: call.adapter,
        model: call.model,
        outcome: call.outcome,
        input_tokens: call.usage.inputTokens,
        output_tokens: call.usage.outputTokens,
        cached_tokens: call.usage.cacheReadTokens,
        cost_micro_usd: call.cost,
        duration_ms: call.durationMs,
        prompt_hash: call.promptHash,
        response_hash: call.responseHash,
        provider_ref: call.providerRef ?? null,
      })),
    )
    .execute();
}

/** A point in time seen from the database's clock, the only one that all processes share. */
export const later = (ms: number) => sql<Date>`now() + ${ms} * interval '1 millisecond'`;

export const refOf = (id: string): string => toRef(id as Id);
