import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { localDir } from "@leadmetrics/kit/backends";
import { ROOT } from "../place.ts";
import { failed, type Outcome, passed, programCheck, run, skipped } from "../stages.ts";

const PROTO = join(ROOT, "proto");
const buf = join(PROTO, "node_modules/.bin/buf");

/** Style of the contracts. */
export function lintContracts(): Promise<Outcome> {
  return programCheck("contracts: lint", buf, ["lint"], { cwd: PROTO });
}

/** Whether clients of what is on the main branch still work. */
export async function breakingContracts(): Promise<Outcome> {
  const name = "contracts: compatible with the main branch";
  const base = await mainBranch();
  if (!base) return skipped(name, "there is no main branch to compare with");
  const state = join(localDir(), "state");
  mkdirSync(state, { recursive: true });
  const folder = mkdtempSync(join(state, "contracts-of-main-"));
  try {
    const archive = join(folder, "proto.tar");
    const got = await run("git", ["archive", "--output", archive, base, "proto"]);
    if (got.code !== 0) return skipped(name, `${base} has no contracts yet`);
    const unpacked = await run("tar", ["-xf", archive, "-C", folder]);
    if (unpacked.code !== 0) return failed(name, unpacked.output);
    // What the contracts import of others is not in git; today's copies serve both sides.
    cpSync(join(PROTO, "vendor"), join(folder, "proto", "vendor"), { recursive: true });
    const { code, output } = await run(buf, ["breaking", "--against", join(folder, "proto")], { cwd: PROTO });
    return code === 0 ? passed(name, [`compared with ${base}`]) : failed(name, output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function mainBranch(): Promise<string | undefined> {
  for (const name of ["origin/main", "main"]) {
    const { code } = await run("git", ["rev-parse", "--verify", "--quiet", `${name}^{commit}`]);
    if (code === 0) return name;
  }
  return undefined;
}
