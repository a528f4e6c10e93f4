import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Actor, type Id, toRef } from "@leadmetrics/kit";
import { TenantRole } from "@leadmetrics/proto/options/v1/access";
import { InvitationSchema, MemberSchema } from "@leadmetrics/proto/tenancy/v1/members";
import { TenantSchema, TenantStatus } from "@leadmetrics/proto/tenancy/v1/tenants";
import { ActorKind, ActorSchema, StampSchema } from "@leadmetrics/proto/type/v1/type";
import type { Selectable } from "kysely";
import type { RoleName, TenancyDb, TenantRow } from "./db.ts";

const KINDS: Record<string, ActorKind> = {
  user: ActorKind.USER,
  agent: ActorKind.AGENT,
  service: ActorKind.SERVICE,
  system: ActorKind.SYSTEM,
};

export const ROLES: Record<RoleName, TenantRole> = {
  viewer: TenantRole.VIEWER,
  member: TenantRole.MEMBER,
  admin: TenantRole.ADMIN,
  owner: TenantRole.OWNER,
};

export function roleName(role: TenantRole): RoleName {
  const found = (Object.keys(ROLES) as RoleName[]).find((name) => ROLES[name] === role);
  return found ?? "viewer";
}

/** How an actor lies in a row: `user:01J…`. */
export function actorText(actor: Actor): string {
  return `${actor.kind}:${actor.id}`;
}

export function actorView(text: string | null) {
  if (!text) return undefined;
  const split = text.indexOf(":");
  return create(ActorSchema, {
    kind: KINDS[text.slice(0, split)] ?? ActorKind.UNSPECIFIED,
    id: text.slice(split + 1),
  });
}

export function tenantView(row: Selectable<TenantRow>) {
  return create(TenantSchema, {
    ref: toRef(row.id as Id),
    name: row.name,
    status: row.status === "active" ? TenantStatus.ACTIVE : TenantStatus.SUSPENDED,
    timeZone: row.time_zone,
    locale: row.locale,
    currency: row.currency,
    localOnly: row.local_only,
    stamp: create(StampSchema, {
      createdBy: actorView(row.created_by),
      createdOn: timestampFromDate(row.created_on),
      updatedBy: actorView(row.updated_by),
      updatedOn: timestampFromDate(row.updated_on),
      version: row.version,
    }),
  });
}

export function memberView(row: Selectable<TenancyDb["tenant_member"]>) {
  return create(MemberSchema, {
    userRef: toRef(row.user_id as Id),
    email: row.email,
    name: row.name,
    role: ROLES[row.role],
    joinedOn: timestampFromDate(row.joined_on),
    version: row.version,
  });
}

export function invitationView(row: Selectable<TenancyDb["invitation"]>) {
  return create(InvitationSchema, {
    ref: toRef(row.id as Id),
    email: row.email,
    role: ROLES[row.role],
    expiresOn: timestampFromDate(row.expires_on),
    createdOn: timestampFromDate(row.created_on),
  });
}
