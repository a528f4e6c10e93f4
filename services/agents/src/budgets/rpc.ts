import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  type Ctx,
  type Database,
  emit,
  errors,
  onCommit,
  requestCtx,
  type ServedService,
  service,
  type TenantCtx,
  type TenantTx,
  type Tx,
  tenantCtx,
} from "@leadmetrics/kit";
import { type Budget, BudgetSchema, BudgetsService } from "@leadmetrics/proto/agents/v1/budgets";
import { AuditRecordedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { sql } from "kysely";
import type { AgentsDb, UseRow } from "../db.ts";
import { ROLES } from "../roles/index.ts";
import type { Signals } from "../signals.ts";
import { type AuthoredCap, allCaps, capOf } from "./caps.ts";
import { type Place, takeEffect, writeBudget, writeDefault } from "./change.ts";
import { limitsText, mustBeNarrower, readLimits, readOwnLimits, readPlace } from "./read.ts";
import { type Amounts, capName, limitsOf, NOTHING } from "./rules.ts";
import { standingRows } from "./standings.ts";
import { useOf } from "./store.ts";
import { amountsView, fillView, limitsView, SCOPE_NUMBERS } from "./view.ts";

/** Places there are caps for, in the order in which they are shown. */
const PLACES: readonly Place[] = [
  { scope: "tenant", role: "" },
  ...ROLES.map((role): Place => ({ scope: "role", role: role.name })),
  { scope: "activity", role: "" },
];

/** What agents may use: those who run the platform say it, clients may say less. */
export function budgetsService(db: Database<AgentsDb>, signals: Signals): ServedService {
  return service(BudgetsService, {
    async getBudgets(_request, hc) {
      return db.withTenant(
        tenantCtx(hc),
        async (tx) => {
          const { month, budgets } = await overview(tx);
          return { month, budgets };
        },
        { readOnly: true },
      );
    },

    async setBudget(request, hc) {
      const ctx = tenantCtx(hc);
      const place = readPlace(request);
      const limits = request.limits && readLimits(request.limits);
      const by = { by: ctx.actor.id, version: request.version };
      return db.withTenant(ctx, async (tx) => {
        await writeBudget(tx, { ...place, tenantId: ctx.tenantId, author: "platform" }, limits, by);
        return { budget: await changed(tx, ctx, place, "platform", limits) };
      });
    },

    async setOwnBudget(request, hc) {
      const ctx = tenantCtx(hc);
      const place: Place = { scope: "tenant", role: "" };
      const limits = readOwnLimits(request.limits);
      const isNone = limitsText(limits) === limitsText(NOTHING);
      return db.withTenant(ctx, async (tx) => {
        mustBeNarrower(limits, limitsOf((await allCaps(tx)).map(capOf), "tenant", "").platform);
        const own = { ...place, tenantId: ctx.tenantId, author: "tenant" } as const;
        await writeBudget(tx, own, isNone ? undefined : limits, { by: ctx.actor.id });
        return { budget: await changed(tx, ctx, place, "tenant", isNone ? undefined : limits) };
      });
    },

    async listDefaultBudgets() {
      const caps = await db.global(allCaps);
      return { budgets: PLACES.map((place) => budgetView(place, caps, undefined, "default")) };
    },

    async setDefaultBudget(request, hc) {
      const ctx = requestCtx(hc);
      const place = readPlace(request);
      const limits = readLimits(request.limits);
      const row = await db.global(async (tx) => {
        const by = { by: ctx.actor.id, version: request.version };
        const written = await writeDefault(tx, place, limits, by);
        await record(tx, ctx, place, "default", limits);
        return written;
      });
      await db.withSystem("a default cap has changed", async (tx) => {
        await takeEffect(tx, place);
        onCommit(tx, signals.wake);
      });
      return { budget: budgetView(place, [{ ...row, author: "default" }], undefined, "default") };
    },

    async listBudgetStandings(_request, hc) {
      const fills = await db.withPlatform(requestCtx(hc), "which tenants are near a cap", standingRows);
      return { standings: fills.map((row) => fillView(row.fill, row.tenantId, row)) };
    },
  });

  /** What a changed cap of a tenant brings with it, in the transaction of the change. */
  async function changed(
    tx: TenantTx<AgentsDb>,
    ctx: TenantCtx,
    place: Place,
    author: "platform" | "tenant",
    limits: Amounts | undefined,
  ): Promise<Budget> {
    await takeEffect(tx, place);
    // A run that is being refused in this moment is looked at again.
    await tx
      .insertInto("tenant_terms")
      .values({ tenant_id: ctx.tenantId, credited_on: sql<Date>`clock_timestamp()` })
      .onConflict((conflict) =>
        conflict.column("tenant_id").doUpdateSet({ credited_on: sql<Date>`clock_timestamp()` }),
      )
      .execute();
    signals.wakeAfter(tx);
    await record(tx, ctx, place, author, limits);
    const { budgets } = await overview(tx);
    const found = budgets.find(
      (budget) => budget.scope === SCOPE_NUMBERS[place.scope] && budget.role === place.role,
    );
    if (!found) throw errors.notFound("cap");
    return found;
  }
}

async function overview(tx: TenantTx<AgentsDb>): Promise<{ month: string; budgets: Budget[] }> {
  const caps = await allCaps(tx);
  const uses = await tx.selectFrom("budget_use").selectAll().where("scope", "<>", "activity").execute();
  const { rows } = await sql<{ month: string }>`
    select budget_month((kit.tenant_ids())[1]) as month`.execute(tx);
  const month = rows[0]?.month ?? "";
  const budgets = PLACES.map((place) => {
    const use = uses.find((row) => row.scope === place.scope && row.key === place.role);
    return budgetView(place, caps, use && (use.month === month ? use : begun(use)), "platform");
  });
  return { month, budgets };
}

/** A month in which nothing was used yet; what is taken aside counts in it. */
const begun = (use: UseRow): UseRow => ({ ...use, used_micro_usd: 0, used_tokens: 0, used_runs: 0 });

/** @param versionOf whose row a caller would change: the tenant's, of which there may be none, or the default */
function budgetView(
  { scope, role }: Place,
  rows: readonly AuthoredCap[],
  use: UseRow | undefined,
  versionOf: "platform" | "default",
): Budget {
  const caps = rows.filter((row) => row.scope === scope && row.role === role);
  const limits = limitsOf(caps.map(capOf), scope, role);
  const set = caps.find((row) => row.author === "platform") ?? caps.find((row) => row.author === "default");
  const counted = use && useOf(use);
  return create(BudgetSchema, {
    scope: SCOPE_NUMBERS[scope],
    role,
    limits: limitsView(limits.inForce),
    platformLimits: limitsView(limits.platform),
    ownLimits: limitsView(limits.own),
    followsDefault: limits.followsDefault,
    used: amountsView(counted?.used ?? NOTHING),
    reserved: amountsView(counted?.reserved ?? NOTHING),
    setBy: set?.set_by ?? "",
    setOn: set && timestampFromDate(set.set_on),
    version: caps.find((row) => row.author === versionOf)?.version ?? 0,
  });
}

function record(
  tx: Tx<AgentsDb>,
  ctx: Ctx,
  place: Place,
  author: "default" | "platform" | "tenant",
  limits: Amounts | undefined,
) {
  const whose = { default: "for every tenant", platform: "for this tenant", tenant: "by the tenant itself" };
  const name = capName({ scope: place.scope, metric: "runs" }, place.role).replace(/ on runs$/, "");
  return emit(
    tx,
    ctx,
    AuditRecordedSchema,
    {
      action: `agents.budget.${author === "default" ? "default_set" : author === "tenant" ? "own_set" : "set"}`,
      entityKind: "budget",
      entityRef: [place.scope, place.role].filter(Boolean).join(":"),
      summary: `${name[0]?.toUpperCase()}${name.slice(1)} ${whose[author]}: ${limits ? limitsText(limits) : "as the platform has it"}`,
    },
    { aggregate: "budget" },
  );
}
