import {
  type ConsumerDefinition,
  consumer,
  type Database,
  FLAG_NAMES,
  FLAGS,
  flagKey,
  type Id,
  type Nats,
  ok,
  onExternal,
  RIGHTS_BUCKET,
  SETTING_NAMES,
  SETTINGS,
  settingKey,
  toRef,
} from "@leadmetrics/kit";
import {
  FeatureShareChangedSchema,
  SettingChangedSchema,
  TenantFeatureChangedSchema,
} from "@leadmetrics/proto/tenancy/events/v1/events";
import type { TenancyDb } from "../db.ts";

/** Tells every process what is set, through the bucket they watch. */
export class SettingsTeller {
  readonly #db: Database<TenancyDb>;
  readonly #nats: Nats;

  constructor(db: Database<TenancyDb>, nats: Nats) {
    this.#db = db;
    this.#nats = nats;
  }

  /** Writes everything as it is now, where the bucket says otherwise. Safe to repeat. */
  async tell(): Promise<void> {
    const now = await this.#db.withSystem("the platform's settings", async (tx) => ({
      settings: await tx.selectFrom("platform_setting").select(["name", "value"]).execute(),
      shares: await tx.selectFrom("feature_share").select(["name", "share"]).execute(),
      tenants: await tx.selectFrom("tenant_feature").select(["tenant_id", "name", "enabled"]).execute(),
    }));
    const kv = await this.#nats.kv(RIGHTS_BUCKET);
    const put = async (key: string, value: unknown) => {
      const text = JSON.stringify(value);
      const there = await kv.get(key);
      if (there?.operation !== "PUT" || there.string() !== text) await kv.put(key, text);
    };
    for (const name of SETTING_NAMES) {
      const row = now.settings.find((each) => each.name === name);
      await put(settingKey(name), row?.value ?? SETTINGS[name].default);
    }
    for (const name of FLAG_NAMES) {
      const said = (enabled: boolean) =>
        now.tenants
          .filter((row) => row.name === name && row.enabled === enabled)
          .map((row) => toRef(row.tenant_id as Id))
          .sort();
      const percent = now.shares.find((row) => row.name === name)?.share ?? FLAGS[name].default;
      await put(flagKey(name), { percent, on: said(true), off: said(false) });
    }
  }
}

/** A change reaches everybody even when the process died after the commit. */
export function settingsConsumer(teller: SettingsTeller): ConsumerDefinition<TenancyDb> {
  return consumer<TenancyDb>({
    durable: "tenancy-settings",
    on: [SettingChangedSchema, FeatureShareChangedSchema, TenantFeatureChangedSchema].map((schema) =>
      onExternal<TenancyDb, typeof schema>(schema, async () => {
        await teller.tell();
        return ok();
      }),
    ),
  });
}
