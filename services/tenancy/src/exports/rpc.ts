import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  type Database,
  emit,
  errors,
  fromRef,
  type Id,
  type ServedService,
  service,
  tenantCtx,
  toRef,
} from "@leadmetrics/kit";
import { AuditRecordedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import {
  ExportsService,
  TenantExportSchema,
  TenantExportStatus,
} from "@leadmetrics/proto/tenancy/v1/exports";
import type { TenancyDb } from "../db.ts";
import { isErased } from "../deletion/store.ts";
import { DOWNLOAD_PIECES, EXPORT_PIECE_BYTES } from "../tunables.ts";
import { actorText, actorView } from "../views.ts";
import { type Export, lastExport, startExport } from "./store.ts";

const STATUSES: Record<Export["status"], TenantExportStatus> = {
  working: TenantExportStatus.WORKING,
  ready: TenantExportStatus.READY,
  failed: TenantExportStatus.FAILED,
  expired: TenantExportStatus.EXPIRED,
};

export function exportsService(db: Database<TenancyDb>): ServedService {
  return service(ExportsService, {
    async startTenantExport(_request, hc) {
      const ctx = tenantCtx(hc);
      if (await db.global((tx) => isErased(tx, ctx.tenantId)))
        throw errors.conflict(
          "being_erased",
          "This tenant is being erased: there is no whole of it any more.",
        );
      return {
        export: view(await db.withTenant(ctx, (tx) => startExport(tx, ctx, actorText(ctx.actor)))),
      };
    },

    async getTenantExport(_request, hc) {
      const ctx = tenantCtx(hc);
      const last = await db.withTenant(ctx, lastExport, { readOnly: true });
      if (!last) throw errors.notFound("export");
      return { export: view(last) };
    },

    async *downloadTenantExport(request, hc) {
      const ctx = tenantCtx(hc);
      const id = fromRef(request.exportRef, "export");
      const offset = Number(request.offset);
      const row = await db.withTenant(ctx, (tx) =>
        tx.selectFrom("tenant_export").selectAll().where("id", "=", id).executeTakeFirst(),
      );
      if (!row) throw errors.notFound("export");
      if (row.status !== "ready")
        throw errors.conflict(
          "export_not_ready",
          row.status === "working"
            ? "The export is still being made. Try again in a moment."
            : "The bytes of this export are gone. Start a new one.",
          { status: row.status },
        );
      if (offset > row.bytes)
        throw errors.invalid("offset: lies behind the end.", [
          { field: "offset", description: `at most ${row.bytes}` },
        ]);
      // Whoever takes everything a company has leaves a trace of it.
      if (offset === 0)
        await db.withTenant(ctx, (tx) =>
          emit(
            tx,
            ctx,
            AuditRecordedSchema,
            {
              action: "tenancy.export.downloaded",
              entityKind: "export",
              entityRef: request.exportRef,
              summary: "An export of everything was downloaded",
            },
            { aggregate: row.id },
          ),
        );
      const first = Math.floor(offset / EXPORT_PIECE_BYTES);
      for (let ordinal = first; ordinal < first + DOWNLOAD_PIECES; ordinal++) {
        const piece = await db.withTenant(
          ctx,
          (tx) =>
            tx
              .selectFrom("tenant_export_piece")
              .select("bytes")
              .where("export_id", "=", id)
              .where("ordinal", "=", ordinal)
              .executeTakeFirst(),
          { readOnly: true },
        );
        if (!piece) return;
        const data = ordinal === first ? piece.bytes.subarray(offset % EXPORT_PIECE_BYTES) : piece.bytes;
        yield { data: Uint8Array.from(data) };
      }
    },
  });
}

function view(row: Export) {
  return create(TenantExportSchema, {
    ref: toRef(row.id as Id),
    tenantRef: toRef(row.tenant_id as Id),
    status: STATUSES[row.status],
    requestedBy: actorView(row.requested_by),
    requestedOn: timestampFromDate(row.requested_on),
    finishedOn: row.finished_on ? timestampFromDate(row.finished_on) : undefined,
    expiresOn: row.expires_on ? timestampFromDate(row.expires_on) : undefined,
    bytes: BigInt(row.bytes),
    records: BigInt(row.records),
    files: row.files,
    sha256: row.sha256,
    problem: row.problem,
  });
}
