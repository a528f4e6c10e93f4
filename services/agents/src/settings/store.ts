import {
  type Database,
  redact,
  type SecretBox,
  systemCtx,
  type TenantId,
  type TenantTx,
  type Tx,
} from "@leadmetrics/kit";
import { sql } from "kysely";
import { capOf, capRows } from "../budgets/caps.ts";
import type { Author, Cap } from "../budgets/rules.ts";
import type { AgentsConfig } from "../config.ts";
import type { AgentsDb, CapRow, ConfigRow } from "../db.ts";
import { ANY_ROLE } from "./read.ts";
import {
  type Chosen,
  type FallbackStep,
  type LineResult,
  lineOf,
  type PlatformLlm,
  type SetupResult,
  stepOf,
} from "./setup.ts";

export interface SettingsDeps {
  readonly db: Database<AgentsDb>;
  readonly box: SecretBox;
  readonly platform: PlatformLlm;
}

/** The first setup of a tenant's role now. */
export async function setupFor(deps: SettingsDeps, tenantId: TenantId, role: string): Promise<SetupResult> {
  const line = await lineFor(deps, tenantId, role);
  return line.ok ? { ok: true, setup: line.setups[0] } : line;
}

/** A step of a tenant's role as it would be after the first setup. */
export async function stepFor(
  deps: SettingsDeps,
  tenantId: TenantId,
  role: string,
  step: FallbackStep,
): Promise<SetupResult> {
  const ctx = systemCtx("adapter setup", { tenantId });
  const { row, localOnly } = await deps.db.withTenant(
    ctx,
    async (tx) => {
      const [row, { localOnly }] = await Promise.all([chosenRow(tx, role), termsOf(tx, role)]);
      return { row, localOnly };
    },
    { readOnly: true },
  );
  return stepOf(row && chosenOf(deps.box, row), step, deps.platform, localOnly);
}

/** The setups of a tenant's role now, in the order in which they are tried. */
export async function lineFor(deps: SettingsDeps, tenantId: TenantId, role: string): Promise<LineResult> {
  const ctx = systemCtx("adapter setup", { tenantId });
  return deps.db.withTenant(ctx, async (tx) => (await standingOf(tx, deps, role)).line, { readOnly: true });
}

export interface RoleStanding {
  readonly line: LineResult;
  readonly caps: readonly Cap[];
}

/** What a role of the tenant in hand works with, and what it may use: two statements. */
export async function standingOf(
  tx: TenantTx<AgentsDb>,
  { box, platform }: Pick<SettingsDeps, "box" | "platform">,
  role: string,
): Promise<RoleStanding> {
  const [row, terms] = await Promise.all([chosenRow(tx, role), termsOf(tx, role)]);
  return {
    line: lineOf(row && chosenOf(box, row), terms.steps, platform, terms.localOnly),
    caps: terms.caps,
  };
}

interface TermsRow {
  local_only: boolean;
  steps: FallbackStep[];
  caps: (CapRow & { author: Author })[];
}

/** What tenancy and the platform's people said about a role of the tenant in hand, in one statement. */
async function termsOf(tx: TenantTx<AgentsDb>, role: string) {
  const { rows } = await sql<TermsRow>`
    select
      coalesce((select local_only from tenant_terms limit 1), false) as local_only,
      coalesce((
        select steps from (
          select steps, 1 as place, role from fallback where role in (${role}, ${ANY_ROLE})
          union all
          select steps, 2, role from fallback_default where role in (${role}, ${ANY_ROLE})
        ) said order by place, role = ${ANY_ROLE} limit 1), '[]') as steps,
      coalesce((select jsonb_agg(cap) from (${capRows(role)}) cap), '[]') as caps`.execute(tx);
  const [found] = rows;
  return {
    localOnly: found?.local_only ?? false,
    steps: found?.steps ?? [],
    caps: (found?.caps ?? []).map(capOf),
  };
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
