import { type Database, redact, type SecretBox, systemCtx, type TenantId, type Tx } from "@leadmetrics/kit";
import type { AgentsConfig } from "../config.ts";
import type { AgentsDb, ConfigRow } from "../db.ts";
import { type Chosen, type PlatformLlm, type SetupResult, setupOf } from "./setup.ts";

/** A setting for all roles that have none of their own. */
export const ANY_ROLE = "*";

export interface SettingsDeps {
  readonly db: Database<AgentsDb>;
  readonly box: SecretBox;
  readonly platform: PlatformLlm;
}

/** The setup of a tenant's role now. */
export async function setupFor(deps: SettingsDeps, tenantId: TenantId, role: string): Promise<SetupResult> {
  const ctx = systemCtx("adapter setup", { tenantId });
  const { row, localOnly } = await deps.db.withTenant(
    ctx,
    async (tx) => ({ row: await chosenRow(tx, role), localOnly: await isLocalOnly(tx) }),
    { readOnly: true },
  );
  return setupOf(row && chosenOf(deps.box, row), deps.platform, localOnly);
}

/** The tenant's setting for a role: its own, else the one for all roles. */
async function chosenRow(tx: Tx<AgentsDb>, role: string): Promise<ConfigRow | undefined> {
  const rows = await tx
    .selectFrom("agent_config")
    .selectAll()
    .where("role", "in", [role, ANY_ROLE])
    .execute();
  return rows.find((row) => row.role === role) ?? rows[0];
}

export async function isLocalOnly(tx: Tx<AgentsDb>): Promise<boolean> {
  const terms = await tx.selectFrom("tenant_terms").select("local_only").executeTakeFirst();
  return terms?.local_only ?? false;
}

/** What binds a sealed key to its place: copied to another row it can't be opened. */
const placeOf = (tenantId: string, role: string, adapter: string): string =>
  `agent_config:${tenantId}:${role}:${adapter}`;

export function sealKey(
  box: SecretBox,
  row: Pick<ConfigRow, "tenant_id" | "role" | "adapter">,
  key: string,
): string {
  return box.seal(key, placeOf(row.tenant_id, row.role, row.adapter));
}

export function chosenOf(box: SecretBox, row: ConfigRow): Chosen {
  const apiKey = row.sealed_key
    ? redact(box.open(row.sealed_key, placeOf(row.tenant_id, row.role, row.adapter)))
    : undefined;
  return { adapter: row.adapter, model: row.model, baseUrl: row.base_url, apiKey };
}

/** What the environment gives to everybody. */
export function platformLlm(config: AgentsConfig): PlatformLlm {
  return {
    adapter: config.LLM_ADAPTER,
    model: config.LLM_MODEL,
    paceMs: config.OFFLINE_PACE_MS,
    providers: {
      claude: { apiKey: config.ANTHROPIC_API_KEY, baseUrl: config.ANTHROPIC_BASE_URL },
      openai: { apiKey: config.OPENAI_API_KEY, baseUrl: config.OPENAI_BASE_URL },
    },
  };
}
