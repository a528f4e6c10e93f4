import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { migrateService } from "@leadmetrics/kit/db/migrate";
import { ROOT } from "@leadmetrics/local/place";
import type { Platform } from "@leadmetrics/local/platform";
import { SERVICES, type ServiceName, SYSTEM } from "@leadmetrics/local/system";

/** What the new version says it is. */
export const NEXT_VERSION = "next";

const MIGRATION = "9000_rollout";

/** The table of each service that most of its calls touch: there a change hurts first. */
const HOT: Record<ServiceName, string> = {
  identity: "session",
  tenancy: "tenant_member",
  content: "activity",
  agents: "agent_run",
  billing: "credit_entry",
  notifications: "notification",
  rag: "file",
  search: "posting",
};

/** As expand migrations are: a column that may be empty, one with a value, an index, a table. */
const migrationOf = (table: string) => `alter table ${table} add column rollout_note text;
alter table ${table} add column rollout_count int not null default 0;
create index ${table}_rollout on ${table} (rollout_note) where rollout_count > 0;
create table rollout_mark (id uuid primary key, tenant_id uuid not null, note text not null default '');
select kit.tenant_table('rollout_mark');
`;

/**
 * Another build of the platform in a folder of its own: the sources as they are, with one more migration in each service. Its
 * processes refuse to start before that has run, as those of a release do.
 */
export async function makeNextVersion(folder: string): Promise<string> {
  const dirs = [...new Set(SYSTEM.filter(({ kind }) => kind !== "portal").map(({ dir }) => dir))];
  for (const dir of dirs) {
    const to = join(folder, dir);
    await mkdir(to, { recursive: true });
    for (const part of ["package.json", "src", "migrations"])
      await cp(join(ROOT, dir, part), join(to, part), { recursive: true }).catch(
        (error: NodeJS.ErrnoException) => {
          // The gateway has no database.
          if (error.code !== "ENOENT" || part !== "migrations") throw error;
        },
      );
    // Below it Node doesn't strip types; links lead out of it again.
    await symlink(join(ROOT, dir, "node_modules"), join(to, "node_modules"));
  }
  for (const service of SERVICES)
    await writeFile(join(migrationsOf(folder, service), `${MIGRATION}.sql`), migrationOf(HOT[service]));
  return folder;
}

const migrationsOf = (root: string, service: ServiceName) => join(root, "services", service, "migrations");

/** Migrates every database to the new version while the old one runs, as the chart's hooks do before an upgrade. */
export async function migrate(platform: Platform, root: string): Promise<void> {
  for (const service of SERVICES) {
    const options = {
      ownerUrl: platform.databaseUrl(service),
      migrations: pathToFileURL(`${migrationsOf(root, service)}/`),
    };
    // A busy table isn't waited for for long; the Job is tried once more.
    const applied = await migrateService(options).catch(() => migrateService(options));
    if (applied.join() !== MIGRATION)
      throw new Error(`${service} has got the migrations ${applied.join() || "none"}, not ${MIGRATION}.`);
  }
}

/** Which build a process says it is. */
export async function versionOf(adminPort: number): Promise<string | undefined> {
  const text = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
  return /^lm_build_info\{[^}]*version="([^"]*)"/m.exec(text)?.[1];
}
