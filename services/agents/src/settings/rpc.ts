import {
  emit,
  errors,
  newId,
  type ServedService,
  service,
  type TenantCtx,
  type TenantId,
  type Tx,
  tenantCtx,
} from "@leadmetrics/kit";
import { ConfigsService, RolesService } from "@leadmetrics/proto/agents/v1/roles";
import { AuditRecordedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import type { AdapterName } from "../adapters/port.ts";
import type { AgentsDb, ConfigRow } from "../db.ts";
import { ROLES, roleNamed } from "../roles/index.ts";
import { makesOf } from "../roles/makes.ts";
import { wakeWaiting } from "../runs/store.ts";
import type { Signals } from "../signals.ts";
import { rolesWith } from "../skills/rpc.ts";
import { allSkills } from "../skills/store.ts";
import { checksOf } from "./checks.ts";
import { ANY_ROLE, readAdapter, readRole } from "./read.ts";
import { type SetupResult, setupOf } from "./setup.ts";
import { type SettingsDeps, sealKey, setupFor, stepFor } from "./store.ts";

/** Roles, skills, and which adapter each role of a tenant uses. */
export function settingsServices(deps: SettingsDeps, signals: Signals): ServedService[] {
  const { db, box, platform } = deps;
  const standard = setupOf(undefined, platform, false);
  const defaultAdapter = standard.ok ? standard.setup.adapter : "offline";

  return [
    service(RolesService, {
      async listRoles() {
        return {
          roles: ROLES.map((role) => ({
            name: role.name,
            title: role.title,
            group: role.group,
            lane: "batch",
            credits: role.credits,
            defaultAdapter,
            skills: [...role.skills],
            makes: makesOf(role),
          })),
        };
      },
      async listSkills() {
        const skills = await allSkills(db);
        return { skills: skills.map((skill) => ({ ...skill, roles: rolesWith(skill.name) })) };
      },
    }),

    service(ConfigsService, {
      async listConfigs(_request, hc) {
        const rows = await db.withTenant(
          tenantCtx(hc),
          (tx) => tx.selectFrom("agent_config").selectAll().orderBy("role").execute(),
          { readOnly: true },
        );
        return { configs: rows.map(configView) };
      },

      async setConfig(request, hc) {
        const ctx = tenantCtx(hc);
        const wanted = read(request.config);
        return db.withTenant(ctx, async (tx) => {
          const old = await tx
            .selectFrom("agent_config")
            .selectAll()
            .where("role", "=", wanted.role)
            .forUpdate()
            .executeTakeFirst();
          const place = { tenant_id: ctx.tenantId, role: wanted.role, adapter: wanted.adapter };
          // Another provider's key is of no use, and must not be sent to a new address.
          const keeps = old && old.adapter === wanted.adapter && old.base_url === wanted.base_url;
          const sealed_key = wanted.apiKey
            ? sealKey(box, place, wanted.apiKey)
            : keeps
              ? old.sealed_key
              : null;
          const values = {
            adapter: wanted.adapter,
            model: wanted.model,
            base_url: wanted.base_url,
            sealed_key,
          };
          const row = await tx
            .insertInto("agent_config")
            .values({ id: newId(), ...place, ...values, created_by: ctx.actor.id, updated_by: null })
            .onConflict((conflict) =>
              conflict.columns(["tenant_id", "role"]).doUpdateSet((eb) => ({
                ...values,
                updated_by: ctx.actor.id,
                updated_on: new Date(),
                version: eb("agent_config.version", "+", 1),
              })),
            )
            .returningAll()
            .executeTakeFirstOrThrow();
          await recordChange(tx, ctx, row);
          await wakeWaiting(tx, "awaiting_config");
          signals.wakeAfter(tx);
          return { config: configView(row) };
        });
      },

      async testAdapter(request, hc) {
        const { tenantId } = tenantCtx(hc);
        if (request.role !== ANY_ROLE && !roleNamed(request.role)) throw errors.notFound("role");
        return { checks: await checksOf(await setupToTest(deps, tenantId, request)) };
      },
    }),
  ];
}

/** The stored first setup of a role, or a fallback as it would be with the tenant's or the platform's credentials. */
function setupToTest(
  deps: SettingsDeps,
  tenantId: TenantId,
  { role, adapter, model }: { role: string; adapter: string; model: string },
): Promise<SetupResult> {
  if (adapter === "") return setupFor(deps, tenantId, role);
  return stepFor(deps, tenantId, role, { adapter: readAdapter(adapter, "adapter"), model: model.trim() });
}

interface Wanted {
  role: string;
  adapter: AdapterName;
  model: string;
  base_url: string;
  apiKey: string;
}

function read(
  config: { role: string; adapter: string; model: string; baseUrl: string; apiKey: string } | undefined,
): Wanted {
  if (!config) throw errors.invalid("Say what to set.", [{ field: "config", description: "is missing" }]);
  const role = readRole(config.role, "config.role");
  const adapter = readAdapter(config.adapter, "config.adapter");
  const url = config.baseUrl === "" ? undefined : URL.parse(config.baseUrl);
  if (url === null || (url && !["http:", "https:"].includes(url.protocol))) {
    throw errors.invalid("The address of the provider can't be used.", [
      { field: "config.base_url", description: "an http or https URL, or empty for the provider's own" },
    ]);
  }
  return {
    role,
    adapter,
    model: config.model.trim(),
    base_url: url?.href ?? "",
    apiKey: config.apiKey,
  };
}

const configView = (row: ConfigRow) => ({
  role: row.role,
  adapter: row.adapter,
  model: row.model,
  baseUrl: row.base_url,
  hasApiKey: row.sealed_key !== null,
});

function recordChange(tx: Tx<AgentsDb>, ctx: TenantCtx, row: ConfigRow) {
  const model = row.model ? `, ${row.model}` : "";
  return emit(
    tx,
    ctx,
    AuditRecordedSchema,
    {
      action: "agents.config.set",
      entityKind: "agent_config",
      entityRef: row.role,
      summary: `${row.role === ANY_ROLE ? "All roles use" : `${row.role} uses`} ${row.adapter}${model}`,
    },
    { aggregate: `agent_config:${row.id}` },
  );
}
