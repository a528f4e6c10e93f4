import type { SkillUse } from "@leadmetrics/web";

/** What the last attempt was told. */
export function lastTold(uses: readonly SkillUse[]): SkillUse[] {
  const last = Math.max(0, ...uses.map(({ attempt }) => attempt));
  return uses.filter(({ attempt }) => attempt === last);
}
