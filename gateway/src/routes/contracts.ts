import { AppError, asCaller, forTenantRef, type RpcClients } from "@leadmetrics/kit";
import { ContractSchema, ContractsService } from "@leadmetrics/proto/tenancy/v1/contracts";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { errorSchema } from "../edge/errors.ts";
import { outputSchema } from "../wire/schema.ts";
import { toWire } from "../wire/to-wire.ts";
import type { CtxOf } from "./route.ts";

/** Less than a message between two services may have. */
const DOCUMENT_BYTES = 4_000_000;
const documentParams = z.object({
  contractRef: z.string().max(64),
  tenantRef: z.string().max(64).optional(),
});
const tenantParams = z.object({ tenantRef: z.string().max(64) });

/** The contract as a PDF, for the browser to show: a client's own, or under `/tenants/:tenantRef` a named company's. */
export function installContractDocument(
  app: FastifyInstance,
  rpc: RpcClients,
  ctxOf: CtxOf,
  under: "" | "/tenants/:tenantRef" = "",
): void {
  const contracts = rpc.client(ContractsService, "tenancy");
  app.get(
    `${under}/contract/:contractRef/document`,
    {
      schema: {
        summary: "The contract's PDF",
        operationId: "getContractDocument",
        params: under ? documentParams.required() : documentParams.omit({ tenantRef: true }),
        response: { "4xx": errorSchema },
      },
    },
    async (request, reply) => {
      const { contractRef, tenantRef } = request.params as z.output<typeof documentParams>;
      const ctx = tenantRef ? forTenantRef(ctxOf(request), tenantRef) : ctxOf(request);
      const { document } = await contracts.getContractDocument({ contractRef }, asCaller(ctx));
      return reply
        .header("content-type", "application/pdf")
        .header("content-disposition", 'inline; filename="contract.pdf"')
        .header("cache-control", "private, no-store")
        .send(Buffer.from(document));
    },
  );
}

/** Puts a PDF before a company: multipart/form-data with the file `document` and the field `title`. */
export function installContractOffer(app: FastifyInstance, rpc: RpcClients, ctxOf: CtxOf): void {
  const contracts = rpc.client(ContractsService, "tenancy");
  app.post(
    "/tenants/:tenantRef/contract",
    {
      schema: {
        summary:
          "Put a contract before a company: multipart/form-data, `title`, then a PDF up to 4 MB in `document`",
        operationId: "offerContract",
        params: tenantParams,
        consumes: ["multipart/form-data"],
        response: { 201: outputSchema(ContractSchema), "4xx": errorSchema },
      },
    },
    async (request, reply) => {
      const { tenantRef } = request.params as z.output<typeof tenantParams>;
      if (!request.isMultipart())
        throw new AppError(
          "invalid",
          "not_multipart",
          'Send the PDF as "multipart/form-data" in the field "document", with its title in "title".',
        );
      const part = await request.file({ limits: { fileSize: DOCUMENT_BYTES, files: 1 } });
      if (!part) throw new AppError("invalid", "no_files", 'There is no file in the field "document".');
      const document = await part.toBuffer();
      if (part.file.truncated)
        throw new AppError("invalid", "file_too_large", "The contract is larger than 4 MB.");
      const title = titleOf(part.fields.title) || part.filename.replace(/\.pdf$/i, "");
      const { contract } = await contracts.offerContract(
        { title, document: Uint8Array.from(document) },
        asCaller(forTenantRef(ctxOf(request), tenantRef)),
      );
      return reply.status(201).send(contract ? toWire(ContractSchema, contract) : {});
    },
  );
}

function titleOf(field: unknown): string {
  return typeof field === "object" && field !== null && "value" in field ? String(field.value).trim() : "";
}
