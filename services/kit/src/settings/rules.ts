import { createHash } from "node:crypto";
import type { Setting } from "./registry.ts";

/** Why a value can't be taken, in a sentence without its full stop; undefined when it can. */
export function settingProblem(setting: Setting, value: unknown): string | undefined {
  switch (setting.type) {
    case "switch":
      return typeof value === "boolean" ? undefined : "must be true or false";
    case "number":
      return typeof value === "number" &&
        Number.isInteger(value) &&
        value >= setting.min &&
        value <= setting.max
        ? undefined
        : `must be a whole number of ${setting.unit} from ${setting.min} to ${setting.max}`;
    case "text":
      return typeof value === "string" && [...value].length <= setting.longest && !/[\r\n]/.test(value)
        ? undefined
        : `must be one line of at most ${setting.longest} characters`;
  }
}

/** Who has a feature: some by name, of the others a share. */
export interface Rollout {
  /** 0 to 100. */
  readonly percent: number;
  /** Refs of tenants that have it, and of those that don't, whatever the share is. */
  readonly on: readonly string[];
  readonly off: readonly string[];
}

/** Buckets tenants fall into: hundredths of a percent, so that a share of 1 % is one of a hundred and not of few. */
const BUCKETS = 10_000;

/**
 * Whether a tenant has a feature. Its place among the others depends on both names alone: a larger share takes nobody's
 * feature away, and the first to get one feature aren't the first to get every other.
 */
export function hasFeature(flag: string, tenantRef: string, { percent, on, off }: Rollout): boolean {
  if (off.includes(tenantRef)) return false;
  if (on.includes(tenantRef)) return true;
  const hash = createHash("sha256").update(`${flag}/${tenantRef}`).digest().readUInt32BE(0);
  return hash % BUCKETS < (percent / 100) * BUCKETS;
}
