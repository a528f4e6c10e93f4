import { Code, ConnectError } from "@connectrpc/connect";
import {
  type AppError,
  asTenantId,
  type Ctx,
  continueTrace,
  emit,
  failpoint,
  fromConnectError,
  type Id,
  type Nats,
  systemCtx,
  type TenantCtx,
} from "@leadmetrics/kit";
import { RunDeferredSchema } from "@leadmetrics/proto/agents/events/v1/events";
import { limitAnything } from "../budgets/caps.ts";
import { estimateFor } from "../budgets/change.ts";
import { type Refused, reserveBudget } from "../budgets/store.ts";
import type { RunRow } from "../db.ts";
import type { RunCredits } from "../runs/credits.ts";
import { sendJob } from "../runs/jobs.ts";
import { giveBack, refOf } from "../runs/store.ts";
import type { AdapterHealth } from "../settings/health.ts";
import { type SettingsDeps, standingOf } from "../settings/store.ts";
import { TUNABLES } from "../tunables.ts";
import { runView } from "../views.ts";
import { type Chosen, chooseSetup } from "./choose.ts";
import { admit, creditedSince, defer, letGo } from "./store.ts";

export interface AdmissionDeps extends SettingsDeps {
  readonly nats: Nats;
  readonly credits: RunCredits;
  readonly health: AdapterHealth;
}

/** Brings one run in hand to the workers, or says what it waits for. Each step leaves it in a state that others mend. */
export function admitRun(deps: AdmissionDeps, run: RunRow): Promise<void> {
  return continueTrace(`admit ${run.role}`, run.traceparent, () => consider(deps, run));
}

async function consider(deps: AdmissionDeps, run: RunRow): Promise<void> {
  const tenantId = asTenantId(run.tenant_id as Id);
  const ctx = systemCtx("dispatch", { tenantId });
  const later = (why: string) =>
    deps.db.withTenant(ctx, (tx) => letGo(tx, run, TUNABLES.dispatch.unavailableMs, why));

  failpoint("agents.run.held");
  const { line, caps } = await deps.db.withTenant(ctx, (tx) => standingOf(tx, deps, run.role), {
    readOnly: true,
  });
  if (!line.ok) return wait(deps, ctx, run, "awaiting_config", line.problem);
  const choice = await chooseSetup(deps.health, line.setups, run.setup_rank);
  if (choice.kind === "later") return later(choice.problem);
  if (choice.kind === "none") return wait(deps, ctx, run, "awaiting_config", choice.problem);
  if (limitAnything(caps)) {
    const over = await deps.db.withTenant(ctx, (tx) =>
      reserveBudget(tx, ctx, run, caps, estimateFor({ role: run.role, model: choice.setup.model })),
    );
    if (over) return wait(deps, ctx, run, "awaiting_credits", over.problem, over);
  }
  const refused = await reserve(deps, ctx, run);
  if (refused?.reason === "credits_exhausted" || refused?.reason === "cap_reached") {
    return wait(deps, ctx, run, "awaiting_credits", refused.message);
  }
  if (refused) return later("Credits can't be reserved at the moment; tried again by itself.");
  failpoint("agents.run.reserved");
  await bring(deps, ctx, run, choice);
}

async function reserve(deps: AdmissionDeps, ctx: Ctx, run: RunRow): Promise<AppError | undefined> {
  try {
    await deps.credits.reserve(ctx, run);
    return undefined;
  } catch (error) {
    const refused = fromConnectError(ConnectError.from(error));
    if (ConnectError.from(error).code !== Code.ResourceExhausted) {
      ctx.log.warn({ err: error, run: refOf(run.id) }, "credits could not be reserved");
    }
    return refused;
  }
}

async function bring(deps: AdmissionDeps, ctx: TenantCtx, run: RunRow, choice: Chosen): Promise<void> {
  const { adapter, model } = choice.setup;
  const { rank, why: fallbackReason } = choice;
  const admitted = await deps.db.withTenant(ctx, (tx) =>
    admit(tx, run, { adapter, model, rank, fallbackReason }),
  );
  if (!admitted) {
    // Cancelled meanwhile: what was just reserved goes back.
    const row = await deps.db.withTenant(ctx, (tx) =>
      tx.selectFrom("agent_run").selectAll().where("id", "=", run.id).executeTakeFirst(),
    );
    if (row?.finished_on) await deps.credits.tryClose(ctx, { ...row, credit_state: "reserved" });
    return;
  }
  failpoint("agents.run.admitted");
  try {
    await sendJob(deps.nats, admitted);
    failpoint("agents.run.queued");
  } catch (error) {
    ctx.log.warn({ err: error, run: refOf(run.id) }, "the broker did not take the job");
    await deps.db.withTenant(ctx, (tx) =>
      giveBack(tx, admitted, {
        status: "requested",
        inMs: TUNABLES.dispatch.unavailableMs,
        countAttempt: false,
        problem: "",
      }),
    );
  }
}

async function wait(
  deps: AdmissionDeps,
  ctx: TenantCtx,
  run: RunRow,
  status: "awaiting_credits" | "awaiting_config",
  problem: string,
  over?: Refused,
): Promise<void> {
  await deps.db.withTenant(ctx, async (tx) => {
    // Credits that came while we asked: nobody would wake the run for them any more.
    if (status === "awaiting_credits" && (await creditedSince(tx, heldSince(run)))) {
      return letGo(tx, run, 0, problem);
    }
    const waiting = await defer(
      tx,
      run,
      status,
      problem,
      over && { soonMs: over.soon ? TUNABLES.dispatch.roomMs : 0 },
    );
    if (!waiting) return;
    const said = run.problem === problem;
    // A run that is looked at again and still waits for the same is no news.
    if (!said) {
      await emit(
        tx,
        ctx,
        RunDeferredSchema,
        { run: runView(waiting), stepRef: waiting.step_id ? refOf(waiting.step_id) : "" },
        { aggregate: `run:${run.id}` },
      );
    }
  });
}

/** When this dispatcher took the run in hand, by the database's clock. */
const heldSince = (run: RunRow): Date =>
  new Date((run.held_until?.getTime() ?? 0) - TUNABLES.dispatch.holdMs);
