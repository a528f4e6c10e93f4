import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { localDir } from "@leadmetrics/kit/backends";
import { alone } from "./alone.ts";
import { ROOT } from "./place.ts";
import type { ProcessSpec } from "./system.ts";

/** What a portal's build reads beside its own folder. */
const SHARED = ["portals/ui", "portals/web", "services/kit/src/telemetry"];
const SHARED_FILES = [
  "pnpm-lock.yaml",
  ...["admin", "log", "version"].map((name) => `services/kit/src/${name}.ts`),
];
const SKIPPED = new Set(["node_modules", ".next", "dist", "test"]);

/** Next's own program, from the portal's dependencies. */
export function nextProgram(portal: ProcessSpec): string {
  return createRequire(join(ROOT, portal.dir, "package.json")).resolve("next/dist/bin/next");
}

export const portalEnv = { NEXT_TELEMETRY_DISABLED: "1" };

/**
 * Builds those of the portals whose sources have changed since, one at a time: a build takes all the memory and processors
 * it gets, and two in one folder break each other. Who comes while another process builds waits for it.
 *
 * @param step a build begins; the returned function ends it
 * @throws with the end of a build's output
 */
export async function buildPortals(
  specs: readonly ProcessSpec[],
  step: (text: string) => () => void,
): Promise<void> {
  const stamps = join(localDir(), "state");
  const old = () => specs.filter((spec) => spec.kind === "portal" && !portalIsBuilt(spec, stamps));
  if (old().length === 0) return;
  await alone(join(stamps, "portal-builds.lock"), async () => {
    // Again: the one that was waited for may have built them.
    for (const portal of old()) {
      const done = step(`building the ${portal.name} portal`);
      await buildPortal(portal, stamps);
      done();
    }
  });
}

/** Whether the portal was built from exactly these sources. */
function portalIsBuilt(portal: ProcessSpec, stampDir: string): boolean {
  const stamp = join(stampDir, `${portal.name}.build`);
  if (!existsSync(join(ROOT, portal.dir, ".next", "BUILD_ID")) || !existsSync(stamp)) return false;
  return readFileSync(stamp, "utf8") === sourceHash(portal);
}

/** @throws with the end of the build's output */
async function buildPortal(portal: ProcessSpec, stampDir: string): Promise<void> {
  const hash = sourceHash(portal);
  const output: string[] = [];
  const child = spawn(process.execPath, [nextProgram(portal), "build"], {
    cwd: join(ROOT, portal.dir),
    env: { ...process.env, ...portalEnv, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => output.push(text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) {
    throw new Error(
      `The ${portal.name} portal can't be built:\n${output.join("").split("\n").slice(-30).join("\n")}`,
    );
  }
  mkdirSync(stampDir, { recursive: true });
  writeFileSync(join(stampDir, `${portal.name}.build`), hash);
}

function sourceHash(portal: ProcessSpec): string {
  const digest = createHash("sha256").update(process.versions.node);
  const files = [...SHARED_FILES, ...[...SHARED, portal.dir].flatMap(filesBelow)];
  for (const file of files)
    digest
      .update(file)
      .update("\0")
      .update(readFileSync(join(ROOT, file)));
  return digest.digest("hex");
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !SKIPPED.has(entry.name) && !/\.test\.tsx?$|^next-env|tsbuildinfo$/.test(entry.name))
    .flatMap((entry) =>
      entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
    )
    .sort();
}
