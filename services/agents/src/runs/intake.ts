import {
  asTenantId,
  type ConsumerDefinition,
  type Ctx,
  consumer,
  type Event,
  emit,
  forTenant,
  type Id,
  ok,
  on,
  onCommit,
  reject,
  type TenantTx,
  tryFromRef,
} from "@leadmetrics/kit";
import { RunCancelledSchema, RunFailedSchema } from "@leadmetrics/proto/agents/events/v1/events";
import { CreditsGrantedSchema, SubscriptionChangedSchema } from "@leadmetrics/proto/billing/events/v1/events";
import {
  RunCancellationRequestedSchema,
  type RunRequested,
  RunRequestedSchema,
  WakeReason,
} from "@leadmetrics/proto/content/events/v1/events";
import { ContentType, type Plan } from "@leadmetrics/proto/content/v1/plans";
import {
  type SetupRequested,
  SetupRequestedSchema,
  SetupWithdrawnSchema,
  TenantCreatedSchema,
  TenantUpdatedSchema,
} from "@leadmetrics/proto/tenancy/events/v1/events";
import { type RawBuilder, sql } from "kysely";
import type { AgentsDb, RunRow } from "../db.ts";
import { type RunInput, runInput } from "../prompt/material.ts";
import { roleNamed } from "../roles/index.ts";
import { setup } from "../roles/setup.ts";
import { zoneOf } from "../tenants/zones.ts";
import { runView } from "../views.ts";
import { laneOf } from "./rules.ts";
import { endAnyway, insertRun, liveRunOn, refOf, wakeWaiting } from "./store.ts";

export interface IntakeSignals {
  /** There may be something to admit. */
  wake(): void;
  /** A run was ended from outside; whoever works on it should stop. */
  cancelled(runId: string): void;
}

/** What other services say that concerns runs. */
export function intakeConsumers(signals: IntakeSignals): ConsumerDefinition<AgentsDb>[] {
  return [
    consumer<AgentsDb>({
      durable: "agents-run-requests",
      on: [
        on(RunRequestedSchema, (event, { tx, ctx }) => requested(event, tx, ctx, signals)),
        on(RunCancellationRequestedSchema, ({ data }, { tx, ctx }) => withdrawn(data, tx, ctx, signals)),
      ],
    }),
    consumer<AgentsDb>({
      durable: "agents-setup-requests",
      on: [
        on(SetupRequestedSchema, (event, { tx, ctx }) => setupRequested(event, tx, ctx, signals)),
        on(SetupWithdrawnSchema, ({ data }, { tx, ctx }) => withdrawn(data, tx, ctx, signals)),
      ],
    }),
    consumer<AgentsDb>({
      durable: "agents-credits",
      on: [
        on(CreditsGrantedSchema, async (event, { tx }) => {
          await saveTerms(tx, event.tenantId, { credited_on: clock });
          if ((await wakeWaiting(tx, "awaiting_credits")) > 0) onCommit(tx, signals.wake);
          return ok();
        }),
        on(SubscriptionChangedSchema, async (event, { tx }) => {
          const weight = Math.min(100, Math.max(1, event.data.weight));
          await saveTerms(tx, event.tenantId, { weight, credited_on: clock });
          await wakeWaiting(tx, "awaiting_credits");
          onCommit(tx, signals.wake);
          return ok();
        }),
      ],
    }),
    consumer<AgentsDb>({
      durable: "agents-tenants",
      on: [
        on(TenantCreatedSchema, async (event, { tx }) => {
          await saveTerms(tx, event.tenantId, zoneOf(event.data.timeZone));
          return ok();
        }),
        on(TenantUpdatedSchema, async (event, { tx }) => {
          await saveTerms(tx, event.tenantId, {
            local_only: event.data.localOnly,
            suspended: event.data.suspended,
            ...zoneOf(event.data.timeZone),
          });
          onCommit(tx, signals.wake);
          return ok();
        }),
      ],
    }),
  ];
}

/** A tenant has one client context, so one such run at a time. */
const SETUP_KEY = "client-context";

const WAKE_REASONS: Record<WakeReason, string> = {
  [WakeReason.UNSPECIFIED]: "manual",
  [WakeReason.NEW_TASK]: "new_task",
  [WakeReason.REJECTION]: "rejection",
  [WakeReason.REVISION]: "revision",
  [WakeReason.RETRY]: "retry",
  [WakeReason.MANUAL]: "manual",
};

async function withdrawn(
  { runRef, reason }: { runRef: string; reason: string },
  tx: TenantTx<AgentsDb>,
  ctx: Ctx,
  signals: IntakeSignals,
) {
  const id = tryFromRef(runRef);
  const run =
    id && (await tx.selectFrom("agent_run").selectAll().where("id", "=", id).forUpdate().executeTakeFirst());
  if (run) await cancel(tx, ctx, run, reason || "The work was stopped.", signals);
  return ok();
}

/** A run of the setup agent: it belongs to no activity, the company itself is what it works on. */
async function setupRequested(
  { data, tenantId, actor }: Event<SetupRequested>,
  tx: TenantTx<AgentsDb>,
  ctx: Ctx,
  signals: IntakeSignals,
) {
  const id = tryFromRef(data.runRef);
  if (!tenantId || !id) return reject("a setup without a tenant or a reference");
  const live = await liveRunOn(tx, SETUP_KEY);
  if (live && live.id >= id) return ok();
  if (live) await cancel(tx, ctx, live, "A newer run took its place.", signals);
  const made = await insertRun(tx, {
    id,
    tenantId,
    role: setup.name,
    workGroup: setup.group,
    lane: "interactive",
    activityId: null,
    stepId: null,
    planId: null,
    workKey: SETUP_KEY,
    title: `Client context of ${data.companyName}`,
    wakeReason: "manual",
    input: runInput.parse({
      contentType: "client_context",
      title: `Client context of ${data.companyName}`,
      company: { name: data.companyName, website: data.website },
    }),
    traceparent: ctx.traceparent,
    createdBy: `${actor.kind}:${actor.id}`,
  });
  if (made) onCommit(tx, signals.wake);
  return ok();
}

