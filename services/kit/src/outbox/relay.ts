import {
  ClosedConnectionError,
  DrainingConnectionError,
  RequestError,
  TimeoutError,
} from "@nats-io/nats-core";
import { sql } from "kysely";
import { outboxPublished, outboxRefused } from "../data-metrics.ts";
import type { Database } from "../db/database.ts";
import { type EventHeaders, toNatsHeaders } from "../events/headers.ts";
import { failpoint } from "../failpoint.ts";
import type { Logger } from "../log.ts";
import type { Nats } from "../nats.ts";
import { sleep } from "../sleep.ts";
import { acquireLeadership, type Leadership } from "./leadership.ts";
import { type Acknowledged, Position } from "./position.ts";

const TUNABLES = {
  batch: 200,
  ackTimeoutMs: 5_000,
  /**
   * Commits this close together are announced once, and events this close together are taken in one look; when there are many,
   * each look waits for more: what it costs, and what a transaction of those who handle them costs, is shared by all of it.
   */
  gatherMs: { few: 3, many: 10 },
  /** From how many events a millisecond on there are many. */
  manyPerMs: 0.75,
  /** Polling stands in for the wake-up of events that another process committed. */
  pollMs: { busy: 100, idle: 1_000 },
  /**
   * Sent rows stay in the index of waiting ones until a vacuum, so each look begins close behind the last row sent: this
   * many numbers back, for transactions that took theirs earlier and committed later.
   */
  lag: 1_000,
  /** What committed later still is found by a look from the very first, this often. */
  fullLookMs: 1_000,
  /** A standby looks this often whether it has become the active one. */
  standbyMs: 2_000,
  keepPublishedHours: 72,
  housekeepingMs: 10_000,
  maxRowBackoffMs: 60_000,
};

export interface RelayOptions<DB> {
  readonly db: Database<DB>;
  readonly nats: Nats;
  /** Direct URL of the system role: a session lock doesn't survive a transaction pooler. */
  readonly systemUrl: string;
  readonly log: Logger;
}

export interface Relay {
  stop(): Promise<void>;
}

interface PendingRow {
  id: string;
  seq: number;
  aggregate_key: string;
  subject: string;
  headers: EventHeaders;
  payload: Buffer;
  attempts: number;
}

/**
 * Sends what `emit` wrote. One replica of a service is active at a time, the others stand by. A row is marked only when
 * the broker has acknowledged it, so a crash at any point sends it again with the same message id.
 */
export function startRelay<DB>(options: RelayOptions<DB>): Relay {
  const { log } = options;
  const stopping = new AbortController();
  const wake = new Signal();
  const unsubscribe = announceCommits(options);
  const done = lead(options, wake, stopping.signal).catch((error: unknown) => {
    log.error({ err: error }, "the outbox relay ended");
  });
  return {
    async stop() {
      unsubscribe();
      stopping.abort();
      wake.raise();
      await done;
    },
  };
}

/**
 * Tells whichever process relays this database's events, this one included, that there are some. A hint over plain NATS:
 * when it is lost, the relay finds them at its next poll.
 *
 * @returns the way to stop
 */
export function announceCommits<DB>({ db, nats }: Pick<RelayOptions<DB>, "db" | "nats">): () => void {
  let pause: NodeJS.Timeout | undefined;
  let again = false;
  const announce = () => {
    again = false;
    if (!nats.nc.isClosed()) nats.nc.publish(wakeSubject(db.service));
    pause = setTimeout(() => {
      pause = undefined;
      if (again) announce();
    }, TUNABLES.gatherMs.few);
  };
  const unsubscribe = db.onEventsCommitted(() => {
    if (pause) again = true;
    else announce();
  });
  return () => {
    unsubscribe();
    clearTimeout(pause);
  };
}

const wakeSubject = (service: string): string => `wake.outbox.${service}`;

async function lead<DB>(options: RelayOptions<DB>, wake: Signal, stop: AbortSignal) {
  const { db, log, systemUrl } = options;
  while (!stop.aborted) {
    let leadership: Leadership | undefined;
    try {
      leadership = await acquireLeadership(systemUrl, `outbox:${db.service}`);
      if (leadership) await relayWhileLeading(options, leadership, wake, stop);
    } catch (error) {
      log.warn({ err: error }, "the outbox relay was interrupted and starts again");
    } finally {
      await leadership?.release();
    }
    wake.reset();
    await wake.wait(TUNABLES.standbyMs, stop);
  }
}

