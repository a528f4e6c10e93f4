import type { TenantId, TenantTx } from "@leadmetrics/kit";
import type { RagDb } from "../db.ts";
import type { Embeddings } from "./port.ts";

/** Which embedding a tenant's knowledge gets. */
export interface EmbeddingChoice {
  /** For tenants that are bound to nothing. */
  readonly usual: Embeddings;
  /** For tenants of which nothing may go to a model outside. */
  readonly local: Embeddings;
  forTenant(tx: TenantTx<RagDb>, tenantId: TenantId): Promise<Embeddings>;
}

export function embeddingChoice(usual: Embeddings, local: Embeddings): EmbeddingChoice {
  return {
    usual,
    local,
    async forTenant(tx, tenantId) {
      const policy = await tx
        .selectFrom("tenant_policy")
        .select("local_only")
        .where("tenant_id", "=", tenantId)
        .executeTakeFirst();
      return policy?.local_only ? local : usual;
    },
  };
}
