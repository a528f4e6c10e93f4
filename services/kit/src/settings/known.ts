import { z } from "zod";
import {
  FLAG_NAMES,
  FLAGS,
  type FlagName,
  SETTING_NAMES,
  SETTINGS,
  type Setting,
  type SettingName,
  type SettingValue,
} from "./registry.ts";
import { hasFeature, type Rollout, settingProblem } from "./rules.ts";

const SETTING = "setting.";
const FLAG = "flag.";

/** Key of a setting's value in the bucket every process watches: its JSON. One token after the kind, as rights name them. */
export const settingKey = (name: SettingName) => `${SETTING}${name.replaceAll(".", "-")}`;
/** Key of who has a feature: a {@link Rollout} as JSON. */
export const flagKey = (name: FlagName) => `${FLAG}${name}`;

const rollout = z.object({
  percent: z.number().min(0).max(100),
  on: z.array(z.string()),
  off: z.array(z.string()),
});

/** What the platform's settings are at this moment, as this process has heard; the defaults of what nobody has changed. */
export class KnownSettings {
  readonly #values = new Map<string, unknown>();
  readonly #rollouts = new Map<string, Rollout>();

  get<N extends SettingName>(name: N): SettingValue<N> {
    return (this.#values.get(name) ?? SETTINGS[name].default) as SettingValue<N>;
  }

  has(flag: FlagName, tenantRef: string): boolean {
    const { default: percent } = FLAGS[flag];
    return hasFeature(flag, tenantRef, this.#rollouts.get(flag) ?? { percent, on: [], off: [] });
  }

  /** Takes an entry of the bucket. What isn't declared or can't be read leaves the default in force. */
  apply(key: string, value: string | undefined): void {
    const setting = SETTING_NAMES.find((name) => settingKey(name) === key);
    if (setting) {
      const read = parsed(value);
      const declared: Setting = SETTINGS[setting];
      if (settingProblem(declared, read) === undefined) this.#values.set(setting, read);
      else this.#values.delete(setting);
    }
    const flag = FLAG_NAMES.find((name) => flagKey(name) === key);
    if (flag) {
      const read = rollout.safeParse(parsed(value));
      if (read.success) this.#rollouts.set(flag, read.data);
      else this.#rollouts.delete(flag);
    }
  }
}

/** Thrown, it would end the watch for everybody. */
function parsed(value: string | undefined): unknown {
  try {
    return value === undefined ? undefined : JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** This process's. Heard of from the bucket, within the time a message takes. */
export const platformSettings = new KnownSettings();
