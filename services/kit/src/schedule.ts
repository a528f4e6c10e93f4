import { Cron } from "croner";
import { sql } from "kysely";
import { type Ctx, systemCtx } from "./context.ts";
import { scheduleRuns } from "./data-metrics.ts";
import type { Database } from "./db/database.ts";
import { newId } from "./ids.ts";
import type { Logger } from "./log.ts";
import { sleep } from "./sleep.ts";

export interface ScheduleScope<DB> {
  readonly ctx: Ctx;
  readonly db: Database<DB>;
  /** Aborted at shutdown, and when another replica had to take over. */
  readonly signal: AbortSignal;
}

export type ScheduleDefinition<DB> = {
  readonly name: string;
  readonly run: (scope: ScheduleScope<DB>) => Promise<void>;
  /** Milliseconds a replica that died in the task blocks it for; a minute unless said otherwise. */
  readonly leaseMs?: number;
} & (
  | { readonly every: number; readonly cron?: undefined }
  | { readonly cron: string; readonly every?: undefined }
);

/** Declares a task: `every` so many milliseconds, or by a `cron` expression (UTC, with optional seconds). */
export function schedule<DB>(definition: ScheduleDefinition<DB>): ScheduleDefinition<DB> {
  if (definition.cron !== undefined) new Cron(definition.cron, { paused: true });
  else if (!(definition.every >= 100))
    throw new Error(`schedule ${definition.name}: every is in ms, 100 at least`);
  return definition;
}

/** When a task is due next, counted from `now`. */
export function nextDue<DB>(definition: ScheduleDefinition<DB>, now: Date): Date {
  if (definition.every !== undefined) return new Date(now.getTime() + definition.every);
  const next = new Cron(definition.cron, { paused: true, timezone: "UTC" }).nextRun(now);
  if (!next) throw new Error(`schedule ${definition.name}: "${definition.cron}" never comes`);
  return next;
}

const TUNABLES = {
  pollMs: 500,
  leaseMs: 60_000,
  /** A lease is renewed so often before it would end. */
  renewals: 3,
};

export interface ScheduleDeps<DB> {
  readonly db: Database<DB>;
  readonly log: Logger;
}

/** Runs the tasks of a service; with several replicas each due time is taken by one of them. */
export function startSchedules<DB>(
  definitions: readonly ScheduleDefinition<DB>[],
  deps: ScheduleDeps<DB>,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const done = Promise.all(definitions.map((definition) => loop(definition, deps, stopping.signal)));
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function loop<DB>(definition: ScheduleDefinition<DB>, deps: ScheduleDeps<DB>, stop: AbortSignal) {
  const { name, leaseMs = TUNABLES.leaseMs } = definition;
  const replica = newId();
  let registered = false;
  const pause = Math.min(TUNABLES.pollMs, definition.every ?? TUNABLES.pollMs);
  while (!stop.aborted) {
    try {
      if (!registered) {
        await register(definition, deps.db);
        registered = true;
      }
      if (await claim(deps.db, name, replica, leaseMs)) await runOnce(definition, deps, replica, stop);
    } catch (error) {
      if (stop.aborted) return;
      deps.log.warn({ err: error, schedule: name }, "a schedule could not be looked at");
    }
    await sleep(pause, stop);
  }
}

/** A changed timing takes effect with the deployment that brings it. */
async function register<DB>(definition: ScheduleDefinition<DB>, db: Database<DB>) {
  const timing = definition.cron ?? `every ${definition.every} ms`;
  // An interval's first run is now: a service that restarts often would otherwise never reach it.
  const due = definition.cron === undefined ? new Date() : nextDue(definition, new Date());
  await db.withSystem("schedule: register", (tx) =>
    sql`insert into kit.schedule (name, timing, next_due) values (${definition.name}, ${timing}, ${due})
        on conflict (name) do update set timing = excluded.timing, next_due = excluded.next_due
        where schedule.timing <> excluded.timing`.execute(tx),
  );
}

async function claim<DB>(db: Database<DB>, name: string, replica: string, leaseMs: number): Promise<boolean> {
  return db.withSystem("schedule: claim", async (tx) => {
    const result = await sql`
      update kit.schedule set claimed_by = ${replica}, last_started = now(), runs = runs + 1,
        claimed_until = now() + ${leaseMs} * interval '1 millisecond'
      where name = (select name from kit.schedule where name = ${name} and next_due <= now()
        and (claimed_until is null or claimed_until < now()) for update skip locked)`.execute(tx);
    return result.numAffectedRows === 1n;
  });
}

async function runOnce<DB>(
  definition: ScheduleDefinition<DB>,
  deps: ScheduleDeps<DB>,
  replica: string,
  stop: AbortSignal,
) {
  const { db, log } = deps;
  const { name, leaseMs = TUNABLES.leaseMs } = definition;
  const lost = new AbortController();
  const signal = AbortSignal.any([stop, lost.signal]);
  const renewal = setInterval(() => {
    renew(db, name, replica, leaseMs).then(
      (ours) => ours || lost.abort(new Error("another replica has taken over")),
      (error: unknown) => log.warn({ err: error, schedule: name }, "a schedule's lease could not be renewed"),
    );
  }, leaseMs / TUNABLES.renewals);
  let failure: string | null = null;
  try {
    await definition.run({ ctx: { ...systemCtx(name), signal }, db, signal });
  } catch (error) {
    failure = String(error);
    log.error({ err: error, schedule: name }, "a scheduled task failed; it runs again at its next time");
  } finally {
    clearInterval(renewal);
  }
  scheduleRuns.inc({ service: db.service, schedule: name, outcome: failure === null ? "ok" : "failed" });
  const due = nextDue(definition, new Date());
  await db.withSystem("schedule: finish", (tx) =>
    sql`update kit.schedule set next_due = ${due}, claimed_by = null, claimed_until = null, last_finished = now(),
        last_error = ${failure} where name = ${name} and claimed_by = ${replica}`.execute(tx),
  );
}

async function renew<DB>(db: Database<DB>, name: string, replica: string, leaseMs: number): Promise<boolean> {
  return db.withSystem("schedule: renew", async (tx) => {
    const result = await sql`
      update kit.schedule set claimed_until = now() + ${leaseMs} * interval '1 millisecond'
      where name = ${name} and claimed_by = ${replica}`.execute(tx);
    return result.numAffectedRows === 1n;
  });
}