async function relayWhileLeading<DB>(
  options: RelayOptions<DB>,
  leadership: Leadership,
  wake: Signal,
  stop: AbortSignal,
) {
  const { db, nats, log } = options;
  const position = await Position.load(db, nats, log);
  let pause = TUNABLES.pollMs.busy;
  let housekeepingDue = 0;
  let fullLookDue = 0;
  let newest = 0;
  let looked = performance.now();
  const hints = nats.nc.subscribe(wakeSubject(db.service), { callback: () => wake.raise() });
  try {
    while (!stop.aborted && leadership.held()) {
      const began = performance.now();
      wake.reset();
      await position.verify();
      const full = performance.now() >= fullLookDue;
      if (full) fullLookDue = performance.now() + TUNABLES.fullLookMs;
      const batch = await takePending(db, full ? 0 : newest - TUNABLES.lag);
      const many = batch.length >= TUNABLES.manyPerMs * (began - looked);
      looked = began;
      if (batch.length > 0) {
        newest = Math.max(newest, batch.at(-1)?.seq ?? 0);
        failpoint("outbox.taken");
        const brokerAnswers = await publishBatch(options, position, batch);
        pause = brokerAnswers ? TUNABLES.pollMs.busy : TUNABLES.pollMs.idle;
        if (brokerAnswers && batch.length === TUNABLES.batch) continue;
        if (!brokerAnswers) wake.reset();
      } else {
        pause = Math.min(pause * 2, TUNABLES.pollMs.idle);
      }
      if (performance.now() >= housekeepingDue) {
        housekeepingDue = performance.now() + TUNABLES.housekeepingMs;
        await keepHouse(db);
      }
      await wake.wait(pause, stop);
      const early = TUNABLES.gatherMs[many ? "many" : "few"] - (performance.now() - began);
      if (early > 0) await sleep(early, stop);
    }
  } finally {
    hints.unsubscribe();
  }
}

/** Rows of an aggregate stay behind one that waits for its next attempt, so that its order holds. */
async function takePending<DB>(db: Database<DB>, after: number): Promise<PendingRow[]> {
  const { rows } = await db.systemStatement(
    "outbox: take",
    sql<PendingRow>`
      select id, seq, aggregate_key, subject, headers, payload, attempts from kit.outbox
      where published_at is null and seq > ${after} and (not_before is null or not_before <= now())
        and aggregate_key not in (select aggregate_key from kit.outbox
          where published_at is null and not_before is not null and not_before > now())
      order by seq limit ${TUNABLES.batch}`,
  );
  return rows;
}

/** @returns false when the broker didn't answer at all, which is no row's fault */
async function publishBatch<DB>(
  { db, nats, log }: RelayOptions<DB>,
  position: Position<DB>,
  batch: PendingRow[],
): Promise<boolean> {
  const sent: Acknowledged[] = [];
  const refused: { row: PendingRow; error: string }[] = [];
  let brokerAnswers = true;
  // Aggregates side by side, the events of one after the other: what follows a refused event must not overtake it.
  const sendInOrder = async (rows: readonly PendingRow[]) => {
    for (const row of rows) {
      try {
        const ack = await nats.js.publish(row.subject, row.payload, {
          msgID: row.id,
          headers: toNatsHeaders(row.headers),
          timeout: TUNABLES.ackTimeoutMs,
        });
        sent.push({ id: row.id, ack });
      } catch (error) {
        if (isBrokerSilent(error)) brokerAnswers = false;
        else refused.push({ row, error: String(error) });
        return;
      }
    }
  };
  await Promise.all([...Map.groupBy(batch, (row) => row.aggregate_key).values()].map(sendInOrder));
  failpoint("outbox.published");
  if (sent.length > 0) await position.note(sent);
  failpoint("outbox.marked");
  outboxRefused.inc({ service: db.service }, refused.length);
  for (const { row, error } of refused) {
    log.error(
      { eventId: row.id, subject: row.subject, attempts: row.attempts + 1, error },
      "an event was refused",
    );
    await postpone(db, row, error);
  }
  outboxPublished.inc({ service: db.service }, sent.length);
  return brokerAnswers;
}

function isBrokerSilent(error: unknown): boolean {
  return (
    error instanceof TimeoutError ||
    error instanceof ClosedConnectionError ||
    error instanceof DrainingConnectionError ||
    (error instanceof RequestError && !error.isNoResponders())
  );
}

async function postpone<DB>(db: Database<DB>, row: PendingRow, error: string) {
  const backoffMs = Math.min(1_000 * 2 ** row.attempts, TUNABLES.maxRowBackoffMs);
  await db.systemStatement(
    "outbox: postpone",
    sql`update kit.outbox set attempts = attempts + 1, last_error = ${error.slice(0, 500)},
        not_before = now() + ${backoffMs} * interval '1 millisecond' where id = ${row.id}`,
  );
}

async function keepHouse<DB>(db: Database<DB>) {
  await db.systemStatement(
    "outbox: housekeeping",
    sql`delete from kit.outbox where published_at < now() - ${TUNABLES.keepPublishedHours} * interval '1 hour'`,
  );
}

/** A flag one side raises and the other waits for. */
class Signal {
  #raised = false;
  #resume: (() => void) | undefined;

  raise(): void {
    this.#raised = true;
    this.#resume?.();
  }

  reset(): void {
    this.#raised = false;
  }

  async wait(ms: number, stop: AbortSignal): Promise<void> {
    if (this.#raised || stop.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#resume = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#resume = undefined;
  }
}
