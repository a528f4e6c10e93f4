import type { PubAck } from "@nats-io/jetstream";
import { sql } from "kysely";
import type { Database } from "../db/database.ts";
import type { Logger } from "../log.ts";
import type { Nats } from "../nats.ts";
import { streamState } from "../streams.ts";

/** What the broker said to one event. */
export interface Acknowledged {
  readonly id: string;
  readonly ack: Pick<PubAck, "stream" | "seq" | "duplicate">;
}

/** Events of a stream are told from those of a work queue by how their subject begins. */
const SUBJECTS_OF = (stream: string): string => (stream.startsWith("JOBS_") ? "job.%" : "evt.%");

/**
 * How far the broker has acknowledged this service's events. A broker acknowledges before its disk has them, so one that
 * lost its power, or its disk, can come back behind that: then the events it no longer has are unmarked, and the relay
 * sends them again. What it still has it drops by message id, and consumers skip what they have done.
 */
export class Position<DB> {
  readonly #db: Database<DB>;
  readonly #nats: Nats;
  readonly #log: Logger;
  readonly #acknowledged = new Map<string, number>();
  /** Connections the broker had when it was last looked at. */
  #seen = -1;

  private constructor(db: Database<DB>, nats: Nats, log: Logger) {
    this.#db = db;
    this.#nats = nats;
    this.#log = log;
  }

  static async load<DB>(db: Database<DB>, nats: Nats, log: Logger): Promise<Position<DB>> {
    const position = new Position(db, nats, log);
    const { rows } = await db.withSystem("outbox: position", (tx) =>
      sql<{ stream: string; seq: number }>`select stream, seq from kit.outbox_position`.execute(tx),
    );
    for (const { stream, seq } of rows) position.#acknowledged.set(stream, seq);
    return position;
  }

  /**
   * Looks, once for each connection, whether the broker still stands where it said. To be called before anything is sent,
   * so that what it lost goes before what is new.
   */
  async verify(): Promise<void> {
    const connection = this.#nats.connections();
    if (connection === this.#seen || !this.#nats.connected()) return;
    for (const [stream, acknowledged] of this.#acknowledged) {
      const state = await streamState(this.#nats, stream);
      // No stream at all: looked at again until somebody has made it.
      if (!state) return;
      if (state.lastSequence < acknowledged) await this.#sendAgain(stream, state.lastSequence, acknowledged);
    }
    this.#seen = connection;
  }

  /** Marks what the broker has, and how far it is. Not waited for on the disk: a mark that a crash takes away sends the event again. */
  async note(sent: readonly Acknowledged[]): Promise<void> {
    const newest = new Map<string, number>();
    for (const { ack } of sent.toSorted((one, other) => one.ack.seq - other.ack.seq)) {
      // A duplicate is answered with the sequence it has had for long.
      if (ack.duplicate) continue;
      const before = this.#acknowledged.get(ack.stream) ?? 0;
      // Sent while the broker came back: its numbers began again before anybody could look.
      if (ack.seq <= before) await this.#sendAgain(ack.stream, ack.seq - 1, before);
      newest.set(ack.stream, Math.max(ack.seq, newest.get(ack.stream) ?? 0));
    }
    await this.#db.systemStatement(
      "outbox: mark",
      sql`
        with unwaited as (select set_config('synchronous_commit', 'off', true)),
        marked as (
          update kit.outbox set published_at = now(), last_error = null from unwaited
          where id = any(${sent.map(({ id }) => id)}::uuid[]))
        insert into kit.outbox_position as p (stream, seq)
        select * from unnest(${[...newest.keys()]}::text[], ${[...newest.values()]}::bigint[])
        on conflict (stream) do update set seq = greatest(p.seq, excluded.seq), noted_on = now()`,
    );
    for (const [stream, seq] of newest)
      this.#acknowledged.set(stream, Math.max(seq, this.#acknowledged.get(stream) ?? 0));
  }

  /** As many as the broker lost were the last it had acknowledged, and with them all that were marked in one go. */
  async #sendAgain(stream: string, surviving: number, acknowledged: number): Promise<void> {
    const lost = acknowledged - surviving;
    const events = await this.#db.withSystem("outbox: send again what the broker lost", async (tx) => {
      const { numAffectedRows } = await sql`
        update kit.outbox set published_at = null, not_before = null
        where subject like ${SUBJECTS_OF(stream)} and published_at >= coalesce((
          select published_at from kit.outbox
          where published_at is not null and subject like ${SUBJECTS_OF(stream)}
          order by published_at desc offset ${lost - 1} limit 1), '-infinity')`.execute(tx);
      await sql`update kit.outbox_position set seq = ${surviving}, noted_on = now() where stream = ${stream}`.execute(
        tx,
      );
      return Number(numAffectedRows ?? 0n);
    });
    this.#acknowledged.set(stream, surviving);
    this.#log.error(
      { stream, acknowledged, surviving, events },
      "the broker lost events it had acknowledged; they are sent again from the outbox",
    );
  }
}
