import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  type Database,
  emit,
  errors,
  type Id,
  keyset,
  pageOf,
  pageResult,
  type ServedService,
  service,
  type TenantCtx,
  type Tx,
  tenantCtx,
  toRef,
} from "@leadmetrics/kit";
import {
  TenantDeletionCancelledSchema,
  TenantDeletionRequestedSchema,
} from "@leadmetrics/proto/tenancy/events/v1/events";
import {
  DeletionsService,
  TenantDeletionSchema,
  TenantDeletionStatus,
  TenantDeletionStepStatus,
} from "@leadmetrics/proto/tenancy/v1/deletions";
import { RecordsRule } from "@leadmetrics/proto/tenancy/v1/records";
import type { DeletionStatus, TenancyDb } from "../db.ts";
import { announce } from "../tenants/rpc.ts";
import { actorText, actorView } from "../views.ts";
import { isSameName, mayBecome, type Step } from "./rules.ts";
import {
  changeDeletion,
  type Deletion,
  insertDeletion,
  lastDeletion,
  liveDeletion,
  stepsOf,
} from "./store.ts";

const STATUSES: Record<DeletionStatus, TenantDeletionStatus> = {
  requested: TenantDeletionStatus.REQUESTED,
  grace: TenantDeletionStatus.GRACE,
  erasing: TenantDeletionStatus.ERASING,
  verifying: TenantDeletionStatus.VERIFYING,
  finished: TenantDeletionStatus.FINISHED,
  cancelled: TenantDeletionStatus.CANCELLED,
};
const STEP_STATUSES: Record<Step["status"], TenantDeletionStepStatus> = {
  waiting: TenantDeletionStepStatus.WAITING,
  erased: TenantDeletionStepStatus.ERASED,
  verified: TenantDeletionStepStatus.VERIFIED,
};
const RULES = { erase: RecordsRule.ERASE, forget: RecordsRule.FORGET, keep: RecordsRule.KEEP } as const;

/** @param graceMs between the request and the erasing */
export function deletionsService(db: Database<TenancyDb>, graceMs: number): ServedService {
  return service(DeletionsService, {
    async requestTenantDeletion(request, hc) {
      const ctx = tenantCtx(hc);
      return db.withSystem("a tenant's deletion is requested", async (tx) => {
        const tenant = await tx
          .selectFrom("tenant")
          .selectAll()
          .where("id", "=", ctx.tenantId)
          .forUpdate()
          .executeTakeFirst();
        if (!tenant) throw errors.notFound("tenant");
        if (!isSameName(request.tenantName, tenant.name))
          throw errors.conflict(
            "another_name",
            "This is not the name of the tenant: read again which one is meant, and type its name as it is shown.",
          );
        const live = await liveDeletion(tx, tenant.id);
        if (live) return { deletion: view(live, await stepsOf(tx, live.id)) };
        const deletion = await insertDeletion(tx, {
          tenantId: ctx.tenantId,
          name: tenant.name,
          reason: request.reason,
          requestedBy: actorText(ctx.actor),
          eraseAfter: new Date(Date.now() + graceMs),
          previousStatus: tenant.status,
        });
        await setStatus(tx, ctx, "suspended");
        await emit(
          tx,
          ctx,
          TenantDeletionRequestedSchema,
          {
            deletionRef: toRef(deletion.id as Id),
            reason: deletion.reason,
            eraseAfter: timestampFromDate(deletion.erase_after),
          },
          { aggregate: tenant.id, tenantId: ctx.tenantId },
        );
        return { deletion: view(deletion, []) };
      });
    },

    async cancelTenantDeletion(request, hc) {
      const ctx = tenantCtx(hc);
      return db.withSystem("a tenant's deletion is cancelled", async (tx) => {
        const live = await liveDeletion(tx, ctx.tenantId);
        if (!live) throw errors.conflict("no_deletion", "This tenant isn't being deleted.");
        if (!mayBecome(live.status, "cancelled")) throw tooLate(live.status);
        const cancelled = await changeDeletion(tx, live, { status: "cancelled", ended_on: new Date() });
        if (!cancelled) throw errors.stale();
        await setStatus(tx, ctx, live.previous_status);
        await emit(
          tx,
          ctx,
          TenantDeletionCancelledSchema,
          { deletionRef: toRef(live.id as Id), reason: request.reason },
          { aggregate: ctx.tenantId, tenantId: ctx.tenantId },
        );
        return { deletion: view(cancelled, await stepsOf(tx, live.id)) };
      });
    },

    async getTenantDeletion(_request, hc) {
      const ctx = tenantCtx(hc);
      return db.global(async (tx) => {
        const last = await lastDeletion(tx, ctx.tenantId);
        if (!last) return {};
        return { deletion: view(last, await stepsOf(tx, last.id)) };
      });
    },

    async listTenantDeletions(request) {
      const page = pageOf(request.page);
      const rows = await db.global((tx) =>
        keyset(tx.selectFrom("tenant_deletion").selectAll(), page).execute(),
      );
      const result = pageResult(rows, page);
      return { deletions: result.rows.map((row) => view(row, [])), page: result.page };
    },
  });
}

function tooLate(status: DeletionStatus) {
  return errors.conflict(
    "erasing_began",
    "The grace period is over and erasing has begun: the tenant can't be brought back any more.",
    { status },
  );
}

async function setStatus(tx: Tx<TenancyDb>, ctx: TenantCtx, status: "active" | "suspended"): Promise<void> {
  const row = await tx
    .updateTable("tenant")
    .set((eb) => ({
      status,
      updated_by: actorText(ctx.actor),
      updated_on: new Date(),
      version: eb("version", "+", 1),
    }))
    .where("id", "=", ctx.tenantId)
    .returningAll()
    .executeTakeFirstOrThrow();
  await announce(tx, ctx, row);
}

function view(row: Deletion, steps: readonly Step[]) {
  return create(TenantDeletionSchema, {
    ref: toRef(row.id as Id),
    tenantRef: toRef(row.about_tenant as Id),
    tenantName: row.name,
    status: STATUSES[row.status],
    reason: row.reason,
    requestedBy: actorView(row.requested_by),
    requestedOn: timestampFromDate(row.requested_on),
    eraseAfter: timestampFromDate(row.erase_after),
    endedOn: row.ended_on ? timestampFromDate(row.ended_on) : undefined,
    steps: steps.map(({ holder, status, stores }) => ({
      holder,
      status: STEP_STATUSES[status],
      stores: stores.map(({ name, rule, reason, before, erased, after }) => ({
        name,
        rule: RULES[rule],
        reason,
        before: BigInt(before),
        erased: BigInt(erased),
        after: BigInt(after),
      })),
    })),
    problem: row.problem,
    reportHash: row.report_hash,
    reportJson: row.report,
    version: row.version,
  });
}
