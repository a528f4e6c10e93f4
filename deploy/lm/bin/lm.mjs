#!/usr/bin/env node
/**
 * Runs src/main.ts under a Node that runs TypeScript: this one, or the one the local runner has fetched. Plain JavaScript,
 * so that it can say so on any Node.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const TYPESCRIPT_FROM = 24;
const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, "..", "src", "main.ts");
const fetched = join(here, "../../../.local/tools/node_modules/node/bin/node");

if (Number(process.versions.node.split(".")[0]) >= TYPESCRIPT_FROM) {
  await import(main);
} else if (existsSync(fetched)) {
  const { status, signal } = spawnSync(fetched, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  process.exitCode = status ?? (signal ? 130 : 1);
} else {
  console.error(
    `✗ lm needs Node ${TYPESCRIPT_FROM}, this is ${process.versions.node}: run npm start once, which fetches it, or install it.`,
  );
  process.exitCode = 3;
}
