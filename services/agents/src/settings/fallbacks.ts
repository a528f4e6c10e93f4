import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  type Ctx,
  emit,
  errors,
  requestCtx,
  type ServedService,
  service,
  type Tx,
  tenantCtx,
} from "@leadmetrics/kit";
import { FallbacksService, type FallbackStep as Step } from "@leadmetrics/proto/agents/v1/fallbacks";
import { AuditRecordedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { sql } from "kysely";
import type { AgentsDb, FallbackRow } from "../db.ts";
import { wakeWaiting } from "../runs/store.ts";
import type { Signals } from "../signals.ts";
import { checksOf } from "./checks.ts";
import { ANY_ROLE, readAdapter, readRole } from "./read.ts";
import { type FallbackStep, setupName, stepOf } from "./setup.ts";
import { type SettingsDeps, stepFor } from "./store.ts";

/** What roles go on with when their first model does not answer. */
export function fallbacksService(deps: SettingsDeps, signals: Signals): ServedService {
  const { db } = deps;
  return service(FallbacksService, {
    async listFallbacks(_request, hc) {
      const rows = await db.withTenant(
        tenantCtx(hc),
        (tx) => tx.selectFrom("fallback").selectAll().orderBy("role").execute(),
        { readOnly: true },
      );
      return { fallbacks: rows.map(view) };
    },

    async setFallback(request, hc) {
      const ctx = tenantCtx(hc);
      const role = readRole(request.role, "role");
      const steps = readSteps(request.steps);
      for (const [index, step] of steps.entries()) {
        const found = await stepFor(deps, ctx.tenantId, role, step);
        if (!found.ok) {
          throw errors.invalid(found.problem, [
            { field: `steps[${index}].adapter`, description: "a local adapter" },
          ]);
        }
      }
      const change = { by: ctx.actor.id, version: request.version };
      return db.withTenant(ctx, async (tx) => {
        if (request.followDefault) await forget(tx, role, request.version);
        const row = request.followDefault
          ? undefined
          : await write(tx, { role, steps, ...change }, ctx.tenantId);
        await wakeWaiting(tx, "awaiting_config");
        signals.wakeAfter(tx);
        await record(tx, ctx, role, row ? steps : undefined);
        return { fallback: row ? view(row) : { role } };
      });
    },

    async listDefaultFallbacks() {
      return { fallbacks: (await db.global(defaults)).map(view) };
    },

    async setDefaultFallback(request, hc) {
      const ctx = requestCtx(hc);
      const role = readRole(request.role, "role");
      const steps = readSteps(request.steps);
      return db.global(async (tx) => {
        const row = await write(tx, { role, steps, by: ctx.actor.id, version: request.version });
        await record(tx, ctx, role, steps);
        signals.wakeAfter(tx);
        return { fallback: view(row) };
      });
    },

    async testDefaultFallback({ step }) {
      const [wanted] = readSteps(step ? [step] : []);
      if (!wanted) throw errors.invalid("Say what to test.", [{ field: "step", description: "is missing" }]);
      return { checks: await checksOf(stepOf(undefined, wanted, deps.platform, false)) };
    },
  });
}

const defaults = (tx: Tx<AgentsDb>) =>
  tx.selectFrom("fallback_default").selectAll().orderBy("role").execute();

const readSteps = (steps: readonly Step[]): FallbackStep[] =>
  steps.map(({ adapter, model }, index) => ({
    adapter: readAdapter(adapter, `steps[${index}].adapter`),
    model: model.trim(),
  }));

interface Change {
  readonly role: string;
  readonly steps: readonly FallbackStep[];
  readonly by: string;
  readonly version: number;
}

/** Writes a tenant's steps, or everybody's. @throws AppError stale when they are no longer what the caller saw */
async function write(tx: Tx<AgentsDb>, change: Change, tenantId?: string): Promise<FallbackRow> {
  const { role, by, version } = change;
  const steps = JSON.stringify(change.steps);
  const table = tenantId ? sql.table("fallback") : sql.table("fallback_default");
  const { rows } =
    version > 0
      ? await sql<FallbackRow>`
          update ${table} set steps = ${steps}::jsonb, set_by = ${by}, set_on = now(), version = version + 1
          where role = ${role} and version = ${version} returning *`.execute(tx)
      : await sql<FallbackRow>`
          insert into ${table} (${tenantId ? sql`tenant_id,` : sql``} role, steps, set_by)
          values (${tenantId ? sql`${tenantId},` : sql``} ${role}, ${steps}::jsonb, ${by})
          on conflict do nothing returning *`.execute(tx);
  const [row] = rows;
  if (!row) throw errors.stale();
  return row;
}

async function forget(tx: Tx<AgentsDb>, role: string, version: number): Promise<void> {
  const gone = await tx
    .deleteFrom("fallback")
    .where((eb) => eb.and({ role, version }))
    .returning("role")
    .executeTakeFirst();
  if (!gone) throw errors.stale();
}

const view = (row: FallbackRow) => ({
  role: row.role,
  steps: row.steps.map(({ adapter, model }) => ({ adapter, model })),
  setBy: row.set_by,
  setOn: timestampFromDate(row.set_on),
  version: row.version,
});

function record(tx: Tx<AgentsDb>, ctx: Ctx, role: string, steps: readonly FallbackStep[] | undefined) {
  const named = steps?.map((step) => setupName({ ...step, model: step.model || "its default model" }));
  const what = named === undefined ? "what the platform has" : named.join(", then ") || "nothing";
  return emit(
    tx,
    ctx,
    AuditRecordedSchema,
    {
      action: "agents.fallback.set",
      entityKind: "fallback",
      entityRef: role,
      summary: `${role === ANY_ROLE ? "All roles go" : `${role} goes`} on with ${what} when the first model does not answer`,
    },
    { aggregate: `fallback:${role}` },
  );
}
