import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { chmod, copyFile, cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { makePlace } from "../place.ts";
import { readRunning } from "../run-lock.ts";
import { BACKEND_PORTS } from "../system.ts";
import { FOLDERS, MANIFEST, type Manifest, POSTGRES_ARCHIVE, POSTGRES_LABEL, SECRETS } from "./manifest.ts";
import { tar } from "./tar.ts";

/** Keeps the server from throwing away what was written during the backup before it is copied. */
const SLOT = "leadmetrics_backup";
/** Times a folder in which files are deleted meanwhile is copied on with. */
const COPY_TRIES = 20;
/** Vectors: a version names the pieces it is made of, which are there before it. */
const VERSIONS = `${sep}_versions${sep}`;

/**
 * Backs up the platform that runs in a data directory, without stopping it: one moment for all databases, and every file the
 * databases knew at that moment. The broker isn't part of it: what it held is in the outboxes.
 *
 * @throws Error in a sentence when no platform runs there, the target isn't empty, or its database is somebody else's
 */
export async function takeBackup(dataDir: string | undefined, to: string): Promise<Manifest> {
  const place = makePlace({ dataDir });
  const running = readRunning(place.stateDir);
  if (!running)
    throw new Error(
      `No platform runs in ${dataDir ?? ".local"}: start it with npm start, or name its --data-dir.`,
    );
  if (process.env.POSTGRES_ADMIN_URL)
    throw new Error(
      "POSTGRES_ADMIN_URL names a server of yours: back it up with its own means (deploy/local/backup/README.md).",
    );
  const target = resolve(to);
  await mkdir(target, { recursive: true, mode: 0o700 });
  if ((await readdir(target)).length > 0) throw new Error(`${target} isn't empty: name a new folder.`);

  const cluster = join(place.dataDir, "postgres");
  await copyFolders(place.dataDir, target);
  const port = makePlace({ dataDir, base: running.base }).port(BACKEND_PORTS.postgres);
  const postgres = await copyCluster(cluster, port, target);
  // What was added meanwhile, and then what the newest versions of it are made of.
  await copyFolders(place.dataDir, target);
  await copyFolders(place.dataDir, target, (path) => !path.includes(VERSIONS));
  const secrets = join(target, SECRETS);
  await copyFile(join(place.stateDir, "secrets.json"), secrets);
  await chmod(secrets, 0o600);
  const taken: Manifest = { version: 1, takenOn: new Date().toISOString(), base: running.base, postgres };
  await writeFile(join(target, MANIFEST), `${JSON.stringify(taken, undefined, 2)}\n`);
  return taken;
}

/** Adds what isn't there yet: the files are never changed, so what is there is the same. */
async function copyFolders(
  dataDir: string,
  target: string,
  wanted: (path: string) => boolean = () => true,
): Promise<void> {
  for (const folder of FOLDERS) {
    const source = join(dataDir, folder);
    if (existsSync(source)) await copyFolder(source, join(target, folder), wanted);
  }
}

async function copyFolder(source: string, target: string, wanted: (path: string) => boolean): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await cp(source, target, {
        recursive: true,
        force: false,
        filter: (path) => wanted(path) && !basename(path).endsWith(".part"),
      });
      return;
    } catch (error) {
      // Deleted while it was copied: by then the databases don't know it any more either. The rest is still to come.
      const gone = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!gone || attempt === COPY_TRIES) throw error;
    }
  }
}

/**
 * A base backup by Postgres' own low-level protocol: between its start and its stop the data directory may be copied while
 * it changes, together with the log of the changes.
 */
async function copyCluster(cluster: string, port: number, target: string): Promise<Manifest["postgres"]> {
  const password = (await readFile(join(cluster, "leadmetrics.password"), "utf8")).trim();
  const client = new pg.Client({ host: "127.0.0.1", port, user: "postgres", password, database: "postgres" });
  await client.connect();
  const one = async (text: string) => {
    const { rows } = await client.query<{ value: string }>(text);
    return rows[0]?.value ?? "";
  };
  try {
    await client.query(
      "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1 and not active",
      [SLOT],
    );
    await client.query("select pg_create_physical_replication_slot($1, true)", [SLOT]);
    const version = await one("select current_setting('server_version') as value");
    const start = await one("select pg_backup_start('leadmetrics', true)::text as value");
    const archive = join(target, POSTGRES_ARCHIVE);
    await tar([
      "--create",
      `--file=${archive}`,
      `--directory=${cluster}`,
      ...[
        "postmaster.pid",
        "postmaster.opts",
        "pg_wal/*",
        "pg_replslot/*",
        "pg_stat_tmp/*",
        "pg_subtrans/*",
      ].map((left) => `--exclude=./${left}`),
      ".",
    ]);
    const { rows } = await client.query<{ stop: string; label: string }>(
      "select lsn::text as stop, labelfile as label from pg_backup_stop(false)",
    );
    const [ended] = rows;
    if (!ended) throw new Error("Postgres did not end the backup.");
    // The record of the backup's end has to be in the copied log.
    await client.query("select pg_switch_wal()");
    await tar(["--append", `--file=${archive}`, `--directory=${cluster}`, "./pg_wal"]);
    await writeFile(join(target, POSTGRES_LABEL), ended.label);
    return { version, start, stop: ended.stop, sha256: await sha256Of(archive) };
  } finally {
    await client
      .query("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1", [
        SLOT,
      ])
      .finally(() => client.end());
  }
}

/** SHA-256 of a file, hex. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
