import { Readable } from "node:stream";
import { type Client, ConnectError } from "@connectrpc/connect";
import {
  asCaller,
  type Ctx,
  errors,
  forTenantRef,
  fromConnectError,
  type RpcClients,
} from "@leadmetrics/kit";
import { ExportsService, type TenantExport } from "@leadmetrics/proto/tenancy/v1/exports";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { errorSchema } from "../edge/errors.ts";
import type { CtxOf } from "./route.ts";

/** Milliseconds one part of a download may take. */
const PART_TIMEOUT_MS = 60_000;

/** A tenant's export as a file: passed on as it comes, never held as a whole. */
export function installExportRoutes(app: FastifyInstance, rpc: RpcClients, ctxOf: CtxOf): void {
  const exports = rpc.client(ExportsService, "tenancy");
  app.get(
    "/tenants/:tenantRef/export/download",
    {
      schema: {
        summary: "Download a tenant's last export (application/zip)",
        operationId: ExportsService.method.downloadTenantExport.localName,
        params: z.object({ tenantRef: z.string().max(64) }),
        response: { "4xx": errorSchema, "5xx": errorSchema },
      },
    },
    async (request, reply) => {
      const { tenantRef } = request.params as { tenantRef: string };
      const ctx = forTenantRef(ctxOf(request), tenantRef);
      const { export: last } = await exports.getTenantExport({}, asCaller(ctx));
      if (!last) throw errors.notFound("export");
      // The first part before the answer begins: a refusal still is one.
      const bytes = bytesOf(exports, ctx, last);
      const first = await bytes.next();
      return reply
        .type("application/zip")
        .header("content-disposition", `attachment; filename="${tenantRef}.zip"`)
        .header("content-length", String(last.bytes))
        .header("repr-digest", `sha-256=:${Buffer.from(last.sha256, "hex").toString("base64")}:`)
        .header("cache-control", "no-store")
        .send(Readable.from(continued(first, bytes)));
    },
  );
}

/** The zip, asked for in parts. */
async function* bytesOf(
  exports: Client<typeof ExportsService>,
  ctx: Ctx,
  { ref, bytes }: TenantExport,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let offset = 0n; offset < bytes || bytes === 0n; ) {
    const before = offset;
    try {
      const part = exports.downloadTenantExport(
        { exportRef: ref, offset },
        { ...asCaller(ctx), timeoutMs: PART_TIMEOUT_MS },
      );
      for await (const { data } of part) {
        offset += BigInt(data.length);
        yield data;
      }
    } catch (error) {
      throw fromConnectError(ConnectError.from(error));
    }
    if (offset === before) throw errors.unavailable("The export ended too early. Download it again.");
  }
}

async function* continued(first: IteratorResult<Uint8Array, void>, rest: AsyncGenerator<Uint8Array>) {
  if (!first.done) yield first.value;
  yield* rest;
}
