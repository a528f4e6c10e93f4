import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Kysely, PostgresDialect, sql } from "kysely";
import { type Migration, type MigrationProvider, Migrator } from "kysely/migration";
import pg from "pg";

const BASE_NAME = "0000_kit";
/** The kit's own, by the name they are noted under. */
const KIT: Readonly<Record<string, URL>> = {
  [BASE_NAME]: new URL("./base.sql", import.meta.url),
  "0000_kit_records": new URL("./records.sql", import.meta.url),
  "0000_kit_outbox_position": new URL("./outbox-position.sql", import.meta.url),
  "0000_kit_outbox_unused": new URL("./outbox-unused.sql", import.meta.url),
};
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
    const migrations: Record<string, Migration> = {};
    for (const [name, file] of Object.entries(KIT)) migrations[name] = script(await readFile(file, "utf8"));
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
      // Tenant tables show their owner no row. Copying them would silently copy nothing; so it is an error, until the
      // migration lifts FORCE ROW LEVEL SECURITY for it.
      await sql.raw("set local row_security = off").execute(db);
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

/** The migrations a database has had, oldest name first, read with any role that may; empty for an empty database. */
async function migrationsIn(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select name from public.${TABLES.migrationTableName} order by name`,
    );
    return rows.map(({ name }) => name);
  } catch (error) {
    if (error instanceof pg.DatabaseError && (error.code === "42P01" || error.code === "42501")) return [];
    throw error;
  } finally {
    await client.end();
  }
}

/** How far a database is: its newest migration, and those that a build carries and the database hasn't had. */
export interface SchemaState {
  /** Undefined for an empty database. */
  readonly version: string | undefined;
  readonly missing: readonly string[];
  /** It has had migrations that the build doesn't carry. */
  readonly newer: boolean;
}

/** @param url of any of the database's roles @param migrations the folder of the service's own */
export async function schemaState(url: string, migrations: URL): Promise<SchemaState> {
  const had = await migrationsIn(url);
  const files = (await migrationFiles(migrations)).map((file) => file.slice(0, -".sql".length));
  const carried = [...Object.keys(KIT), ...files];
  return {
    version: had.at(-1),
    missing: carried.filter((name) => !had.includes(name)),
    newer: had.some((name) => !carried.includes(name)),
  };
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
  const { version, missing } = await schemaState(options.url, options.migrations);
  if (missing.length === 0) return;
  throw new Error(
    `The database of ${options.service} is at ${version ?? "no version"}, this build needs ${missing.join(", ")} too. ` +
      `Run its migrations with DATABASE_OWNER_URL set, then start it again.`,
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
