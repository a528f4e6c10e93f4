import { join } from "node:path";
import { ROOT } from "../place.ts";
import { failed, type Outcome, passed, programCheck } from "../stages.ts";
import { breakingContracts, lintContracts } from "./contracts.ts";
import { wrongArrows } from "./dependency-direction.ts";
import { checkTypes } from "./types.ts";

const program = (name: string) => join(ROOT, "node_modules/.bin", name);

/** The fast part of what must be green: types, lint, contracts, dependency direction, dead code. */
export async function runChecks(told: (outcome: Outcome) => void): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const add = (...more: Outcome[]) => {
    for (const outcome of more) told(outcome);
    outcomes.push(...more);
  };
  add(...(await checkTypes()));
  add(
    await programCheck("lint and format", program("biome"), [
      "check",
      "--diagnostic-level=warn",
      "--max-diagnostics=40",
      ".",
    ]),
  );
  add(await lintContracts());
  add(await breakingContracts());
  const wrong = wrongArrows();
  add(wrong.length === 0 ? passed("dependency direction") : failed("dependency direction", wrong.join("\n")));
  add(await programCheck("dead code", program("knip"), ["--no-progress"]));
  return outcomes;
}
