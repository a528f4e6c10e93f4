import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BROKER_USERS } from "@leadmetrics/local/broker-rights";

/**
 * The users of a development cluster's broker have the rights of `deploy/local/broker-rights.ts`; a chart can't read outside
 * of its folder, so they are written into it: `node charts/test/broker-users.ts` after a change.
 */
const FILE = fileURLToPath(new URL("../leadmetrics-infra/files/broker-users.json", import.meta.url));

export const wanted = (): unknown => BROKER_USERS;
export const written = (): unknown => JSON.parse(readFileSync(FILE, "utf8"));

if (process.argv[1] === import.meta.filename) {
  writeFileSync(FILE, JSON.stringify(BROKER_USERS, null, 2));
  const biome = fileURLToPath(new URL("../../node_modules/.bin/biome", import.meta.url));
  execFileSync(biome, ["format", "--write", FILE], { stdio: "inherit" });
}