async function requested(
  event: Event<RunRequested>,
  tx: TenantTx<AgentsDb>,
  ctx: Ctx,
  signals: IntakeSignals,
) {
  const { data, tenantId } = event;
  const id = tryFromRef(data.runRef);
  if (!tenantId || !id) return reject("a run without a tenant or a reference");
  const role = roleNamed(data.role);
  const key = data.stepRef ? `step:${data.stepRef}` : `plan:${data.planRef}`;
  const live = await liveRunOn(tx, key);
  if (live && live.id === id) return ok();
  // The younger request is the one content waits for; an older one that comes late is void.
  if (live && live.id > id) return ok();
  if (live) await cancel(tx, ctx, live, "A newer run took its place.", signals);
  const wakeReason = WAKE_REASONS[data.wakeReason];
  const run = {
    id,
    tenantId,
    role: data.role,
    workGroup: role?.group ?? "util",
    lane: laneOf(wakeReason),
    activityId: optionalId(data.activityRef),
    stepId: optionalId(data.stepRef),
    planId: optionalId(data.planRef),
    workKey: key,
    title: data.input?.title ?? "",
    wakeReason,
    input: inputOf(data),
    traceparent: ctx.traceparent,
    createdBy: `${event.actor.kind}:${event.actor.id}`,
  };
  if (!(await insertRun(tx, run))) return ok();
  if (!role) {
    const problem = `There is no agent role "${data.role}".`;
    const failed = await endAnyway(
      tx,
      { id, fence: 0 },
      { status: "failed", problem, errorClass: "invalid" },
    );
    if (failed) await emitEnd(tx, ctx, failed);
    return ok();
  }
  onCommit(tx, signals.wake);
  return ok();
}

/** Ends a live run from outside and says so. */
export async function cancel(
  tx: TenantTx<AgentsDb>,
  ctx: Ctx,
  run: RunRow,
  reason: string,
  signals: IntakeSignals,
): Promise<RunRow | undefined> {
  const ended = await endAnyway(tx, run, { status: "cancelled", problem: reason, errorClass: "cancelled" });
  if (!ended) return undefined;
  await emitEnd(tx, ctx, ended);
  onCommit(tx, () => signals.cancelled(run.id));
  return ended;
}

/** Says that a run ended without a result. */
export async function emitEnd(tx: TenantTx<AgentsDb>, ctx: Ctx, run: RunRow): Promise<void> {
  const schema = run.status === "cancelled" ? RunCancelledSchema : RunFailedSchema;
  const tenant = forTenant(ctx, asTenantId(run.tenant_id as Id));
  await emit(
    tx,
    tenant,
    schema,
    { run: runView(run), stepRef: run.step_id ? refOf(run.step_id) : "" },
    { aggregate: `run:${run.id}` },
  );
}

const optionalId = (ref: string): Id | null => (ref === "" ? null : (tryFromRef(ref) ?? null));

function inputOf({ input }: RunRequested): RunInput {
  return runInput.parse({
    contentType: input?.plan ? "plan" : contentTypeName(input?.contentType),
    title: input?.title ?? "",
    theme: input?.theme ?? "",
    research: input?.research ?? "",
    brief: input?.brief ?? "",
    prior: input?.priorRevision && {
      ref: input.priorRevision.ref,
      number: input.priorRevision.number,
      title: input.priorRevision.title,
      body: input.priorRevision.body,
    },
    feedback: input?.feedback ?? "",
    plan: input?.plan && planOf(input.plan),
    goals: input?.goals ?? [],
  });
}

function planOf(plan: Plan) {
  const day = (value: Plan["start"]) =>
    value
      ? [value.year, String(value.month).padStart(2, "0"), String(value.day).padStart(2, "0")].join("-")
      : "";
  return {
    title: plan.title,
    start: day(plan.start),
    end: day(plan.end),
    deliverables: plan.deliverables.map((item) => ({
      ref: item.ref,
      contentType: contentTypeName(item.contentType),
      quantity: item.quantity,
      theme: item.theme,
    })),
  };
}

const contentTypeName = (type: ContentType | undefined): "blog_post" | "social_post" =>
  type === ContentType.SOCIAL_POST ? "social_post" : "blog_post";

/** The database's clock at this moment; `now()` would be the transaction's beginning. */
const clock = sql<Date>`clock_timestamp()`;

async function saveTerms(
  tx: TenantTx<AgentsDb>,
  tenantId: Id | undefined,
  terms: {
    weight?: number;
    local_only?: boolean;
    suspended?: boolean;
    credited_on?: typeof clock;
    time_zone?: RawBuilder<string>;
    zone_known?: boolean;
  },
): Promise<void> {
  if (!tenantId) return;
  await tx
    .insertInto("tenant_terms")
    .values({ tenant_id: tenantId, ...terms })
    .onConflict((conflict) => conflict.column("tenant_id").doUpdateSet({ ...terms, updated_on: new Date() }))
    .execute();
}
