import { asService, type RpcClients, type TenantCtx } from "@leadmetrics/kit";
import { RetrieveService } from "@leadmetrics/proto/rag/v1/files";
import { ContextService } from "@leadmetrics/proto/tenancy/v1/context";
import { RunFailure } from "../adapters/failure.ts";
import type { RunRow } from "../db.ts";
import type { ClientContext, Knowledge, Material } from "../prompt/material.ts";
import type { Role } from "../roles/role.ts";
import { refOf } from "../runs/store.ts";

/** Longest question to the knowledge, in characters; the contract's own limit. */
const QUERY_MAX = 4_000;

export type MaterialSource = (ctx: TenantCtx, run: RunRow, role: Role) => Promise<Material>;

/** What a run's prompt is made of: the client context from tenancy and the nearest knowledge from rag, asked at once. */
export function materialFrom(rpc: RpcClients): MaterialSource {
  const contexts = rpc.client(ContextService, "tenancy");
  const retrieval = rpc.client(RetrieveService, "rag");

  const clientContext = async (ctx: TenantCtx): Promise<ClientContext> => {
    const { context } = await contexts.getContext({}, asService(ctx));
    const said = context?.context;
    return {
      version: context?.version ?? 0,
      companySummary: said?.companySummary ?? "",
      brandVoice: said?.brandVoice ?? "",
      audience: said?.audience ?? "",
      products: said?.products ?? [],
      competitors: said?.competitors ?? [],
      dos: said?.dos ?? [],
      donts: said?.donts ?? [],
      keywords: said?.keywords ?? [],
      website: said?.website ?? "",
    };
  };

  const knowledge = async (ctx: TenantCtx, run: RunRow, role: Role): Promise<Knowledge[]> => {
    const queries = [role.knowledge.query({ input: run.input })]
      .flat()
      .map((query) => query.trim().slice(0, QUERY_MAX))
      .filter(Boolean);
    const answers = await Promise.all(
      queries.map((query) => retrieval.retrieve({ query, limit: role.knowledge.limit }, asService(ctx))),
    );
    const chunks = new Map(answers.flatMap((answer) => answer.chunks.map((chunk) => [chunk.ref, chunk])));
    return [...chunks.values()].map((chunk, index) => ({
      number: index + 1,
      fileRef: chunk.fileRef,
      title: chunk.fileName,
      locator: chunk.locator,
      text: chunk.text,
      url: chunk.sourceUrl,
    }));
  };

  return async (ctx, run, role) => {
    try {
      const [context, chunks] = await Promise.all([clientContext(ctx), knowledge(ctx, run, role)]);
      return {
        runRef: refOf(run.id),
        tenantRef: refOf(run.tenant_id),
        wakeReason: run.wake_reason,
        context,
        knowledge: chunks,
        input: run.input,
      };
    } catch (error) {
      if (ctx.signal.aborted) throw error;
      throw new RunFailure({
        class: "retryable",
        code: "material_unavailable",
        message: "The client context or the knowledge could not be read.",
        cause: error,
      });
    }
  };
}
