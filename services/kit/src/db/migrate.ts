import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Kysely, PostgresDialect, sql } from "kysely";
import { type Migration, type MigrationProvider, Migrator } from "kysely/migration";
import pg from "pg";

const BASE = new URL("./base.sql", import.meta.url);
const BASE_NAME = "0000_kit";
const RECORDS = new URL("./records.sql", import.meta.url);
const RECORDS_NAME = "0000_kit_records";
const FILE = /^\d{4}_[a-z0-9_]+\.sql$/;

/** Waiting longer for a lock than this would stop the running version's writers too. */
const LOCK_TIMEOUT = "5s";

const TABLES = {
  migrationTableSchema: "public",
  migrationTableName: "kit_migration",
  migrationLockTableName: "kit_migration_lock",
};

/** The kit's own migrations followed by `migrations/NNNN_name.sql`, each run as one multi-statement script. */
class SqlFiles implements MigrationProvider {
  readonly #dir: URL;

  constructor(dir: URL) {
    this.#dir = dir;
  }

  async getMigrations(): Promise<Record<string, Migration>> {
    const migrations: Record<string, Migration> = {
      [BASE_NAME]: script(await readFile(BASE, "utf8")),
      [RECORDS_NAME]: script(await readFile(RECORDS, "utf8")),
    };
    for (const file of await migrationFiles(this.#dir)) {
      const text = await readFile(new URL(file, slashed(this.#dir)), "utf8");
      migrations[file.slice(0, -".sql".length)] = script(text);
    }
    return migrations;
  }
}

function script(text: string): Migration {
  return {
    up: async (db) => {
      await sql.raw(`set local lock_timeout = '${LOCK_TIMEOUT}'`).execute(db);
      await sql.raw(text).execute(db);
    },
  };
}

function slashed(dir: URL): URL {
  return dir.href.endsWith("/") ? dir : new URL(`${dir.href}/`);
}

async function migrationFiles(dir: URL): Promise<string[]> {
  const names = (await readdir(fileURLToPath(dir))).filter((name) => name.endsWith(".sql")).sort();
  const odd = names.find((name) => !FILE.test(name));
  if (odd) throw new Error(`${odd} in ${fileURLToPath(dir)}: migrations are named NNNN_what_it_does.sql`);
  return names;
}

/** The name of the newest migration a build carries: the version its code expects. */
export async function expectedSchemaVersion(migrations: URL): Promise<string> {
  const last = (await migrationFiles(migrations)).at(-1);
  return last ? last.slice(0, -".sql".length) : BASE_NAME;
}

/**
 * Brings a service's database to the newest version, as its owner. All pending migrations run in one transaction:
 * either all of them take effect or none. Replicas that start together take turns.
 *
 * @returns the names of the migrations that ran now
 */
export async function migrateService(options: { ownerUrl: string; migrations: URL }): Promise<string[]> {
  const pool = new pg.Pool({ connectionString: options.ownerUrl, max: 2 });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const migrator = new Migrator({
      db,
      provider: new SqlFiles(options.migrations),
      allowUnorderedMigrations: true,
      ...TABLES,
    });
    const { error, results = [] } = await migrator.migrateToLatest();
    if (error) {
      const failed = results.find((result) => result.status === "Error");
      throw new Error(`migration ${failed?.migrationName ?? "set-up"} failed: ${describe(error)}`, {
        cause: error,
      });
    }
    await letRolesReadVersion(db);
    return results.filter((result) => result.status === "Success").map((result) => result.migrationName);
  } finally {
    await db.destroy();
  }
}

/** Every replica checks the version with its app role at start. */
async function letRolesReadVersion(db: Kysely<unknown>) {
  await sql
    .raw(
      `do $$ begin execute format('grant select on public.${TABLES.migrationTableName} to %I', kit.role('app')); end $$`,
    )
    .execute(db);
}

/** The newest migration a database has, read with any role that may; undefined for an empty database. */
export async function schemaVersion(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select name from public.${TABLES.migrationTableName} order by name desc limit 1`,
    );
    return rows[0]?.name;
  } catch (error) {
    if (error instanceof pg.DatabaseError && (error.code === "42P01" || error.code === "42501"))
      return undefined;
    throw error;
  } finally {
    await client.end();
  }
}

/**
 * Refuses to start on a database that is older than the code. A newer one is fine: migrations only expand, so the
 * old version keeps running while the new one rolls out.
 */
export async function assertSchemaVersion(options: {
  service: string;
  url: string;
  migrations: URL;
}): Promise<void> {
  const expected = await expectedSchemaVersion(options.migrations);
  const actual = await schemaVersion(options.url);
  if (actual !== undefined && actual >= expected) return;
  throw new Error(
    `The database of ${options.service} is at ${actual ?? "no version"}, this build needs ${expected}. ` +
      `Run its migrations with DATABASE_OWNER_URL set, then start it again.`,
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
