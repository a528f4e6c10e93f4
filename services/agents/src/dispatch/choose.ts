import type { AdapterHealth, Health } from "../settings/health.ts";
import { type Setup, type Setups, setupName } from "../settings/setup.ts";
import { TUNABLES } from "../tunables.ts";

/** The setup that has a run from here on. */
export interface Chosen {
  readonly kind: "setup";
  readonly setup: Setup;
  /** 0 is the role's first one. */
  readonly rank: number;
  /** Why it isn't the one that was to have it; empty when it is. */
  readonly why: string;
}

type Choice =
  | Chosen
  /** An endpoint is out of reach, not yet for so long that another one should answer. */
  | { readonly kind: "later"; readonly problem: string }
  /** Nobody can work until somebody has mended a setting. */
  | { readonly kind: "none"; readonly problem: string };

/** The first setup that can work, from the one on that has the run. */
export async function chooseSetup(
  health: Pick<AdapterHealth, "of">,
  setups: Setups,
  from: number,
): Promise<Choice> {
  const start = Math.min(from, setups.length - 1);
  const failed: { setup: Setup; health: Extract<Health, { ok: false }> }[] = [];
  for (const [rank, setup] of setups.entries()) {
    if (rank < start) continue;
    const found = await health.of(setup);
    if (found.ok) {
      const why = failed.map((one) => `${setupName(one.setup)}: ${one.health.problem}`).join(" ");
      return { kind: "setup", setup, rank, why };
    }
    if (found.transient && found.forMs < TUNABLES.patienceMs)
      return { kind: "later", problem: found.problem };
    failed.push({ setup, health: found });
  }
  const [first] = failed;
  const problem = first?.health.problem ?? "There is no model to ask.";
  return failed.some((one) => one.health.transient) ? { kind: "later", problem } : { kind: "none", problem };
}
