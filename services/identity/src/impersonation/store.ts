import { asTenantId, type Ctx, emit, type Id, type Tx, toRef } from "@leadmetrics/kit";
import { ImpersonationEndedSchema } from "@leadmetrics/proto/identity/events/v1/events";
import type { Selectable } from "kysely";
import type { IdentityDb } from "../db.ts";
import { causeOf } from "./rules.ts";

export type ImpersonationRow = Selectable<IdentityDb["impersonation"]>;

/** What an event of the company says about it. */
export function factsOf(row: ImpersonationRow) {
  return {
    impersonationRef: toRef(row.id as Id),
    userRef: toRef(row.user_id as Id),
    userName: row.user_name,
    adminRef: toRef(row.admin_id as Id),
    adminName: row.admin_name,
    reason: row.reason,
  };
}

/** Whose trail its events belong to, in their order. */
export function eventOf(row: ImpersonationRow) {
  return { aggregate: row.id, tenantId: asTenantId(row.acting_tenant as Id) };
}

export function impersonationOfSession(
  tx: Tx<IdentityDb>,
  sessionId: string,
): Promise<ImpersonationRow | undefined> {
  return tx
    .selectFrom("impersonation")
    .innerJoin("session", "session.impersonation_id", "impersonation.id")
    .selectAll("impersonation")
    .where("session.id", "=", sessionId)
    .executeTakeFirst();
}

/** The one behind a session, while it goes on; whoever ends it at this moment waits. */
export function liveImpersonation(tx: Tx<IdentityDb>, id: string): Promise<ImpersonationRow | undefined> {
  return tx
    .selectFrom("impersonation")
    .selectAll()
    .where("id", "=", id)
    .where("ended_on", "is", null)
    .forUpdate()
    .executeTakeFirst();
}

/** Writes down that it is over, once. Its session is ended by the caller. */
export async function closeImpersonation(
  tx: Tx<IdentityDb>,
  ctx: Ctx,
  id: string,
  reason: string,
  now: Date,
): Promise<void> {
  const cause = causeOf(reason);
  const row = await tx
    .updateTable("impersonation")
    .set({ ended_on: now, ended_cause: cause })
    .where("id", "=", id)
    .where("ended_on", "is", null)
    .returningAll()
    .executeTakeFirst();
  if (row) await emit(tx, ctx, ImpersonationEndedSchema, { ...factsOf(row), cause }, eventOf(row));
}

/** Withdraws the tickets nobody has taken yet, of an admin and for a user. */
export async function closeTickets(
  tx: Tx<IdentityDb>,
  ctx: Ctx,
  userId: string,
  reason: string,
  now: Date,
): Promise<void> {
  const waiting = await tx
    .selectFrom("impersonation")
    .select("id")
    .where((eb) => eb.or([eb("admin_id", "=", userId), eb("user_id", "=", userId)]))
    .where("opened_on", "is", null)
    .where("ended_on", "is", null)
    .forUpdate()
    .execute();
  for (const { id } of waiting) await closeImpersonation(tx, ctx, id, reason, now);
}
