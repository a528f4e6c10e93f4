import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { localDir } from "@leadmetrics/kit/backends";

/** What CI installs too. */
const HELM_VERSION = "v3.19.2";
/** Milliseconds; it is compiled once, from its sources. */
const BUILD_MS = 8 * 60_000;

/** Helm for the charts' tests: the one on the PATH, or one that Go compiles under `.local`. */
export function ensureHelm(log: (line: string) => void): { path: string } | { missing: string } {
  const bin = join(localDir(), "helm", "bin");
  const path = join(bin, "helm");
  if (existsSync(path)) return { path };
  if (spawnSync("helm", ["version"]).status === 0) return { path: "helm" };
  if (spawnSync("go", ["version"]).status !== 0)
    return { missing: "helm is not on the PATH, and there is no Go to compile it with" };
  log(`compiling helm ${HELM_VERSION} with Go, once`);
  const { status, stderr } = spawnSync("go", ["install", `helm.sh/helm/v3/cmd/helm@${HELM_VERSION}`], {
    env: { ...process.env, GOBIN: bin },
    encoding: "utf8",
    timeout: BUILD_MS,
  });
  if (status === 0 && existsSync(path)) return { path };
  const why = stderr?.trim().split("\n").at(-1) ?? "it took too long";
  return { missing: `helm is not on the PATH, and Go could not compile it: ${why}` };
}
