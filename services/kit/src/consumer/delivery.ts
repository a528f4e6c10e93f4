import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import type { JsMsg } from "@nats-io/jetstream";
import { type Ctx, systemCtx } from "../context.ts";
import { HEADER, PLATFORM, parseActor } from "../events/headers.ts";
import { fromRef, type Id, type TenantId } from "../ids.ts";
import type { Event } from "./define.ts";

const UUID = /^[0-9a-f-]{36}$/;

/** What an event's headers say, before its payload is read. */
export interface Envelope {
  readonly id: Id;
  readonly type: string;
  readonly tenantRef: string;
  readonly tenantId: TenantId | undefined;
  readonly aggregate: string;
  readonly traceparent: string | undefined;
  readonly requestId: string | undefined;
  readonly headers: ReadonlyMap<string, string>;
}

/** @throws when the message isn't one of ours */
export function readEnvelope(message: JsMsg): Envelope {
  const headers = new Map<string, string>();
  for (const [name, values] of message.headers ?? []) headers.set(name, values[0] ?? "");
  const id = headers.get(HEADER.id) ?? "";
  const type = headers.get(HEADER.type) ?? "";
  if (!UUID.test(id) || type === "") throw new Error(`${message.subject} carries no event id or type`);
  const tenantRef = headers.get(HEADER.tenant) ?? PLATFORM;
  return {
    id: id as Id,
    type,
    tenantRef,
    tenantId: tenantRef === PLATFORM ? undefined : (fromRef(tenantRef) as TenantId),
    aggregate: headers.get(HEADER.aggregate) ?? id,
    traceparent: headers.get(HEADER.traceparent),
    requestId: headers.get(HEADER.requestId),
    headers,
  };
}

export function readEvent<D extends DescMessage>(
  schema: D,
  message: JsMsg,
  envelope: Envelope,
): Event<MessageShape<D>> {
  return {
    id: envelope.id,
    type: envelope.type,
    tenantId: envelope.tenantId,
    actor: parseActor(envelope.headers.get(HEADER.actor) ?? ""),
    occurredAt: new Date(envelope.headers.get(HEADER.occurredAt) ?? message.time),
    deliveries: message.info.deliveryCount,
    data: fromBinary(schema, message.data),
  };
}

/** The context a handler works in: the service itself, in the event's tenant, as part of the same trace. */
export function deliveryCtx(
  durable: string,
  envelope: Envelope,
  signal: AbortSignal,
  traceparent?: string,
): Ctx {
  const { id: eventId, tenantId, tenantRef: tenant, requestId } = envelope;
  return systemCtx(durable, {
    tenantId,
    signal,
    requestId,
    traceparent: traceparent ?? envelope.traceparent,
    said: { eventId, tenant, requestId },
  });
}
