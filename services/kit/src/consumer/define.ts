import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { Actor, Ctx } from "../context.ts";
import type { Database } from "../db/database.ts";
import type { TenantTx } from "../db/transaction.ts";
import { eventFilter, eventName } from "../events/subjects.ts";
import type { Id, TenantId } from "../ids.ts";
import { EVENT_SERVICES } from "../streams.ts";
import type { Outcome } from "./outcome.ts";
import type { ProfileName } from "./profiles.ts";

/** One event as a handler gets it. */
export interface Event<T> {
  /** The same on every delivery: what an effect is made idempotent with. */
  readonly id: Id;
  /** Full name of the message, `leadmetrics.content.events.v1.RevisionCreated`. */
  readonly type: string;
  /** Undefined for an event of the platform. */
  readonly tenantId: TenantId | undefined;
  readonly actor: Actor;
  readonly occurredAt: Date;
  /** 1 for the first delivery. */
  readonly deliveries: number;
  readonly data: T;
}

/** For effects in the service's own database: inbox row and effect commit together, so it happens once. */
export type TxHandler<DB, T> = (event: Event<T>, h: { tx: TenantTx<DB>; ctx: Ctx }) => Promise<Outcome>;

export interface ExternalScope<DB> {
  readonly ctx: Ctx;
  readonly db: Database<DB>;
  /** Aborted at the hard limit, when no progress was reported for too long, and at shutdown. */
  readonly signal: AbortSignal;
  /** Says that the work advances; without it a long handler counts as stuck. */
  progress(): void;
}

/** For effects outside the database. No transaction is held; the handler brings its own idempotency. */
export type ExternalHandler<DB, T> = (event: Event<T>, h: ExternalScope<DB>) => Promise<Outcome>;

/** One event kind and what is done about it. */
export interface Subscription<DB> {
  readonly schema: DescMessage;
  readonly run:
    | { readonly kind: "transaction"; readonly handle: TxHandler<DB, unknown> }
    | { readonly kind: "external"; readonly handle: ExternalHandler<DB, unknown> };
}

/** Handles an event in one transaction with its inbox row. */
export function on<DB, D extends DescMessage>(
  schema: D,
  handle: TxHandler<DB, MessageShape<D>>,
): Subscription<DB> {
  // The runtime decodes with `schema` before it calls, so the handler's own type is what it gets.
  return { schema, run: { kind: "transaction", handle: handle as TxHandler<DB, unknown> } };
}

/** Handles an event whose effect lies outside the database (a call, a mail, a file). */
export function onExternal<DB, D extends DescMessage>(
  schema: D,
  handle: ExternalHandler<DB, MessageShape<D>>,
): Subscription<DB> {
  return { schema, run: { kind: "external", handle: handle as ExternalHandler<DB, unknown> } };
}

export interface ConsumerDefinition<DB> {
  /** Name at the broker and in the inbox: renaming it makes a new consumer that starts from the oldest event. */
  readonly durable: string;
  readonly on: readonly Subscription<DB>[];
  /** `projector` unless said otherwise. */
  readonly profile?: ProfileName;
  /** Handlers that run at once in this process; the profile's own unless said otherwise. */
  readonly concurrency?: number;
  /** A work queue instead of the events' own streams. */
  readonly source?: { readonly stream: string; readonly subjects: readonly string[] };
}

const DURABLE = /^[a-z][a-z0-9-]{1,60}$/;

/** Declares a consumer; `startConsumers` runs it. */
export function consumer<DB>(definition: ConsumerDefinition<DB>): ConsumerDefinition<DB> {
  if (!DURABLE.test(definition.durable))
    throw new Error(`"${definition.durable}" is no durable name (lower-case, dashes)`);
  if (definition.on.length === 0) throw new Error(`consumer ${definition.durable} handles no event`);
  return definition;
}

/** Which streams a consumer reads, and which subjects of each: an event of "*" comes from every service. */
export function sourcesOf<DB>(definition: ConsumerDefinition<DB>): Map<string, string[]> {
  const { source } = definition;
  if (source) return new Map([[source.stream, [...source.subjects]]]);
  const sources = new Map<string, string[]>();
  for (const { schema } of definition.on) {
    const owner = eventName(schema).split(".")[0] ?? "";
    for (const service of owner === "*" ? EVENT_SERVICES : [owner]) {
      const stream = `EVT_${service.toUpperCase()}`;
      const filter = eventFilter(schema).replace(/^evt\.\*/, `evt.${service}`);
      sources.set(stream, [...(sources.get(stream) ?? []), filter]);
    }
  }
  return sources;
}
