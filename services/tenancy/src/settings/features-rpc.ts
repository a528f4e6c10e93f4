import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  AppError,
  type Ctx,
  type Database,
  emit,
  errors,
  FLAG_NAMES,
  FLAGS,
  type FlagName,
  type Id,
  newId,
  onCommit,
  requestCtx,
  type ServedService,
  service,
  tenantCtx,
  toRef,
} from "@leadmetrics/kit";
import {
  FeatureShareChangedSchema,
  TenantFeatureChangedSchema,
} from "@leadmetrics/proto/tenancy/events/v1/events";
import {
  FeatureSchema,
  FeaturesService,
  TenantFeatureState as State,
} from "@leadmetrics/proto/tenancy/v1/settings";
import type { TenancyDb } from "../db.ts";
import { actorText, actorView } from "../views.ts";
import { tellSoon } from "./rpc.ts";
import type { SettingsTeller } from "./tell.ts";

const WORDS: Readonly<Partial<Record<State, string>>> = {
  [State.ON]: "on",
  [State.OFF]: "off",
  [State.BY_SHARE]: "as the share says",
};

/** Which tenants have a feature: a share of all, and those said by name. */
export function featuresService(db: Database<TenancyDb>, teller: SettingsTeller): ServedService {
  async function list(ctx: Ctx) {
    return db.withPlatform(ctx, "which tenants have a feature by name", async (tx) => {
      const shares = await tx.selectFrom("feature_share").selectAll().execute();
      const tenants = await tx
        .selectFrom("tenant_feature")
        .innerJoin("tenant", "tenant.id", "tenant_feature.tenant_id")
        .select(["tenant_feature.name", "tenant.id", "tenant.name as tenant_name", "enabled"])
        .orderBy("tenant.name")
        .execute();
      return FLAG_NAMES.map((name) => {
        const row = shares.find((each) => each.name === name);
        return create(FeatureSchema, {
          name,
          title: FLAGS[name].title,
          what: FLAGS[name].what,
          share: row?.share ?? FLAGS[name].default,
          defaultShare: FLAGS[name].default,
          version: row?.version ?? 0,
          changedBy: actorView(row?.updated_by ?? null),
          changedOn: row && timestampFromDate(row.updated_on),
          tenants: tenants
            .filter((each) => each.name === name)
            .map((each) => ({
              tenantRef: toRef(each.id as Id),
              tenantName: each.tenant_name,
              state: each.enabled ? State.ON : State.OFF,
            })),
        });
      });
    });
  }
  const one = async (ctx: Ctx, name: FlagName) => (await list(ctx)).find((each) => each.name === name);

  return service(FeaturesService, {
    listFeatures: async (_request, hc) => ({ features: await list(requestCtx(hc)) }),

    async setFeatureShare({ name, share, version }, hc) {
      const ctx = requestCtx(hc);
      const flag = named(name);
      await db.global(async (tx) => {
        const before = await tx
          .selectFrom("feature_share")
          .selectAll()
          .where("name", "=", flag)
          .forUpdate()
          .executeTakeFirst();
        const changed = { share, updated_by: actorText(ctx.actor), updated_on: new Date() };
        if ((before?.version ?? 0) !== version) throw stale(flag);
        const after = before
          ? await tx
              .updateTable("feature_share")
              .set({ ...changed, version: version + 1 })
              .where("name", "=", flag)
              .returning("share")
              .executeTakeFirst()
          : await tx
              .insertInto("feature_share")
              .values({ ...changed, name: flag })
              .onConflict((oc) => oc.column("name").doNothing())
              .returning("share")
              .executeTakeFirst();
        if (!after) throw stale(flag);
        await emit(
          tx,
          ctx,
          FeatureShareChangedSchema,
          { name, title: FLAGS[flag].title, before: before?.share ?? FLAGS[flag].default, after: share },
          { aggregate: `feature:${name}` },
        );
        onCommit(tx, () => tellSoon(ctx, teller));
      });
      return { feature: await one(ctx, flag) };
    },

    async setTenantFeature({ name, state }, hc) {
      const ctx = tenantCtx(hc);
      const flag = named(name);
      await db.withTenant(ctx, async (tx) => {
        const tenant = await tx
          .selectFrom("tenant")
          .select("id")
          .where("id", "=", ctx.tenantId)
          .executeTakeFirst();
        if (!tenant) throw errors.notFound("tenant");
        if (state === State.BY_SHARE)
          await tx.deleteFrom("tenant_feature").where("name", "=", flag).execute();
        else {
          const said = { enabled: state === State.ON, set_by: actorText(ctx.actor), set_on: new Date() };
          await tx
            .insertInto("tenant_feature")
            .values({ id: newId(), tenant_id: ctx.tenantId, name: flag, ...said })
            .onConflict((oc) => oc.columns(["tenant_id", "name"]).doUpdateSet(said))
            .execute();
        }
        await emit(
          tx,
          ctx,
          TenantFeatureChangedSchema,
          { name, title: FLAGS[flag].title, state: WORDS[state] ?? "" },
          { aggregate: `feature:${name}:${ctx.tenantId}` },
        );
        onCommit(tx, () => tellSoon(ctx, teller));
      });
      return { feature: await one(requestCtx(hc), flag) };
    },
  });
}

function named(name: string): FlagName {
  const known = FLAG_NAMES.find((each) => each === name);
  if (!known) throw errors.notFound("feature");
  return known;
}

function stale(name: FlagName): AppError {
  return new AppError(
    "stale",
    "feature_changed",
    `Somebody has changed the share of "${FLAGS[name].title}" meanwhile. Load it again.`,
  );
}
