import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  asCaller,
  type Ctx,
  emit,
  errors,
  forTenantRef,
  fromRef,
  type Id,
  keyset,
  newId,
  pageOf,
  pageResult,
  platformSettings,
  type RpcClients,
  requestCtx,
  type ServedService,
  service,
  toRef,
} from "@leadmetrics/kit";
import { ImpersonationStartedSchema } from "@leadmetrics/proto/identity/events/v1/events";
import { ImpersonationService } from "@leadmetrics/proto/identity/v1/impersonation";
import { TenantRole } from "@leadmetrics/proto/options/v1/access";
import { MembersService } from "@leadmetrics/proto/tenancy/v1/members";
import { callerOf } from "../auth/caller.ts";
import { chooseMembership } from "../auth/rules.ts";
import { hashOf, newSecret } from "../auth/tokens.ts";
import type { IdentityDeps } from "../deps.ts";
import { openImpersonation } from "./open.ts";
import { startProblem, termsOf } from "./rules.ts";
import { closeImpersonation, eventOf, factsOf } from "./store.ts";
import { impersonationView } from "./view.ts";

/** The page of the dashboard that takes a ticket. */
const PAGE = "/impersonation";

/** Looking at the dashboard in a client's place. */
export function impersonationService(deps: IdentityDeps, rpc: RpcClients): ServedService {
  const { db, ender, membershipsOf, sites } = deps;
  const members = rpc.client(MembersService, "tenancy");

  /** An owner of the company; whoever may do most sees most. */
  async function ownerOf(ctx: Ctx, tenantRef: string): Promise<string> {
    const answer = await members.listMembers({}, asCaller(forTenantRef(ctx, tenantRef)));
    const owner = answer.members.find((member) => member.role === TenantRole.OWNER);
    if (!owner)
      throw errors.conflict(
        "no_owner",
        "Nobody has joined this company as its owner yet. Name one of its people.",
      );
    return owner.userRef;
  }

  return service(ImpersonationService, {
    async startImpersonation({ userRef, tenantRef, reason }, hc) {
      const ctx = requestCtx(hc);
      const whom = fromRef(userRef || (await ownerOf(ctx, tenantRef)), "user");
      const memberships = await membershipsOf(ctx, toRef(whom));
      const now = new Date();
      const ticket = newSecret();
      const { expiresOn, ticketExpiresOn } = termsOf(now, platformSettings.get("impersonation.minutes"));
      const row = await db.global(async (tx) => {
        const people = await tx
          .selectFrom("user_account")
          .selectAll()
          .where("id", "in", [whom, callerOf(ctx)])
          .execute();
        const user = people.find(({ id }) => id === whom);
        const admin = people.find(({ id }) => id === callerOf(ctx));
        if (!user || !admin) throw errors.notFound("user");
        const problem = startProblem({
          platformRole: user.platform_role,
          verified: user.email_verified_on !== null,
          deactivated: user.deactivated_on !== null,
        });
        if (problem) throw errors.conflict(problem.reason, problem.message);
        const last = user.last_tenant ? toRef(user.last_tenant as Id) : undefined;
        const chosen = chooseMembership(memberships, tenantRef, last);
        if (!chosen)
          throw errors.conflict(
            "no_active_tenant",
            "This person works for no such company that is active. Look at its members and its state.",
          );
        const added = await tx
          .insertInto("impersonation")
          .values({
            id: newId(),
            admin_id: admin.id,
            user_id: user.id,
            acting_tenant: fromRef(chosen.tenantRef, "tenant"),
            admin_name: admin.name || admin.email,
            user_name: user.name || user.email,
            reason: reason.trim(),
            ticket_token_hash: hashOf(ticket),
            ticket_expires_on: ticketExpiresOn,
            created_on: now,
            expires_on: expiresOn,
            opened_on: null,
            ended_on: null,
            ended_cause: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        await emit(
          tx,
          ctx,
          ImpersonationStartedSchema,
          { ...factsOf(added), expiresOn: timestampFromDate(expiresOn) },
          eventOf(added),
        );
        return added;
      });
      return {
        impersonation: impersonationView(row),
        url: `${sites.dashboard.origins[0]}${PAGE}#ticket=${ticket}`,
        ticketExpiresOn: timestampFromDate(ticketExpiresOn),
      };
    },

    openImpersonation: ({ ticket }, hc) => openImpersonation(deps, requestCtx(hc), ticket),

    async listImpersonations({ page: asked, tenantRef, live }) {
      const page = pageOf(asked);
      const rows = await db.global((tx) => {
        let query = tx.selectFrom("impersonation").selectAll();
        if (tenantRef) query = query.where("acting_tenant", "=", fromRef(tenantRef, "tenant"));
        if (live) query = query.where("ended_on", "is", null).where("expires_on", ">", new Date());
        return keyset(query, page).execute();
      });
      const result = pageResult(rows, page);
      return { impersonations: result.rows.map(impersonationView), page: result.page };
    },

    async endImpersonation({ impersonationRef }, hc) {
      const ctx = requestCtx(hc);
      const id = fromRef(impersonationRef, "impersonation");
      const now = new Date();
      await db.global(async (tx) => {
        const there = await tx
          .selectFrom("impersonation")
          .select("id")
          .where("id", "=", id)
          .forUpdate()
          .executeTakeFirst();
        if (!there) throw errors.notFound("impersonation");
        const sessions = await tx
          .selectFrom("session")
          .select(["id", "user_id"])
          .where("impersonation_id", "=", id)
          .execute();
        await ender.end(tx, ctx, sessions, "ended_by_admin", now);
        // A ticket that was never taken has no session.
        await closeImpersonation(tx, ctx, id, "ended_by_admin", now);
      });
      return {};
    },
  });
}
