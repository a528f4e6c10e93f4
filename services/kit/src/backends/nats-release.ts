import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { reasonOf } from "./choice.ts";

const run = promisify(execFile);

/** What production runs. */
export const NATS_RELEASE = "2.14.5";
const RELEASES = "https://github.com/nats-io/nats-server/releases/download";
const DOWNLOAD_MS = 180_000;

/**
 * Fetches the official release below `dir` and checks it against the release's own checksums.
 *
 * @returns the path of the program
 * @throws with the reason when it can't be fetched or isn't what the checksums say
 */
export async function natsFromRelease(dir: string, releases = RELEASES): Promise<string> {
  const target = join(dir, `nats-${NATS_RELEASE}`);
  const program = join(target, "nats-server");
  const there = () =>
    access(program).then(
      () => true,
      () => false,
    );
  if (await there()) return program;
  const name = archiveName(platform(), arch());
  if (!name) throw new Error(`there is no release for ${platform()} ${arch()}`);
  const base = `${releases}/v${NATS_RELEASE}`;
  const [archive, sums] = await Promise.all([
    fetchBytes(`${base}/${name}.tar.gz`),
    fetchBytes(`${base}/SHA256SUMS`),
  ]);
  const expected = checksumOf(new TextDecoder().decode(sums), `${name}.tar.gz`);
  const actual = createHash("sha256").update(archive).digest("hex");
  if (expected !== actual)
    throw new Error(`its checksum is ${actual}, the release says ${expected ?? "nothing about it"}`);
  await mkdir(dir, { recursive: true });
  const work = await mkdtemp(join(dir, "nats-"));
  try {
    await writeFile(join(work, "archive.tar.gz"), archive);
    await run("tar", ["-xzf", "archive.tar.gz"], { cwd: work });
    await rename(join(work, name), target).catch(async (error) => {
      if (!(await there())) throw error;
    });
    return program;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Archive name without its ending, as the project names its releases; undefined where it makes none. */
export function archiveName(os: string, cpu: string): string | undefined {
  const arches: Record<string, string> = { x64: "amd64", arm64: "arm64" };
  const architecture = arches[cpu];
  if (!architecture || !["linux", "darwin", "freebsd"].includes(os)) return undefined;
  return `nats-server-v${NATS_RELEASE}-${os}-${architecture}`;
}

/** The checksum of one file in the text of a SHA256SUMS. */
export function checksumOf(sums: string, file: string): string | undefined {
  for (const line of sums.split("\n")) {
    const [, sum, name] = /^([0-9a-f]{64})\s+\*?(\S+)$/.exec(line.trim()) ?? [];
    if (name === file) return sum;
  }
  return undefined;
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_MS) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const cause = error instanceof Error && error.cause ? error.cause : error;
    throw new Error(`${url} could not be fetched: ${reasonOf(cause)}`, { cause: error });
  }
}
