import { RunCancellationRequestedSchema } from "@leadmetrics/proto/content/events/v1/events";
import { sql } from "kysely";
import { PROFILES, type Profile, type ProfileName } from "../../src/consumer/profiles.ts";
import {
  type ConsumerDefinition,
  consumer,
  type Database,
  type Event,
  emit,
  type Id,
  type Nats,
  newId,
  type Outcome,
  ok,
  on,
  type Relay,
  type RunningConsumers,
  startConsumers,
  startRelay,
  type TenantId,
  toRef,
} from "../../src/index.ts";
import { type ServiceTest, startServiceTest } from "../../src/testing/index.ts";
import { migrations, type NotesDb } from "../fixture.ts";

/** The event these tests are about: a text that somebody said. Any contract with a text in it would do. */
export const SAID = RunCancellationRequestedSchema;
export type Said = Event<{ reason: string }>;

/** Waits as short as a test's patience; otherwise as in use. */
const short: Partial<Profile> = {
  ackWaitMs: 2_000,
  heartbeatMs: 400,
  attempts: 3,
  idleLimitMs: 1_200,
  hardLimitMs: 15_000,
  backoffMs: (delivery) => 500 * delivery,
};
export const SHORT: Record<ProfileName, Profile> = {
  projector: { ...PROFILES.projector, ...short },
  job: { ...PROFILES.job, ...short },
  llm: { ...PROFILES.llm, ...short },
};

export const DURABLE = "content-notes";

export function startNotes(): Promise<ServiceTest<NotesDb>> {
  return startServiceTest<NotesDb>({ service: "content", migrations });
}

interface SayOptions {
  readonly aggregate?: string;
  readonly tenantId?: TenantId;
  /** Another subject than the event's own. */
  readonly subject?: string;
}

/** Says a text in a transaction of its own, and returns the event's id. */
export function say(t: ServiceTest<NotesDb>, text: string, options: SayOptions = {}): Promise<Id> {
  const ctx = t.ctx.tenant(options.tenantId);
  const { aggregate = text, subject } = options;
  return t.db.withTenant(ctx, (tx) =>
    emit(tx, ctx, SAID, { runRef: toRef(newId()), reason: text }, { aggregate, subject }),
  );
}

/** Writes each text down: two notes of one text are an effect that happened twice. */
export function notesConsumer(
  options: {
    durable?: string;
    before?: (event: Said) => Promise<Outcome | undefined> | Outcome | undefined;
  } = {},
): ConsumerDefinition<NotesDb> {
  return consumer<NotesDb>({
    durable: options.durable ?? DURABLE,
    on: [
      on(SAID, async (event, { tx }) => {
        const instead = await options.before?.(event);
        if (instead) return instead;
        await tx
          .insertInto("note")
          .values({ id: newId(), tenant_id: event.tenantId ?? "", text: event.data.reason })
          .execute();
        return ok();
      }),
    ],
  });
}

interface Where {
  readonly nats?: Nats;
  readonly db?: Database<NotesDb>;
}

export function relay(t: ServiceTest<NotesDb>, { nats = t.nats }: Where = {}): Relay {
  return startRelay({ db: t.db, nats, systemUrl: t.urls.system, log: t.log });
}

export function consume(
  t: ServiceTest<NotesDb>,
  definitions: readonly ConsumerDefinition<NotesDb>[],
  { nats = t.nats, db = t.db }: Where = {},
): Promise<RunningConsumers> {
  return startConsumers(definitions, { db, nats, service: "content", log: t.log, profiles: SHORT });
}

/** All texts that were written down, in order of the alphabet. */
export async function notes(t: ServiceTest<NotesDb>, tenantId?: TenantId): Promise<string[]> {
  const rows = await t.db.withTenant(t.ctx.tenant(tenantId), (tx) =>
    tx.selectFrom("note").select("text").execute(),
  );
  return rows.map((row) => row.text).sort();
}

export interface OutboxRow {
  readonly id: string;
  readonly published_at: Date | null;
  readonly not_before: Date | null;
  readonly last_error: string | null;
}

export async function outboxRow(t: ServiceTest<NotesDb>, id: Id): Promise<OutboxRow | undefined> {
  const { rows } = await t.db.withSystem("look", (tx) =>
    sql<OutboxRow>`select id, published_at, not_before, last_error from kit.outbox where id = ${id}`.execute(
      tx,
    ),
  );
  return rows[0];
}

/** Ids of the events in a stream, in their order. */
export async function eventIds(nats: Nats, stream = "EVT_CONTENT"): Promise<string[]> {
  const { state } = await nats.jsm.streams.info(stream);
  const ids: string[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq += 1) {
    const message = await nats.jsm.streams.getMessage(stream, { seq });
    if (message) ids.push(message.header.get("lm-event-id"));
  }
  return ids;
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
