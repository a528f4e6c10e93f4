import { create, type DescMessage, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { createValidator } from "@bufbuild/protovalidate";
import type { Ctx } from "../context.ts";
import { type AnyTx, addEvent, serviceOf } from "../db/transaction.ts";
import { type EventHeaders, formatActor, HEADER, PLATFORM } from "../events/headers.ts";
import { eventSubject } from "../events/subjects.ts";
import { currentTraceparent } from "../events/trace.ts";
import { type Id, newId, type TenantId, toRef } from "../ids.ts";

export interface EmitOptions {
  /** What keeps its order, e.g. `activity:<ref>`: its events are sent and handled one after the other. */
  readonly aggregate: string;
  /** Whose event it is; the context's tenant when it has exactly one, else the platform's. */
  readonly tenantId?: TenantId;
  /** For work queues: a `job.…` subject instead of the event's own. */
  readonly subject?: string;
}

const validator = createValidator();

/**
 * Says that something happened: the event goes into the outbox with the transaction of the change, all of a transaction in
 * their order with one statement before its commit. It is sent after the commit, at least once, and never when the transaction rolls back.
 *
 * @returns the event's id, the same on every delivery
 * @throws when the message breaks its own contract, which is a defect of the caller
 */
export async function emit<D extends DescMessage>(
  tx: AnyTx,
  ctx: Ctx,
  schema: D,
  init: MessageInitShape<D>,
  options: EmitOptions,
): Promise<Id> {
  const message = create(schema, init);
  const check = validator.validate(schema, message);
  if (check.kind !== "valid")
    throw new Error(`${schema.typeName} breaks its contract: ${check.error.message}`);

  const id = newId();
  const tenantId = options.tenantId ?? onlyTenant(ctx);
  const tenantRef = tenantId && toRef(tenantId);
  const subject = options.subject ?? eventSubject(schema, serviceOf(tx), tenantRef);
  const headers: EventHeaders = {
    [HEADER.id]: id,
    [HEADER.type]: schema.typeName,
    [HEADER.tenant]: tenantRef ?? PLATFORM,
    [HEADER.actor]: formatActor(ctx.actor),
    [HEADER.occurredAt]: new Date().toISOString(),
    [HEADER.aggregate]: options.aggregate,
    [HEADER.requestId]: ctx.requestId,
  };
  const traceparent = currentTraceparent() ?? ctx.traceparent;
  if (traceparent) headers[HEADER.traceparent] = traceparent;

  addEvent(tx, {
    id,
    tenantId: tenantId ?? null,
    aggregate: options.aggregate,
    subject,
    type: schema.typeName,
    headers: JSON.stringify(headers),
    payload: Buffer.from(toBinary(schema, message)),
  });
  return id;
}

function onlyTenant(ctx: Ctx): TenantId | undefined {
  return ctx.tenantIds.length === 1 ? ctx.tenantIds[0] : undefined;
}
