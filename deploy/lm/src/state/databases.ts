import type { ServiceName } from "@leadmetrics/local/system";
import { sql } from "kysely";
import type { Session } from "../session.ts";

/** Events that a service has written and the broker hasn't acknowledged. */
export interface OutboxState {
  readonly service: ServiceName;
  readonly pending: number;
  /** Of these, refused by the broker and waiting for their next try. */
  readonly refused: number;
  readonly oldestSeconds: number;
  readonly lastError: string;
}

/** How many things are in a state. */
export interface Counted {
  readonly state: string;
  readonly count: number;
}

export function outboxState(session: Session, service: ServiceName): Promise<OutboxState> {
  return session.reaching(service, () =>
    session.database(service).withSystem("lm: look at the outbox", async (tx) => {
      const { rows } = await sql<Omit<OutboxState, "service">>`
        select count(*) as pending, count(*) filter (where attempts > 0) as refused,
          coalesce(extract(epoch from now() - min(created_on)), 0)::float8 as "oldestSeconds",
          coalesce((array_agg(last_error order by seq) filter (where last_error is not null))[1], '') as "lastError"
        from kit.outbox where published_at is null`.execute(tx);
      return { service, pending: 0, refused: 0, oldestSeconds: 0, lastError: "", ...rows[0] };
    }),
  );
}

/** Runs that are under way, and those that ended in the last day. */
export function runStates(session: Session): Promise<Counted[]> {
  return session.reaching("agents", () =>
    session.database("agents").withSystem("lm: count runs", async (tx) => {
      const { rows } = await sql<Counted>`
        select status as state, count(*) as count from agent_run
        where status in ('requested', 'admitted', 'working', 'awaiting_credits', 'awaiting_config')
          or finished_on > now() - interval '1 day'
        group by status order by status`.execute(tx);
      return rows;
    }),
  );
}

/** Publications that aren't settled: of the unconfirmed nobody knows yet whether the channel has them. */
export function publicationStates(session: Session): Promise<Counted[]> {
  return session.reaching("content", () =>
    session.database("content").withSystem("lm: count publications", async (tx) => {
      const { rows } = await sql<Counted>`
        select status as state, count(*) as count from publication
        where status in ('prepared', 'sending', 'accepted', 'unconfirmed') group by status order by status`.execute(
        tx,
      );
      return rows;
    }),
  );
}
