import { asTenantId, type Id } from "@leadmetrics/kit";
import { RunFailure } from "../adapters/failure.ts";
import type { RunRow } from "../db.ts";
import { type Setup, type Setups, setupAt, setupName } from "../settings/setup.ts";
import { lineFor, type SettingsDeps } from "../settings/store.ts";

/** The settings in force now, which may be newer ones than at admission. @throws RunFailure when there are none */
export async function setupsOfRun(deps: SettingsDeps, run: RunRow): Promise<Setups> {
  const found = await lineFor(deps, asTenantId(run.tenant_id as Id), run.role);
  if (found.ok) return found.setups;
  throw new RunFailure({ class: "invalid", code: "no_setup", message: found.problem, config: true });
}

/** Why another model has the run: "Claude (Anthropic), claude-sonnet-5-5: The account has no credit left." */
export const reasonOf = (setup: Setup, problem: string): string => `${setupName(setup)}: ${problem}`;

/** What the run says when its next model takes over. */
export const fallbackNote = (setups: Setups, rank: number, problem: string): string =>
  `${reasonOf(setupAt(setups, rank), problem)} Going on with ${setupName(setupAt(setups, rank + 1))}.`;
