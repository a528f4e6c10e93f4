import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServiceTest } from "@leadmetrics/kit/testing";
import type { RagDb } from "../src/db.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** Runs the real process, its files and vectors below `dir`, until the failpoint kills it. */
export async function killedAt(
  { config }: ServiceTest<RagDb>,
  dir: string,
  failpoint: string,
  more: Record<string, string> = {},
): Promise<NodeJS.Signals | null> {
  const env = Object.fromEntries(Object.entries(config).map(([name, value]) => [name, String(value)]));
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...env,
      PATH: process.env.PATH,
      FAILPOINT: failpoint,
      FILES_DIR: join(dir, "files"),
      VECTORS_DIR: join(dir, "vectors"),
      ...more,
    },
    stdio: "ignore",
  });
  return new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)));
}
