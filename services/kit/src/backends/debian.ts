import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { reasonOf } from "./choice.ts";

const run = promisify(execFile);

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const APT_MS = 120_000;

/** A program that Debian has. */
export interface DebianProgram {
  readonly package: string;
  /** Its path in the package. */
  readonly program: string;
  /** Of Debian; the machine's own when left out. */
  readonly suite?: string;
}

/**
 * Unpacks a package of Debian's below `dir` without changing anything on the system: a sources list of its own on
 * the mirror this machine is configured with, checked against the installed Debian keys, in private apt directories.
 *
 * @returns the path of the program
 * @throws with the reason when this machine can't: no apt, no Debian mirror or keys, no network
 */
export async function fromDebian(dir: string, wanted: DebianProgram): Promise<string> {
  const target = join(dir, `debian-${wanted.package}`);
  const program = join(target, wanted.program);
  if (await exists(program)) return program;
  await run("dpkg", ["--version"]).catch(() => {
    throw new Error("this is not a Debian system");
  });
  if (!(await exists(KEYRING)))
    throw new Error("Debian's archive keys are not installed (package debian-archive-keyring)");
  const mirror = await debianMirror();
  if (!mirror) throw new Error("apt is not configured with a Debian mirror");
  await mkdir(dir, { recursive: true });
  const work = await mkdtemp(join(dir, "apt-"));
  try {
    await download(work, mirror, wanted);
    const deb = (await readdir(work)).find((name) => name.endsWith(".deb"));
    if (!deb) throw new Error(`the mirror ${mirror} has no ${wanted.package}`);
    await run("dpkg", ["-x", join(work, basename(deb)), join(work, "unpacked")]);
    // Two processes may do this at once: the first rename wins, the other finds the program there.
    await rename(join(work, "unpacked"), target).catch(async (error) => {
      if (!(await exists(program))) throw error;
    });
    return program;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function download(work: string, mirror: string, wanted: DebianProgram): Promise<void> {
  for (const folder of ["lists/partial", "cache/archives/partial", "state", "etc"]) {
    await mkdir(join(work, folder), { recursive: true });
  }
  await writeFile(
    join(work, "sources.list"),
    `deb [signed-by=${KEYRING}] ${mirror} ${wanted.suite ?? (await ownSuite())} main\n`,
  );
  await writeFile(join(work, "status"), "");
  const options = [
    ["Dir::Etc::SourceList", join(work, "sources.list")],
    ["Dir::Etc::SourceParts", "-"],
    ["Dir::Etc::Preferences", "-"],
    ["Dir::Etc::PreferencesParts", "-"],
    ["Dir::State", join(work, "state")],
    ["Dir::State::Lists", join(work, "lists")],
    ["Dir::State::Status", join(work, "status")],
    ["Dir::Cache", join(work, "cache")],
    ["APT::Get::List-Cleanup", "false"],
    ["Acquire::Languages", "none"],
    ["Acquire::Retries", "2"],
    // apt's download user can't enter a private folder; nothing here needs it to.
    ["APT::Sandbox::User", process.getuid?.() === 0 ? "root" : ""],
  ].flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  try {
    await run("apt-get", [...options, "--error-on=any", "update"], { timeout: APT_MS });
    await run("apt-get", [...options, "download", wanted.package], { cwd: work, timeout: APT_MS });
  } catch (error) {
    const text =
      error instanceof Error && "stderr" in error && typeof error.stderr === "string" ? error.stderr : "";
    const line = text.split("\n").find((each) => each.startsWith("E:")) ?? reasonOf(error);
    throw new Error(`${mirror} did not give it: ${line.replace(/^E:\s*/, "").replace(/[.\s]+$/, "")}`);
  }
}

/** The release this machine runs. */
async function ownSuite(): Promise<string> {
  const [, name] = /^VERSION_CODENAME=(\w+)$/m.exec(await readFile("/etc/os-release", "utf8")) ?? [];
  if (!name || !RELEASE.test(name)) throw new Error("this machine runs no release of Debian");
  return name;
}

/** The main archive's address in the machine's own apt configuration. */
export async function debianMirror(etc = "/etc/apt"): Promise<string | undefined> {
  const parts = (await readdir(join(etc, "sources.list.d")).catch(() => [])).map((name) =>
    join(etc, "sources.list.d", name),
  );
  for (const file of [...parts, join(etc, "sources.list")]) {
    const text = await readFile(file, "utf8").catch(() => "");
    const found = file.endsWith(".sources") ? mirrorOfDeb822(text) : mirrorOfOneLine(text);
    if (found) return found;
  }
  return undefined;
}

const RELEASE = /^(stable|oldstable|testing|bullseye|bookworm|trixie|forky|sid)$/;

/** A stanza counts when it names a Debian release itself, not its security or backports archive, and `main`. */
export function mirrorOfDeb822(text: string): string | undefined {
  for (const stanza of text.split(/\n\s*\n/)) {
    const field = (name: string) =>
      new RegExp(`^${name}:[ \\t]*(.*)$`, "im").exec(stanza)?.[1]?.trim().split(/\s+/) ?? [];
    const [uri] = field("URIs");
    if (
      uri &&
      field("Types").includes("deb") &&
      field("Suites").some((s) => RELEASE.test(s)) &&
      field("Components").includes("main")
    ) {
      return uri;
    }
  }
  return undefined;
}

/** The same for the older form, `deb [options] uri suite component…`. */
export function mirrorOfOneLine(text: string): string | undefined {
  for (const line of text.split("\n")) {
    const [, uri, suite = "", components = ""] =
      /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (uri && RELEASE.test(suite) && components.split(/\s+/).includes("main")) return uri;
  }
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
