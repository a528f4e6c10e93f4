import { type MsgHdrs, headers as natsHeaders } from "@nats-io/nats-core";
import type { Actor } from "../context.ts";

/** The headers every event carries on the wire; `traceparent` is W3C's. */
export const HEADER = {
  id: "lm-event-id",
  type: "lm-event-type",
  /** Ref of the tenant, or "platform". */
  tenant: "lm-tenant",
  /** `kind:id`, see {@link Actor}. */
  actor: "lm-actor",
  /** ISO 8601, when the change was made (not when it was sent). */
  occurredAt: "lm-occurred-at",
  /** What keeps its order: events of one aggregate are handled one after the other. */
  aggregate: "lm-aggregate",
  requestId: "lm-request-id",
  traceparent: "traceparent",
  /** On a replayed dead letter: the only consumer that is meant. */
  replayFor: "lm-replay-for",
} as const;

export const PLATFORM = "platform";

/** Header names and values as they lie in the outbox. */
export type EventHeaders = Partial<Record<(typeof HEADER)[keyof typeof HEADER], string>>;

export function toNatsHeaders(values: EventHeaders): MsgHdrs {
  const result = natsHeaders();
  for (const [name, value] of Object.entries(values)) result.set(name, value);
  return result;
}

export function formatActor(actor: Actor): string {
  return `${actor.kind}:${actor.id}`;
}

const ACTOR_KINDS: readonly string[] = ["user", "agent", "service", "system"] satisfies Actor["kind"][];

export function parseActor(text: string): Actor {
  const split = text.indexOf(":");
  const kind = text.slice(0, split);
  if (!ACTOR_KINDS.includes(kind)) return { kind: "system", id: text };
  return { kind: kind as Actor["kind"], id: text.slice(split + 1) };
}
