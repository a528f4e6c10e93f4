import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { BudgetStandingSchema } from "@leadmetrics/proto/agents/v1/budgets";
import {
  type RunEventSchema,
  type RunSchema,
  RunStatus as Status,
  UsageSchema,
} from "@leadmetrics/proto/agents/v1/runs";
import type { StandingRow } from "./budgets/standings.ts";
import { fillView } from "./budgets/view.ts";
import type { RunEventRow, RunRow } from "./db.ts";
import { plainProblem } from "./runs/plain.ts";
import type { RunStatus } from "./runs/rules.ts";
import { refOf } from "./runs/store.ts";

export const STATUSES: Record<RunStatus, Status> = {
  requested: Status.REQUESTED,
  admitted: Status.ADMITTED,
  working: Status.WORKING,
  succeeded: Status.SUCCEEDED,
  failed: Status.FAILED,
  cancelled: Status.CANCELLED,
  awaiting_credits: Status.AWAITING_CREDITS,
  awaiting_config: Status.AWAITING_CONFIG,
};

const byNumber = new Map(Object.entries(STATUSES).map(([name, number]) => [number, name as RunStatus]));
export const statusName = (status: Status): RunStatus | undefined => byNumber.get(status);

const optionalRef = (id: string | null): string => (id ? refOf(id) : "");
const optionalTime = (date: Date | null) => (date ? timestampFromDate(date) : undefined);

/** A run as the contract shows it. @param caps of its activity that are to be shown with it */
export function runView(row: RunRow, caps: readonly StandingRow[] = []): MessageInitShape<typeof RunSchema> {
  const plain = plainProblem(row);
  return {
    ref: refOf(row.id),
    tenantRef: refOf(row.tenant_id),
    role: row.role,
    activityRef: optionalRef(row.activity_id),
    planRef: optionalRef(row.plan_id),
    title: row.title,
    status: STATUSES[row.status],
    adapter: row.adapter,
    model: row.model,
    attempt: row.attempt,
    usage: usageView(row),
    credits: row.credits,
    problem: plain,
    problemDetail: row.problem === plain ? "" : row.problem,
    setupRank: row.setup_rank,
    fallbackReason: row.fallback_reason,
    errorClass: row.error_class,
    requestedOn: timestampFromDate(row.requested_on),
    startedOn: optionalTime(row.started_on),
    finishedOn: optionalTime(row.finished_on),
    activityCaps: caps.map((cap) => create(BudgetStandingSchema, fillView(cap.fill, cap.tenantId, cap))),
  };
}

export function eventView(
  row: Omit<RunEventRow, "tenant_id" | "run_id">,
): MessageInitShape<typeof RunEventSchema> {
  const cases = { text: "textDelta", tool: "toolCall", note: "note" } as const;
  const isNote = row.kind === "note";
  return {
    sequence: BigInt(row.sequence),
    occurredOn: timestampFromDate(row.occurred_on),
    event: { case: cases[row.kind], value: isNote ? (row.plain ?? "") : row.body },
    noteDetail: isNote && row.body !== row.plain ? row.body : "",
    usage: row.input_tokens === null ? undefined : usageView(row),
    attempt: row.attempt,
  };
}

export function usageView(row: {
  input_tokens: number | null;
  output_tokens: number | null;
  cached_tokens: number | null;
  cost_micro_usd: number | null;
}) {
  return create(UsageSchema, {
    inputTokens: BigInt(row.input_tokens ?? 0),
    outputTokens: BigInt(row.output_tokens ?? 0),
    cachedTokens: BigInt(row.cached_tokens ?? 0),
    costMicroUsd: BigInt(row.cost_micro_usd ?? 0),
  });
}
