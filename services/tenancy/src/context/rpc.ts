import { create } from "@bufbuild/protobuf";
import {
  type Database,
  errors,
  keyset,
  pageOf,
  pageResult,
  type ServedService,
  service,
  tenantCtx,
} from "@leadmetrics/kit";
import { ContextService, ContextVersionSchema } from "@leadmetrics/proto/tenancy/v1/context";
import type { TenancyDb } from "../db.ts";
import { settleForGood } from "../onboarding/store.ts";
import { contextView, findContext, storeContext } from "./store.ts";

export function contextService(db: Database<TenancyDb>): ServedService {
  return service(ContextService, {
    async getContext(request, hc) {
      const row = await db.withTenant(tenantCtx(hc), (tx) => findContext(tx, request.version), {
        readOnly: true,
      });
      if (!row && request.version > 0) throw errors.notFound("version of the client context");
      return { context: row ? contextView(row) : create(ContextVersionSchema, { version: 0, context: {} }) };
    },

    async updateContext(request, hc) {
      const ctx = tenantCtx(hc);
      const { context } = request;
      if (!context) throw errors.invalid("context: is missing.");
      return db.withTenant(ctx, async (tx) => {
        const row = await storeContext(tx, ctx, context, request.version);
        await settleForGood(tx, ctx, "context");
        return { context: contextView(row) };
      });
    },

    async listContextVersions(request, hc) {
      const page = pageOf(request.page);
      const rows = await db.withTenant(
        tenantCtx(hc),
        (tx) => keyset(tx.selectFrom("client_context_version").selectAll(), page, tx).execute(),
        { readOnly: true },
      );
      const result = pageResult(rows, page);
      return { versions: result.rows.map(contextView), page: result.page };
    },
  });
}
