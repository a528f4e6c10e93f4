import { execFileSync } from "node:child_process";
import { cpSync, existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Builds a portal into a folder that runs by itself: `node deploy/images/build-portal.ts dashboard <out>`. Next traces what
 * the server needs, so nothing else of node_modules comes along.
 */

const ROOT = resolve(fileURLToPath(new URL("../..", import.meta.url)));
const [portal, outArgument] = process.argv.slice(2);
const folder = join(ROOT, "portals", portal ?? "");
if (!portal || !outArgument || !existsSync(join(folder, "next.config.mjs")))
  throw new Error("usage: build-portal.ts <portal> <out>");
const out = resolve(outArgument);
const run = (program: string, args: readonly string[], cwd: string) =>
  execFileSync(program, [...args], {
    cwd,
    stdio: "inherit",
    env: { ...process.env, LM_STANDALONE: "1", NODE_ENV: "production", CI: "true" },
  });

run(
  "pnpm",
  [
    "install",
    "--prod=false",
    "--frozen-lockfile",
    "--prefer-offline",
    "--filter",
    `@leadmetrics/${portal}...`,
  ],
  ROOT,
);
// Next's own program: pnpm would look first whether everything else is installed too.
const next = createRequire(join(folder, "package.json")).resolve("next/dist/bin/next");
run(process.execPath, [next, "build"], folder);
rmSync(out, { recursive: true, force: true });
cpSync(join(folder, ".next/standalone"), out, { recursive: true, verbatimSymlinks: true });
cpSync(join(folder, ".next/static"), join(out, "portals", portal, ".next/static"), { recursive: true });
if (existsSync(join(folder, "public")))
  cpSync(join(folder, "public"), join(out, "portals", portal, "public"), { recursive: true });
