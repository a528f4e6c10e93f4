import { createHash, randomBytes } from "node:crypto";
import { asTenantId, type Ctx, emit, type Id, newId, type Tx, toRef } from "@leadmetrics/kit";
import { MemberJoinedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import type { RoleName, TenancyDb } from "../db.ts";
import { ROLES } from "../views.ts";

export interface Person {
  readonly userId: Id;
  readonly email: string;
  readonly name: string;
}

/** Adds somebody to a tenant; who is in it already stays as they are. */
export async function addMember(
  tx: Tx<TenancyDb>,
  ctx: Ctx,
  tenant: string,
  person: Person,
  role: RoleName,
): Promise<void> {
  const tenantId = asTenantId(tenant as Id);
  const added = await tx
    .insertInto("tenant_member")
    .values({
      id: newId(),
      tenant_id: tenantId,
      user_id: person.userId,
      email: person.email,
      name: person.name,
      role,
    })
    .onConflict((oc) => oc.columns(["tenant_id", "user_id"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!added) return;
  await emit(
    tx,
    ctx,
    MemberJoinedSchema,
    { userRef: toRef(person.userId), email: person.email, name: person.name, role: ROLES[role] },
    { aggregate: person.userId, tenantId },
  );
}

/** Takes the invitation a token belongs to. @returns its tenant and role, or undefined when it is unknown, used or over */
export function takeInvitation(tx: Tx<TenancyDb>, tokenHash: string, now: Date) {
  return tx
    .updateTable("invitation")
    .set({ accepted_on: now })
    .where("token_hash", "=", tokenHash)
    .where("accepted_on", "is", null)
    .where("revoked_on", "is", null)
    .where("expires_on", ">", now)
    .returning(["tenant_id", "role"])
    .executeTakeFirst();
}

export function newInvitationToken(): { token: string; hash: string } {
  const token = randomBytes(32).toString("base64url");
  return { token, hash: hashOf(token) };
}

export function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
