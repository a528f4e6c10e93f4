import type { TenantCtx } from "@leadmetrics/kit";
import { RunFailure } from "../adapters/failure.ts";
import type { Role } from "../roles/role.ts";
import type { Setups } from "../settings/setup.ts";
import { type SettingsDeps, standingOf } from "../settings/store.ts";
import { publishedSkills, type ToldSkill } from "../skills/store.ts";

export interface Equipment {
  /** The settings in force now, which may be newer ones than at admission. */
  readonly setups: Setups;
  readonly skills: readonly ToldSkill[];
}

/** The models a role has in the tenant of the context, and what it is told of its craft; in one look. @throws RunFailure when there is no model */
export async function equipmentOf(deps: SettingsDeps, ctx: TenantCtx, role: Role): Promise<Equipment> {
  const [{ line }, skills] = await deps.db.withTenant(
    ctx,
    (tx) => Promise.all([standingOf(tx, deps, role.name), publishedSkills(tx, role.skills)]),
    { readOnly: true },
  );
  if (line.ok) return { setups: line.setups, skills };
  throw new RunFailure({ class: "invalid", code: "no_setup", message: line.problem, config: true });
}
