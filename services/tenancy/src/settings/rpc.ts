import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  AppError,
  type Ctx,
  type Database,
  emit,
  errors,
  onCommit,
  requestCtx,
  SETTING_NAMES,
  SETTINGS,
  type ServedService,
  type Setting,
  type SettingName,
  service,
} from "@leadmetrics/kit";
import { SettingChangedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { PlatformSettingSchema, SettingsService, SettingType } from "@leadmetrics/proto/tenancy/v1/settings";
import type { Selectable } from "kysely";
import type { SettingRow, TenancyDb } from "../db.ts";
import { actorText, actorView } from "../views.ts";
import type { SettingsTeller } from "./tell.ts";
import { readValue } from "./values.ts";

type Row = Selectable<SettingRow>;

/** Each setting with who changed it last; a change is told to every process at once. */
export function settingsService(db: Database<TenancyDb>, teller: SettingsTeller): ServedService {
  /** @param value null for the default */
  async function change(
    ctx: Ctx,
    name: SettingName,
    value: boolean | number | string | null,
    version: number,
  ) {
    const row = await db.global(async (tx) => {
      const before = await tx
        .selectFrom("platform_setting")
        .selectAll()
        .where("name", "=", name)
        .forUpdate()
        .executeTakeFirst();
      const changed = {
        value: value === null ? null : JSON.stringify(value),
        updated_by: actorText(ctx.actor),
        updated_on: new Date(),
      };
      if ((before?.version ?? 0) !== version) throw stale(name, before);
      const after = before
        ? await tx
            .updateTable("platform_setting")
            .set({ ...changed, version: version + 1 })
            .where("name", "=", name)
            .returningAll()
            .executeTakeFirst()
        : await tx
            .insertInto("platform_setting")
            .values({ ...changed, name })
            // Two people who both saw the default: the second one is told.
            .onConflict((oc) => oc.column("name").doNothing())
            .returningAll()
            .executeTakeFirst();
      if (!after) throw stale(name, undefined);
      await emit(
        tx,
        ctx,
        SettingChangedSchema,
        { name, title: SETTINGS[name].title, before: textOf(name, before), after: textOf(name, after) },
        { aggregate: `setting:${name}` },
      );
      onCommit(tx, () => tellSoon(ctx, teller));
      return after;
    });
    return view(name, row);
  }

  return service(SettingsService, {
    async listSettings() {
      const rows = await db.global((tx) => tx.selectFrom("platform_setting").selectAll().execute());
      return {
        settings: SETTING_NAMES.map((name) =>
          view(
            name,
            rows.find((row) => row.name === name),
          ),
        ),
      };
    },

    async changeSetting({ name, value, version }, hc) {
      const known = named(name);
      const read = readValue(SETTINGS[known], value);
      if ("problem" in read)
        throw errors.invalid(`${SETTINGS[known].title}: ${read.problem}.`, [
          { field: "value", description: read.problem },
        ]);
      return { setting: await change(requestCtx(hc), known, read.value, version) };
    },

    async resetSetting({ name, version }, hc) {
      return { setting: await change(requestCtx(hc), named(name), null, version) };
    },
  });
}

/** Told again by the event, should this fail. */
export function tellSoon(ctx: Ctx, teller: SettingsTeller): void {
  void teller
    .tell()
    .catch((error: unknown) => ctx.log.warn({ err: error }, "settings go out with their event only"));
}

function named(name: string): SettingName {
  const known = SETTING_NAMES.find((each) => each === name);
  if (!known) throw errors.notFound("setting");
  return known;
}

function stale(name: SettingName, now: Row | undefined): AppError {
  return new AppError(
    "stale",
    "setting_changed",
    `Somebody has changed "${SETTINGS[name].title}" meanwhile. It is "${textOf(name, now)}" now.`,
    { metadata: { value: textOf(name, now), version: String(now?.version ?? 0) } },
  );
}

const textOf = (name: SettingName, row: Row | undefined): string =>
  String(row?.value ?? SETTINGS[name].default);

const TYPES = { switch: SettingType.SWITCH, number: SettingType.NUMBER, text: SettingType.TEXT };

function view(name: SettingName, row: Row | undefined) {
  const setting: Setting = SETTINGS[name];
  return create(PlatformSettingSchema, {
    name,
    title: setting.title,
    what: setting.what,
    type: TYPES[setting.type],
    value: textOf(name, row),
    defaultValue: String(setting.default),
    ...(setting.type === "number" ? { min: setting.min, max: setting.max, unit: setting.unit } : {}),
    ...(setting.type === "text" ? { longest: setting.longest } : {}),
    version: row?.version ?? 0,
    changedBy: actorView(row?.updated_by ?? null),
    changedOn: row && timestampFromDate(row.updated_on),
  });
}
