import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "./helm.ts";

/** Tries configurations the way their processes do, in a process of its own: `[{ config, env }]` comes in. */
const READ = `
import { text } from "node:stream/consumers";
// First of all, so that what its libraries ask for doesn't count.
import "@leadmetrics/kit";
import { loadConfig } from "@leadmetrics/kit/config";
const answers = [];
for (const [i, { config, env }] of JSON.parse(await text(process.stdin)).entries()) {
  const asked = new Set();
  let problem = "";
  process.env = new Proxy(env, {
    get(target, name) {
      if (typeof name === "string") asked.add(name);
      return target[name];
    },
  });
  try {
    // The number makes a module of its own for each: modules read the environment once.
    for (const exported of Object.values(await import(config + "?" + i))) {
      if (typeof exported === "function") exported();
      else if (exported.NODE_ENV?.parse) loadConfig(exported);
    }
  } catch (error) {
    problem = error.message;
  }
  // Node asks for that one itself when it loads a module.
  asked.delete("WATCH_REPORT_DEPENDENCIES");
  answers.push({ problem, asked: [...asked].sort() });
}
console.log(JSON.stringify(answers));
`;

const answers = z.array(z.object({ problem: z.string(), asked: z.array(z.string()) }));

/** What each process, by its folder, says about an environment: the problem, empty without one, and for which variables it asks. */
export function readConfigs(
  processes: readonly { readonly dir: string; readonly env: Readonly<Record<string, string>> }[],
): z.infer<typeof answers> {
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", READ], {
    // Any workspace that knows the kit.
    cwd: join(ROOT, "services/agents"),
    input: JSON.stringify(
      processes.map(({ dir, env }) => ({ config: join(ROOT, dir, "src/config.ts"), env })),
    ),
    encoding: "utf8",
    stdio: "pipe",
  });
  return answers.parse(JSON.parse(output.trim().split("\n").at(-1) ?? ""));
}
