import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../place.ts";
import { type Outcome, programCheck } from "../stages.ts";

const tsc = join(ROOT, "node_modules/.bin/tsc");

/** Everything but the portals is one program; each portal has the settings Next wants. */
const PROJECTS = [
  ["services, gateway and deploy", "tsconfig.json"],
  ...["ui", "web", "dashboard", "dm", "manage"].map(
    (name) => [`portals/${name}`, `portals/${name}/tsconfig.json`] as const,
  ),
] as const;

/** Type-checks every project, one after the other: each takes the memory it gets. */
export async function checkTypes(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [name, project] of PROJECTS) {
    if (!existsSync(join(ROOT, project))) continue;
    outcomes.push(await programCheck(`types: ${name}`, tsc, ["-p", project, "--noEmit"]));
  }
  return outcomes;
}
