import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  asService,
  type Ctx,
  type Database,
  emit,
  errors,
  fromRef,
  type Id,
  keyset,
  newId,
  pageOf,
  pageResult,
  type RpcClients,
  requestCtx,
  type ServedService,
  service,
  tenantCtx,
  toRef,
  tryFromRef,
  userIdOf,
} from "@leadmetrics/kit";
import { UsersService } from "@leadmetrics/proto/identity/v1/users";
import { TenantRole } from "@leadmetrics/proto/options/v1/access";
import {
  MemberChangedSchema,
  MemberInvitedSchema,
  MemberRemovedSchema,
} from "@leadmetrics/proto/tenancy/events/v1/events";
import { MembersService } from "@leadmetrics/proto/tenancy/v1/members";
import { TenantStatus } from "@leadmetrics/proto/tenancy/v1/tenants";
import { sql } from "kysely";
import type { TenancyDb } from "../db.ts";
import { INVITATION_MS } from "../tunables.ts";
import { actorText, invitationView, memberView, ROLES, roleName, tenantView } from "../views.ts";
import { addMember, hashOf, newInvitationToken, takeInvitation } from "./store.ts";

export function membersService(db: Database<TenancyDb>, rpc: RpcClients): ServedService {
  const users = rpc.client(UsersService, "identity");
  return service(MembersService, {
    async listMembers(request, hc) {
      const page = pageOf(request.page);
      const rows = await db.withTenant(
        tenantCtx(hc),
        (tx) => keyset(tx.selectFrom("tenant_member").selectAll(), page, tx).execute(),
        { readOnly: true },
      );
      const result = pageResult(rows, page);
      return { members: result.rows.map(memberView), page: result.page };
    },

    async inviteMember(request, hc) {
      const ctx = tenantCtx(hc);
      if (
        request.role === TenantRole.OWNER &&
        ctx.principal.kind === "tenant" &&
        ctx.principal.role !== "owner"
      )
        throw errors.forbidden("Only an owner can invite an owner.", "role_too_low");
      return db.withTenant(ctx, async (tx) => {
        const known = await tx
          .selectFrom("tenant_member")
          .select("id")
          .where(sql`lower(email)`, "=", request.email.toLowerCase())
          .executeTakeFirst();
        if (known) throw errors.exists("already_member", `${request.email} works in this company already.`);
        const tenant = await tx
          .selectFrom("tenant")
          .select("name")
          .where("id", "=", ctx.tenantId)
          .executeTakeFirstOrThrow();
        const row = await tx
          .insertInto("invitation")
          .values({
            id: newId(),
            tenant_id: ctx.tenantId,
            email: request.email,
            role: roleName(request.role),
            token_hash: null,
            expires_on: new Date(Date.now() + INVITATION_MS),
            accepted_on: null,
            revoked_on: null,
            created_by: actorText(ctx.actor),
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        const inviter = userIdOf(ctx);
        const name = inviter
          ? await tx
              .selectFrom("tenant_member")
              .select("name")
              .where("user_id", "=", inviter)
              .executeTakeFirst()
          : undefined;
        await emit(
          tx,
          ctx,
          MemberInvitedSchema,
          {
            invitationRef: toRef(row.id as Id),
            email: row.email,
            role: request.role,
            tenantName: tenant.name,
            invitedByName: name?.name ?? "",
          },
          { aggregate: row.id },
        );
        return { invitation: invitationView(row) };
      });
    },

    async listInvitations(request, hc) {
      const page = pageOf(request.page);
      const rows = await db.withTenant(
        tenantCtx(hc),
        (tx) =>
          keyset(
            tx
              .selectFrom("invitation")
              .selectAll()
              .where("accepted_on", "is", null)
              .where("revoked_on", "is", null)
              .where("expires_on", ">", new Date()),
            page,
            tx,
          ).execute(),
        { readOnly: true },
      );
      const result = pageResult(rows, page);
      return { invitations: result.rows.map(invitationView), page: result.page };
    },

    async revokeInvitation(request, hc) {
      const id = fromRef(request.invitationRef, "invitation");
      const done = await db.withTenant(tenantCtx(hc), (tx) =>
        tx
          .updateTable("invitation")
          .set({ revoked_on: new Date() })
          .where("id", "=", id)
          .where("accepted_on", "is", null)
          .executeTakeFirst(),
      );
      if (done.numUpdatedRows === 0n) throw errors.notFound("invitation");
      return {};
    },

    async acceptInvitation(request, hc) {
      const ctx = requestCtx(hc);
      const userId = userIdOf(ctx);
      if (!userId) throw errors.unauthenticated();
      const {
        users: [user],
      } = await users.batchGetUsers({ userRefs: [toRef(userId)] }, asService(ctx));
      return db.withSystem("take an invitation", async (tx) => {
        const taken = await takeInvitation(tx, hashOf(request.token), new Date());
        if (!taken || !user)
          throw errors.invalid("This invitation was used already or is over. Ask for a new one.");
        await addMember(tx, ctx, taken.tenant_id, { userId, email: user.email, name: user.name }, taken.role);
        const tenant = await tx
          .selectFrom("tenant")
          .selectAll()
          .where("id", "=", taken.tenant_id)
          .executeTakeFirstOrThrow();
        return { tenant: tenantView(tenant) };
      });
    },

    async changeMemberRole(request, hc) {
      const ctx = tenantCtx(hc);
      const userId = fromRef(request.userRef, "member");
      return db.withTenant(ctx, async (tx) => {
        const before = await tx
          .selectFrom("tenant_member")
          .selectAll()
          .where("user_id", "=", userId)
          .forUpdate()
          .executeTakeFirst();
        if (!before) throw errors.notFound("member");
        if (before.version !== request.version)
          throw errors.stale(undefined, undefined, { version: String(before.version) });
        mayTouchOwner(ctx, before.role, request.role);
        if (before.role === "owner" && request.role !== TenantRole.OWNER) await keepOneOwner(tx, userId);
        const row = await tx
          .updateTable("tenant_member")
          .set((eb) => ({ role: roleName(request.role), version: eb("version", "+", 1) }))
          .where("id", "=", before.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        await emit(
          tx,
          ctx,
          MemberChangedSchema,
          { userRef: request.userRef, role: request.role },
          { aggregate: userId },
        );
        return { member: memberView(row) };
      });
    },

    async removeMember(request, hc) {
      const ctx = tenantCtx(hc);
      const userId = fromRef(request.userRef, "member");
      await db.withTenant(ctx, async (tx) => {
        const row = await tx
          .selectFrom("tenant_member")
          .select(["id", "role"])
          .where("user_id", "=", userId)
          .forUpdate()
          .executeTakeFirst();
        if (!row) throw errors.notFound("member");
        mayTouchOwner(ctx, row.role, TenantRole.UNSPECIFIED);
        if (row.role === "owner") await keepOneOwner(tx, userId);
        await tx.deleteFrom("tenant_member").where("id", "=", row.id).execute();
        await emit(tx, ctx, MemberRemovedSchema, { userRef: request.userRef }, { aggregate: userId });
      });
      return {};
    },

    async listMembershipsOfUser(request) {
      const userId = tryFromRef(request.userRef);
      if (!userId) return {};
      const rows = await db.withSystem("memberships of a user", (tx) =>
        tx
          .selectFrom("tenant_member")
          .innerJoin("tenant", "tenant.id", "tenant_member.tenant_id")
          .select(["tenant.id", "tenant.name", "tenant.status", "tenant_member.role"])
          .where("user_id", "=", userId)
          .orderBy("tenant_member.id")
          .execute(),
      );
      return {
        memberships: rows.map((row) => ({
          tenantRef: toRef(row.id as Id),
          tenantName: row.name,
          role: ROLES[row.role],
          tenantStatus: row.status === "active" ? TenantStatus.ACTIVE : TenantStatus.SUSPENDED,
        })),
      };
    },

    async listRecipients(_request, hc) {
      const ctx = tenantCtx(hc);
      const { members, reviewers } = await db.withTenant(
        ctx,
        async (tx) => ({
          members: await tx.selectFrom("tenant_member").selectAll().execute(),
          reviewers: await tx.selectFrom("reviewer_assignment").select("user_id").execute(),
        }),
        { readOnly: true },
      );
      const found =
        reviewers.length > 0
          ? await users.batchGetUsers(
              { userRefs: reviewers.map((row) => toRef(row.user_id as Id)) },
              asService(ctx),
            )
          : { users: [] };
      return {
        recipients: [
          ...members.map((row) => ({
            userRef: toRef(row.user_id as Id),
            email: row.email,
            name: row.name,
            role: ROLES[row.role],
            reviewer: false,
          })),
          ...found.users.map((user) => ({
            userRef: user.ref,
            email: user.email,
            name: user.name,
            reviewer: true,
          })),
        ],
      };
    },

    async mintInvitationToken(request, hc) {
      const id = fromRef(request.invitationRef, "invitation");
      const { token, hash } = newInvitationToken();
      const row = await db.withTenant(tenantCtx(hc), (tx) =>
        tx
          .updateTable("invitation")
          .set({ token_hash: hash })
          .where("id", "=", id)
          .where("accepted_on", "is", null)
          .where("revoked_on", "is", null)
          .where("expires_on", ">", new Date())
          .returning("expires_on")
          .executeTakeFirst(),
      );
      if (!row) throw errors.notFound("invitation");
      return { token, expiresOn: timestampFromDate(row.expires_on) };
    },
  });
}

/** Only owners make, change or remove owners. */
function mayTouchOwner(ctx: Ctx, before: string, after: TenantRole): void {
  const touches = before === "owner" || after === TenantRole.OWNER;
  if (touches && ctx.principal.kind === "tenant" && ctx.principal.role !== "owner")
    throw errors.forbidden("Only an owner can change who the owners are.", "role_too_low");
}

async function keepOneOwner(
  tx: Parameters<Parameters<Database<TenancyDb>["withTenant"]>[1]>[0],
  userId: Id,
): Promise<void> {
  const others = await tx
    .selectFrom("tenant_member")
    .select("id")
    .where("role", "=", "owner")
    .where("user_id", "!=", userId)
    .limit(1)
    .execute();
  if (others.length === 0)
    throw errors.conflict("last_owner", "A company needs an owner. Make somebody else one first.");
}
