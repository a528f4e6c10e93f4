import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  type Database,
  emit,
  errors,
  fromRef,
  type Id,
  newId,
  onCommit,
  type ServedService,
  service,
  type TenantCtx,
  type Tx,
  tenantCtx,
  toRef,
  userIdOf,
} from "@leadmetrics/kit";
import { ContractAcceptedSchema, ContractOfferedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { ContractSchema, ContractsService } from "@leadmetrics/proto/tenancy/v1/contracts";
import { sql } from "kysely";
import type { TenancyDb } from "../db.ts";
import { actorText } from "../views.ts";
import type { ContractGate } from "./gate.ts";
import { documentProblem, hashOf } from "./rules.ts";

/** Longest address and browser name that are kept of who accepted. */
const KEPT_CHARS = 400;

export function contractsService(db: Database<TenancyDb>, gate: ContractGate): ServedService {
  const tellSoon = (ctx: TenantCtx) =>
    void gate
      .tell(ctx.tenantId)
      .catch((error: unknown) => ctx.log.warn({ err: error }, "a contract goes out with its event only"));

  return service(ContractsService, {
    async getContract(_request, hc) {
      const row = await db.withTenant(tenantCtx(hc), (tx) => newest(tx), { readOnly: true });
      return row ? { contract: view(row), waiting: row.accepted_on === null } : {};
    },

    async getContractDocument(request, hc) {
      const id = fromRef(request.contractRef, "contract");
      const row = await db.withTenant(
        tenantCtx(hc),
        (tx) =>
          tx.selectFrom("contract").select(["title", "document"]).where("id", "=", id).executeTakeFirst(),
        { readOnly: true },
      );
      if (!row) throw errors.notFound("contract");
      return { title: row.title, document: Uint8Array.from(row.document) };
    },

    async listContracts(_request, hc) {
      const rows = await db.withTenant(tenantCtx(hc), (tx) => contracts(tx).execute(), { readOnly: true });
      return { contracts: rows.map(view) };
    },

    async acceptContract(request, hc) {
      const ctx = tenantCtx(hc);
      const userId = userIdOf(ctx);
      if (!userId) throw errors.forbidden();
      const id = fromRef(request.contractRef, "contract");
      return db.withTenant(ctx, async (tx) => {
        const row = await newest(tx);
        if (row?.id !== id) throw errors.notFound("contract that waits");
        if (row.document_hash !== request.documentHash)
          throw errors.conflict(
            "other_document",
            "This isn't the document that waits. Load it again and read it.",
          );
        await tx
          .insertInto("contract_acceptance")
          .values({
            id: newId(),
            tenant_id: ctx.tenantId,
            contract_id: id,
            document_hash: row.document_hash,
            user_id: userId,
            remote_ip: ctx.remoteIp?.slice(0, KEPT_CHARS) ?? "",
            user_agent: ctx.userAgent?.slice(0, KEPT_CHARS) ?? "",
          })
          .onConflict((oc) => oc.columns(["tenant_id", "contract_id"]).doNothing())
          .execute();
        const accepted = await newest(tx);
        if (!accepted) throw errors.notFound("contract");
        if (!row.accepted_on)
          await emit(
            tx,
            ctx,
            ContractAcceptedSchema,
            { contractRef: request.contractRef, title: row.title, documentHash: row.document_hash },
            { aggregate: id },
          );
        onCommit(tx, () => tellSoon(ctx));
        return { contract: view(accepted) };
      });
    },

    async offerContract(request, hc) {
      const ctx = tenantCtx(hc);
      const problem = documentProblem(request.document);
      if (problem)
        throw errors.invalid(`document: ${problem}.`, [{ field: "document", description: problem }]);
      return db.withTenant(ctx, async (tx) => {
        const tenant = await tx
          .selectFrom("tenant")
          .select("id")
          .where("id", "=", ctx.tenantId)
          .executeTakeFirst();
        if (!tenant) throw errors.notFound("tenant");
        const id = newId();
        await tx
          .insertInto("contract")
          .values({
            id,
            tenant_id: ctx.tenantId,
            title: request.title,
            document: Buffer.from(request.document),
            document_hash: hashOf(request.document),
            offered_by: actorText(ctx.actor),
          })
          .execute();
        await emit(
          tx,
          ctx,
          ContractOfferedSchema,
          { contractRef: toRef(id), title: request.title },
          { aggregate: id },
        );
        onCommit(tx, () => tellSoon(ctx));
        const row = await newest(tx);
        if (!row) throw errors.notFound("contract");
        return { contract: view(row) };
      });
    },
  });
}

/** The newest contract of the tenant with who accepted it; earlier ones count no more. */
function newest(tx: Tx<TenancyDb>) {
  return contracts(tx).limit(1).executeTakeFirst();
}

/** All contracts of the tenant, newest first, with who accepted them. */
function contracts(tx: Tx<TenancyDb>) {
  return tx
    .selectFrom("contract")
    .leftJoin("contract_acceptance as acceptance", "acceptance.contract_id", "contract.id")
    .leftJoin("tenant_member as member", "member.user_id", "acceptance.user_id")
    .select([
      "contract.id",
      "contract.title",
      "contract.document_hash",
      "contract.offered_on",
      "acceptance.user_id",
      "acceptance.accepted_on",
      "acceptance.remote_ip",
      "acceptance.user_agent",
      "member.name as user_name",
    ])
    .select(sql<number>`length(contract.document)`.as("bytes"))
    .orderBy("contract.id", "desc");
}

function view(row: NonNullable<Awaited<ReturnType<typeof newest>>>) {
  return create(ContractSchema, {
    ref: toRef(row.id as Id),
    title: row.title,
    documentHash: row.document_hash,
    bytes: row.bytes,
    offeredOn: timestampFromDate(row.offered_on),
    acceptance:
      row.accepted_on && row.user_id
        ? {
            userRef: toRef(row.user_id as Id),
            acceptedOn: timestampFromDate(row.accepted_on),
            remoteIp: row.remote_ip ?? "",
            userAgent: row.user_agent ?? "",
            userName: row.user_name ?? "",
          }
        : undefined,
  });
}
