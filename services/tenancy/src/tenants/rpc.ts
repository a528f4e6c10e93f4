import {
  asTenantId,
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
  requestCtx,
  type ServedService,
  service,
  type TenantId,
  type Tx,
  tenantCtx,
  toRef,
} from "@leadmetrics/kit";
import { TenantRole } from "@leadmetrics/proto/options/v1/access";
import {
  MemberInvitedSchema,
  TenantCreatedSchema,
  TenantUpdatedSchema,
} from "@leadmetrics/proto/tenancy/events/v1/events";
import { TenantStatus, TenantsService } from "@leadmetrics/proto/tenancy/v1/tenants";
import type { Selectable } from "kysely";
import type { TenancyDb, TenantRow } from "../db.ts";
import { liveDeletion } from "../deletion/store.ts";
import { INVITATION_MS } from "../tunables.ts";
import { actorText, tenantView } from "../views.ts";
import { settingsProblems } from "./rules.ts";

export function tenantsService(db: Database<TenancyDb>): ServedService {
  return service(TenantsService, {
    async createTenant(request, hc) {
      const ctx = requestCtx(hc);
      const timeZone = request.timeZone || "UTC";
      const locale = request.locale || "en-GB";
      refuse(settingsProblems({ timeZone, locale }));
      return db.withPlatform(ctx, "create a tenant", async (tx) => {
        const tenant = await addTenant(tx, ctx, {
          name: request.name,
          timeZone,
          locale,
          currency: request.currency || "EUR",
          ownerUserRef: "",
        });
        const tenantId = asTenantId(tenant.id as Id);
        const invitation = { id: newId(), email: request.ownerEmail };
        await tx
          .insertInto("invitation")
          .values({
            ...invitation,
            tenant_id: tenantId,
            role: "owner",
            token_hash: null,
            expires_on: new Date(Date.now() + INVITATION_MS),
            accepted_on: null,
            revoked_on: null,
            created_by: actorText(ctx.actor),
          })
          .execute();
        await emit(
          tx,
          ctx,
          MemberInvitedSchema,
          {
            invitationRef: toRef(invitation.id),
            email: invitation.email,
            role: TenantRole.OWNER,
            tenantName: tenant.name,
            invitedByName: "",
          },
          { aggregate: tenant.id, tenantId },
        );
        return { tenant: tenantView(tenant) };
      });
    },

    async getTenant(_request, hc) {
      const ctx = tenantCtx(hc);
      const row = await db.withTenant(
        ctx,
        (tx) => tx.selectFrom("tenant").selectAll().where("id", "=", ctx.tenantId).executeTakeFirst(),
        { readOnly: true },
      );
      if (!row) throw errors.notFound("tenant");
      return { tenant: tenantView(row) };
    },

    async listTenants(request, hc) {
      const ctx = requestCtx(hc);
      const page = pageOf(request.page);
      const list = (tx: Tx<TenancyDb>) => keyset(tx.selectFrom("tenant").selectAll(), page).execute();
      const isReviewer = ctx.principal.kind === "platform" && ctx.principal.role === "reviewer";
      if (isReviewer && ctx.tenantIds.length === 0) return {};
      const rows = isReviewer
        ? await db.withTenant(ctx, list, { readOnly: true })
        : await db.withPlatform(ctx, "list tenants", list);
      const result = pageResult(rows, page);
      return { tenants: result.rows.map(tenantView), page: result.page };
    },

    async updateTenant(request, hc) {
      const ctx = tenantCtx(hc);
      refuse(settingsProblems(request));
      return db.withTenant(ctx, async (tx) => {
        const row = await tx
          .updateTable("tenant")
          .set((eb) => ({
            name: request.name,
            time_zone: request.timeZone,
            locale: request.locale,
            currency: request.currency,
            local_only: request.localOnly,
            updated_by: actorText(ctx.actor),
            updated_on: new Date(),
            version: eb("version", "+", 1),
          }))
          .where("id", "=", ctx.tenantId)
          .where("version", "=", request.version)
          .returningAll()
          .executeTakeFirst();
        if (!row) throw await missingOrStale(tx, ctx.tenantId);
        await announce(tx, ctx, row);
        return { tenant: tenantView(row) };
      });
    },

    async setTenantStatus(request, hc) {
      const ctx = requestCtx(hc);
      const id = fromRef(request.tenantRef, "tenant");
      const status = request.status === TenantStatus.SUSPENDED ? "suspended" : "active";
      return db.withPlatform(ctx, request.reason, async (tx) => {
        if (await liveDeletion(tx, id))
          throw errors.conflict(
            "being_deleted",
            "This tenant is being deleted, which decides its status. Cancel the deletion first.",
          );
        const row = await tx
          .updateTable("tenant")
          .set((eb) => ({
            status,
            updated_by: actorText(ctx.actor),
            updated_on: new Date(),
            version: eb("version", "+", 1),
          }))
          .where("id", "=", id)
          .returningAll()
          .executeTakeFirst();
        if (!row) throw errors.notFound("tenant");
        await announce(tx, ctx, row);
        return { tenant: tenantView(row) };
      });
    },
  });
}

/** A new tenant with its event; whoever calls decides who its owner is. */
export async function addTenant(
  tx: Tx<TenancyDb>,
  ctx: Ctx,
  tenant: {
    id?: TenantId;
    name: string;
    timeZone: string;
    locale: string;
    currency: string;
    ownerUserRef: string;
  },
): Promise<Selectable<TenantRow>> {
  const id = tenant.id ?? asTenantId(newId());
  const row = await tx
    .insertInto("tenant")
    .values({
      id,
      tenant_id: id,
      name: tenant.name,
      time_zone: tenant.timeZone,
      locale: tenant.locale,
      currency: tenant.currency,
      created_by: actorText(ctx.actor),
      updated_by: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await emit(
    tx,
    ctx,
    TenantCreatedSchema,
    { tenantRef: toRef(id), name: row.name, timeZone: row.time_zone, ownerUserRef: tenant.ownerUserRef },
    { aggregate: id, tenantId: id },
  );
  return row;
}

/** Says how a tenant is now. */
export async function announce(tx: Tx<TenancyDb>, ctx: Ctx, row: Selectable<TenantRow>): Promise<void> {
  const tenantId = asTenantId(row.id as Id);
  await emit(
    tx,
    ctx,
    TenantUpdatedSchema,
    {
      tenantRef: toRef(tenantId),
      name: row.name,
      timeZone: row.time_zone,
      suspended: row.status === "suspended",
      localOnly: row.local_only,
    },
    { aggregate: row.id, tenantId },
  );
}

async function missingOrStale(tx: Tx<TenancyDb>, id: Id) {
  const row = await tx.selectFrom("tenant").select("version").where("id", "=", id).executeTakeFirst();
  return row
    ? errors.stale(undefined, undefined, { version: String(row.version) })
    : errors.notFound("tenant");
}

function refuse(problems: { field: string; description: string }[]): void {
  const [first] = problems;
  if (first) throw errors.invalid(first.description, problems);
}
