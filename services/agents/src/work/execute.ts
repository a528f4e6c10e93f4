import {
  ATTR,
  asTenantId,
  emit,
  failpoint,
  type Id,
  parseTraceparent,
  systemCtx,
  type TenantCtx,
} from "@leadmetrics/kit";
import { RunStartedSchema, RunSucceededSchema } from "@leadmetrics/proto/agents/events/v1/events";
import { context, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { asRunFailure, RunFailure } from "../adapters/failure.ts";
import { ADAPTER_CATALOGUE } from "../adapters/index.ts";
import type { RunRow } from "../db.ts";
import { assemble } from "../prompt/assemble.ts";
import { type Call, produce } from "../prompt/produce.ts";
import { roleNamed } from "../roles/index.ts";
import type { Role, RoleOutput } from "../roles/role.ts";
import type { RunCredits } from "../runs/credits.ts";
import { emitEnd } from "../runs/intake.ts";
import type { Job } from "../runs/jobs.ts";
import { afterFailure, triesOf } from "../runs/rules.ts";
import { claim, giveBack, refOf } from "../runs/store.ts";
import type { AdapterHealth } from "../settings/health.ts";
import { type Setups, setupAt, setupName } from "../settings/setup.ts";
import type { SettingsDeps } from "../settings/store.ts";
import type { Signals } from "../signals.ts";
import type { ToldSkill } from "../skills/store.ts";
import { TUNABLES } from "../tunables.ts";
import { runView } from "../views.ts";
import { equipmentOf } from "./equipment.ts";
import { fallbackNote, reasonOf } from "./fallback.ts";
import type { MaterialSource } from "./material.ts";
import { modelCalled, runEnded } from "./metrics.ts";
import { describe, type End, record, recordEnd } from "./record.ts";
import { Recorder, Stopped } from "./recorder.ts";

export interface WorkDeps extends SettingsDeps {
  readonly credits: RunCredits;
  readonly health: AdapterHealth;
  readonly material: MaterialSource;
  readonly signals: Signals;
}

const tracer = trace.getTracer("@leadmetrics/agents");

/** Takes an admitted run: it is this worker's now. Undefined when somebody else has it, or it isn't wanted any more. */
export async function claimRun(deps: WorkDeps, job: Job, worker: string): Promise<RunRow | undefined> {
  const ctx = systemCtx("agents-worker", { tenantId: job.tenantId });
  return deps.db.withTenant(ctx, async (tx) => {
    const run = await claim(tx, job, worker, TUNABLES.leaseMs);
    if (!run) return undefined;
    const own = runCtx(run);
    await emit(
      tx,
      own,
      RunStartedSchema,
      { run: runView(run), stepRef: stepOf(run) },
      { aggregate: `run:${run.id}` },
    );
    return run;
  });
}

/** Does a claimed run to one of its ends, in the trace of whoever caused it. Never throws. */
export async function executeRun(deps: WorkDeps, run: RunRow, stop: AbortController): Promise<void> {
  const parent = parseTraceparent(run.traceparent ?? undefined);
  const base = parent ? trace.setSpanContext(context.active(), parent) : context.active();
  const span = tracer.startSpan(
    `run ${run.role}`,
    {
      attributes: {
        [ATTR.run]: refOf(run.id),
        [ATTR.runAttempt]: run.attempt,
        [ATTR.tenant]: refOf(run.tenant_id),
      },
    },
    base,
  );
  const ctx = { ...runCtx(run), signal: stop.signal };
  try {
    await context.with(trace.setSpan(base, span), () => attempt(deps, ctx, run, stop, span));
  } catch (error) {
    // Nothing could be written: the lease ends and the reconciler takes it from there.
    ctx.log.error({ err: error, run: refOf(run.id) }, "a run could not be brought to its end");
    span.setStatus({ code: SpanStatusCode.ERROR, message: "not written" });
  } finally {
    span.end();
  }
}

async function attempt(deps: WorkDeps, ctx: TenantCtx, run: RunRow, stop: AbortController, span: Span) {
  const calls: Call[] = [];
  const skills: ToldSkill[] = [];
  const recorder = new Recorder(deps.db, ctx, run, (reason) => stop.abort(reason));
  const limit = setTimeout(
    () => stop.abort(new Stopped("timeout")),
    roleNamed(run.role)?.timeoutMs ?? 60_000,
  );
  const work: Work = { recorder, calls, skills, signal: stop.signal };
  let output: RoleOutput | undefined;
  let failure: unknown;
  try {
    output = await answer(deps, ctx, run, work);
  } catch (error) {
    failure = error;
  }
  clearTimeout(limit);
  await recorder.end();
  describe(span, calls);
  const end: End = { run, recorder, calls, skills, setups: work.setups };
  if (output) await succeed(deps, ctx, end, output);
  else await fail(deps, ctx, end, stop.signal, failure, span);
}

interface Work {
  readonly recorder: Recorder;
  readonly calls: Call[];
  /** What the prompt was told, for the record. */
  readonly skills: ToldSkill[];
  readonly signal: AbortSignal;
  /** The models there are for it, once they were looked up. */
  setups?: Setups;
}

/** Material, prompt, model, and the answer in the role's own form. */
async function answer(deps: WorkDeps, ctx: TenantCtx, run: RunRow, work: Work): Promise<RoleOutput> {
  const { recorder, calls, signal } = work;
  const role = knownRole(run);
  const { setups, skills } = await equipmentOf(deps, ctx, role);
  work.setups = setups;
  const setup = setupAt(setups, run.setup_rank);
  if (run.setup_rank > 0)
    recorder.note(`${setupName(setup)} answers. ${run.fallback_reason}`.trim(), "The agent goes on.");
  const material = await deps.material(ctx, run, role);
  recorder.note(
    `Reading the client context${material.context.version ? ` (version ${material.context.version})` : ""} and ${material.knowledge.length} passages of the knowledge.`,
  );
  work.skills.push(...skills);
  const { system, turns } = assemble(role, skills, material);
  const offline = setup.adapter === "offline";
  const { value } = await produce(
    ADAPTER_CATALOGUE[setup.adapter].create(setup.settings),
    {
      runId: run.id,
      model: setup.model,
      system,
      turns,
      output: role.output,
      maxOutputTokens: role.maxOutputTokens,
      sketch: () => role.sketch(material),
    },
    {
      signal,
      accept: (result) => role.accept(result, material, offline),
      onCall: (call) => {
        calls.push(call);
        modelCalled(setup.adapter, call);
      },
      onRepair: () => recorder.note("The answer did not fit what was asked for. Asking once more."),
      onEvent: (event) => {
        if (event.kind === "text") recorder.text(event.text);
        else recorder.usage(event.usage, event.cost);
        failpoint("agents.run.streaming");
      },
    },
  );
  return value;
}

async function succeed(deps: WorkDeps, ctx: TenantCtx, end: End, output: RoleOutput) {
  const { run } = end;
  failpoint("agents.run.answered");
  const done = await deps.db.withTenant(ctx, async (tx) => {
    const row = await recordEnd(tx, end, { status: "succeeded" });
    if (row) {
      await emit(
        tx,
        ctx,
        RunSucceededSchema,
        { run: runView(row), stepRef: stepOf(row), output },
        { aggregate: `run:${run.id}` },
      );
    }
    return row;
  });
  failpoint("agents.run.finished");
  if (!done) return;
  runEnded(done);
  deps.signals.wake();
  await deps.credits.tryClose(ctx, done);
}

async function fail(
  deps: WorkDeps,
  ctx: TenantCtx,
  end: End,
  signal: AbortSignal,
  error: unknown,
  span: Span,
): Promise<void> {
  const { run, recorder, setups } = end;
  const stopped = signal.reason instanceof Stopped ? signal.reason.why : undefined;
  const failure = stopped ? stoppedAs(stopped) : asRunFailure(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: failure.code });
  if (failure.class === "unknown")
    ctx.log.error({ err: error, run: refOf(run.id) }, "a run failed unexpectedly");
  else
    ctx.log.info({ run: refOf(run.id), code: failure.code, attempt: run.attempt }, "a run's attempt ended");
  if (failure.config && setups) deps.health.forget(setupAt(setups, run.setup_rank));
  // Only where the model was asked: another one has no better luck with what comes before it.
  const canFallBack = end.calls.length > 0 && setups?.[run.setup_rank + 1] !== undefined;
  const next = afterFailure(triesOf(run), failure, TUNABLES, Math.random(), canFallBack);
  if (next.outcome === "fall_back" && setups) {
    recorder.note(fallbackNote(setups, run.setup_rank, next.problem), "The agent was held up. It goes on.");
  }

  const ended = await deps.db.withTenant(ctx, async (tx) => {
    const errorClass = failure.class;
    if (next.outcome === "fail" && stopped !== "lost" && stopped !== "shutdown") {
      const row = await recordEnd(tx, end, { status: "failed", problem: next.problem, errorClass });
      if (row) await emitEnd(tx, ctx, row);
      return row;
    }
    await record(tx, end);
    if (stopped === "lost") return undefined;
    if (stopped === "shutdown") {
      await giveBack(tx, run, { status: "requested", inMs: 0, countAttempt: false, problem: "" });
      return undefined;
    }
    if (next.outcome === "retry") {
      const { inMs } = next;
      await giveBack(tx, run, {
        status: "requested",
        inMs,
        countAttempt: true,
        problem: failure.message,
        errorClass,
      });
      return undefined;
    }
    if (next.outcome === "fall_back") {
      await giveBack(tx, run, {
        status: "requested",
        inMs: 0,
        countAttempt: true,
        problem: failure.message,
        errorClass,
        fallBack: setups ? reasonOf(setupAt(setups, run.setup_rank), next.problem) : next.problem,
      });
      return undefined;
    }
    if (next.outcome === "wait_for_config") {
      const { problem } = next;
      await giveBack(tx, run, {
        status: "awaiting_config",
        inMs: 0,
        countAttempt: false,
        problem,
        errorClass,
      });
    }
    return undefined;
  });
  deps.signals.wake();
  if (!ended) return;
  runEnded(ended);
  await deps.credits.tryClose(ctx, ended);
}

/** What an end from outside counts as. */
function stoppedAs(why: Stopped["why"]): RunFailure {
  const cause: Record<Stopped["why"], [RunFailure["class"], string]> = {
    lost: ["cancelled", "The run was stopped."],
    shutdown: ["cancelled", "The worker was stopped; another one takes the run."],
    idle: ["retryable", `The model sent nothing for ${TUNABLES.idleMs / 1_000} seconds.`],
    timeout: ["retryable", "The run took longer than its role may."],
  };
  const [failureClass, message] = cause[why];
  return new RunFailure({ class: failureClass, code: why, message });
}

function knownRole(run: RunRow): Role {
  const role = roleNamed(run.role);
  if (!role)
    throw new RunFailure({
      class: "invalid",
      code: "unknown_role",
      message: `There is no agent role "${run.role}".`,
    });
  return role;
}

const stepOf = (run: RunRow): string => (run.step_id ? refOf(run.step_id) : "");

/** What a run does is done by the agent, in the trace of whoever caused it. */
function runCtx(run: RunRow): TenantCtx {
  return systemCtx("agent run", {
    tenantId: asTenantId(run.tenant_id as Id),
    actor: { kind: "agent", id: run.role },
    traceparent: run.traceparent ?? undefined,
  });
}
