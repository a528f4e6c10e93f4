import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { migrateService } from "../db/migrate.ts";
import { type DatabaseRole, provisionServiceDatabase } from "../db/provision.ts";

const PASSWORDS: Record<DatabaseRole, string> = {
  owner: "test",
  app: "test",
  system: "test",
  platform: "test",
};
const KIT_SQL = ["base", "records"].map((name) =>
  fileURLToPath(new URL(`../db/${name}.sql`, import.meta.url)),
);
const TEMPLATE_LOCK = 718_230_002;

export interface TestDatabase {
  readonly urls: Record<DatabaseRole, string>;
  drop(): Promise<void>;
}

/**
 * A migrated database of its own for one test file: a copy of a template that is migrated once for each state of the
 * migrations, however many files run at the same time.
 */
export async function testDatabase(service: string, migrations: URL): Promise<TestDatabase> {
  const adminUrl = process.env.TEST_DATABASE_ADMIN_URL;
  if (!adminUrl)
    throw new Error(
      "no Postgres for tests: run them through vitest.config.ts, or set TEST_DATABASE_ADMIN_URL",
    );
  const template = `${service}_template_${fingerprint(migrations)}`;
  const database = `${service}_${randomBytes(5).toString("hex")}`;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query("select pg_advisory_lock($1)", [TEMPLATE_LOCK]);
    const known = await admin.query("select 1 from pg_database where datname = $1", [template]);
    if (known.rowCount === 0) {
      const building = `${template}_building`;
      await admin.query(`drop database if exists ${building} with (force)`);
      const urls = await provisionServiceDatabase(adminUrl, service, PASSWORDS, { database: building });
      await migrateService({ ownerUrl: urls.owner, migrations });
      await admin.query(`alter database ${building} rename to ${template}`);
    }
    const urls = await provisionServiceDatabase(adminUrl, service, PASSWORDS, { database, template });
    return { urls, drop: () => dropDatabase(adminUrl, database) };
  } finally {
    await admin.end();
  }
}

async function dropDatabase(adminUrl: string, database: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`drop database if exists ${database} with (force)`);
  await admin.end();
}

/** Changes whenever one of the kit's migrations or of the service's does. */
function fingerprint(migrations: URL): string {
  const hash = createHash("sha256");
  for (const file of KIT_SQL) hash.update(readFileSync(file));
  const dir = fileURLToPath(migrations);
  for (const file of readdirSync(dir).sort()) hash.update(file).update(readFileSync(`${dir}/${file}`));
  return hash.digest("hex").slice(0, 10);
}
