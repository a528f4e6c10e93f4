import {
  asTenantId,
  type Database,
  type Id,
  type Logger,
  type Nats,
  type ScheduleDefinition,
  schedule,
  systemCtx,
  type Tx,
} from "@leadmetrics/kit";
import { sql } from "kysely";
import type { AgentsDb, RunRow } from "../db.ts";
import type { Signals } from "../signals.ts";
import { TUNABLES } from "../tunables.ts";
import type { RunCredits } from "./credits.ts";
import { emitEnd } from "./intake.ts";
import { sendJob } from "./jobs.ts";
import { afterFailure, type Staleness, staleness, triesOf } from "./rules.ts";
import { finish, giveBack, later, refOf } from "./store.ts";

interface ReconcileDeps {
  readonly db: Database<AgentsDb>;
  readonly nats: Nats;
  readonly credits: RunCredits;
  readonly signals: Signals;
  readonly log: Logger;
}

/** Sets runs going again that stand still because somebody died, and settles what was left open. */
export function reconcileSchedule(deps: ReconcileDeps): ScheduleDefinition<AgentsDb> {
  return schedule<AgentsDb>({
    name: "agents-reconcile",
    every: TUNABLES.reconcile.everyMs,
    run: async ({ signal }) => {
      await reconcile(deps, signal);
    },
  });
}

/** One round over all tenants. */
export async function reconcile(deps: ReconcileDeps, signal: AbortSignal): Promise<void> {
  const limits = { leaseMs: TUNABLES.leaseMs, ...TUNABLES.reconcile };
  const { runs, open, now } = await deps.db.withSystem("reconcile", async (tx) => {
    await sql`delete from agent_worker where seen_on < now() - interval '1 hour'`.execute(tx);
    return { runs: await standing(tx), open: await unsettled(tx), now: await databaseNow(tx) };
  });
  let woke = false;
  for (const run of runs) {
    if (signal.aborted) return;
    const stale = staleness(
      {
        status: run.status,
        statusSince: run.status_since,
        leaseUntil: run.lease_until,
        notBefore: run.not_before,
      },
      now,
      limits,
    );
    if (!stale) continue;
    await mend(deps, run, stale);
    woke ||= stale !== "unclaimed";
  }
  if (woke) deps.signals.wake();
  for (const run of open) {
    if (signal.aborted) return;
    const ctx = systemCtx("reconcile", { tenantId: asTenantId(run.tenant_id as Id) });
    await deps.credits.tryClose(ctx, run);
  }
}

/** Runs that may stand still, by the same limits as {@link staleness} in SQL, so that live ones aren't read. */
function standing(tx: Tx<AgentsDb>): Promise<RunRow[]> {
  const { unclaimedMs, configMs, creditsMs, batch } = TUNABLES.reconcile;
  return tx
    .selectFrom("agent_run")
    .selectAll()
    .where((eb) =>
      eb.or([
        eb.and([eb("status", "=", "working"), eb("lease_until", "<", later(0))]),
        eb.and([eb("status", "=", "admitted"), eb("status_since", "<", later(-unclaimedMs))]),
        eb.and([eb("status", "=", "awaiting_config"), eb("status_since", "<", later(-configMs))]),
        eb.and([eb("status", "=", "awaiting_credits"), eb("status_since", "<", later(-creditsMs))]),
        eb.and([
          eb("status", "=", "awaiting_credits"),
          eb("not_before", ">", eb.ref("status_since")),
          eb("not_before", "<", later(0)),
        ]),
      ]),
    )
    .orderBy("status_since")
    .limit(batch)
    .execute();
}

function unsettled(tx: Tx<AgentsDb>): Promise<RunRow[]> {
  return tx
    .selectFrom("agent_run")
    .selectAll()
    .where("credit_state", "=", "reserved")
    .where("status", "in", ["succeeded", "failed", "cancelled"])
    .where("finished_on", "<", later(-TUNABLES.reconcile.unsettledMs))
    .limit(TUNABLES.reconcile.batch)
    .execute();
}

/** The clock that wrote the times. */
async function databaseNow(tx: Tx<AgentsDb>): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select now() as now`.execute(tx);
  return rows[0]?.now ?? new Date();
}

async function mend(deps: ReconcileDeps, run: RunRow, stale: Staleness): Promise<void> {
  const ctx = systemCtx("reconcile", {
    tenantId: asTenantId(run.tenant_id as Id),
    traceparent: run.traceparent ?? undefined,
  });
  deps.log.info({ run: refOf(run.id), stale, attempt: run.attempt }, "a run stood still");
  if (stale === "unclaimed") {
    await deps.db.withTenant(ctx, (tx) =>
      tx
        .updateTable("agent_run")
        .set({ status_since: sql<Date>`now()` })
        .where("id", "=", run.id)
        .where("fence", "=", run.fence)
        .execute(),
    );
    return sendJob(deps.nats, run);
  }
  if (stale === "lease_expired") return lost(deps, ctx, run);
  await deps.db.withTenant(ctx, (tx) =>
    tx
      .updateTable("agent_run")
      .set({ status: "requested", status_since: sql<Date>`now()`, not_before: later(0), held_until: null })
      .where("id", "=", run.id)
      .where("fence", "=", run.fence)
      .where("status", "=", run.status)
      .execute(),
  );
}

/** The worker is gone: another one gets the run, until it has taken too many down with it. */
async function lost(deps: ReconcileDeps, ctx: ReturnType<typeof systemCtx>, run: RunRow): Promise<void> {
  const problem = "The worker stopped answering.";
  const next = afterFailure(
    triesOf(run),
    { class: "retryable", message: problem, config: false },
    TUNABLES,
    Math.random(),
  );
  await deps.db.withTenant(ctx, async (tx) => {
    if (next.outcome === "retry") {
      // It was no fault of the run: it goes on at once.
      await giveBack(tx, run, { status: "requested", inMs: 0, countAttempt: true, problem });
      return;
    }
    const failed = await finish(tx, run, { status: "failed", problem: next.problem, errorClass: "unknown" });
    if (failed) await emitEnd(tx, ctx, failed);
  });
}
