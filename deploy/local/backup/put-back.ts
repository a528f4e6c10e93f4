import { existsSync } from "node:fs";
import { chmod, chown, copyFile, cp, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { makePlace } from "../place.ts";
import { readRunning } from "../run-lock.ts";
import {
  FOLDERS,
  MANIFEST,
  type Manifest,
  manifest,
  POSTGRES_ARCHIVE,
  POSTGRES_LABEL,
  SECRETS,
} from "./manifest.ts";
import { sha256Of } from "./take.ts";
import { tar } from "./tar.ts";

/**
 * Puts a backup where the next start finds it. Postgres recovers to the backup's moment when it starts; the broker begins
 * empty and gets its events from the outboxes.
 *
 * @throws Error in a sentence when it is no whole backup, or something is in its way
 */
export async function putBack(from: string, dataDir: string | undefined): Promise<Manifest> {
  const source = resolve(from);
  const place = makePlace({ dataDir });
  if (readRunning(place.stateDir))
    throw new Error("A platform runs there: stop it first, and move its data directory away.");
  const cluster = join(place.dataDir, "postgres");
  if (existsSync(cluster))
    throw new Error(`${place.dataDir} holds databases: move it away, it is never overwritten.`);
  const taken = await readManifest(source);
  const archive = join(source, POSTGRES_ARCHIVE);
  if ((await sha256Of(archive)) !== taken.postgres.sha256)
    throw new Error(
      `${archive} isn't the file that was backed up: its hash is another one. Use another backup.`,
    );
  await mkdir(cluster, { recursive: true, mode: 0o700 });
  await tar(["--extract", `--file=${archive}`, `--directory=${cluster}`, "--preserve-permissions"]);
  const { uid, gid } = await stat(join(cluster, "PG_VERSION"));
  const made = [join(cluster, POSTGRES_LABEL)];
  await writeFile(join(cluster, POSTGRES_LABEL), await readFile(join(source, POSTGRES_LABEL)), {
    mode: 0o600,
  });
  for (const empty of ["pg_replslot", "pg_stat_tmp", "pg_subtrans"]) {
    await mkdir(join(cluster, empty), { recursive: true, mode: 0o700 });
    made.push(join(cluster, empty));
  }
  for (const path of made) await chown(path, uid, gid);
  for (const folder of FOLDERS)
    if (existsSync(join(source, folder)))
      await cp(join(source, folder), join(place.dataDir, folder), { recursive: true });
  await mkdir(place.stateDir, { recursive: true });
  const secrets = join(place.stateDir, "secrets.json");
  await copyFile(join(source, SECRETS), secrets);
  await chmod(secrets, 0o600);
  return taken;
}

async function readManifest(source: string): Promise<Manifest> {
  const text = await readFile(join(source, MANIFEST), "utf8").catch(() => undefined);
  const parsed = manifest.safeParse(text === undefined ? undefined : JSON.parse(text));
  if (!parsed.success)
    throw new Error(
      `${source} is no whole backup: ${MANIFEST}, which is written last, is missing or unreadable.`,
    );
  return parsed.data;
}
