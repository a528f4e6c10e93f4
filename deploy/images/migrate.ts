import { existsSync } from "node:fs";
import { migrateService } from "@leadmetrics/kit/db/migrate";
import { type DatabaseRole, provisionServiceDatabase } from "@leadmetrics/kit/db/provision";

/**
 * What the migrations image runs before a new version: `migrate.ts content` brings the database of one service to the newest
 * version, as its owner. With POSTGRES_ADMIN_URL it first makes the database and its roles, with the passwords of their URLs.
 */

const VARIABLE: Record<DatabaseRole, string> = {
  owner: "DATABASE_OWNER_URL",
  app: "DATABASE_URL",
  system: "DATABASE_SYSTEM_URL",
  platform: "DATABASE_PLATFORM_URL",
};

const [service = ""] = process.argv.slice(2);
const migrations = new URL(`../../services/${service}/migrations/`, import.meta.url);

try {
  if (!/^[a-z]+$/.test(service) || !existsSync(migrations))
    throw new Error(`"${service}" has no migrations: name one service, like content.`);
  const ownerUrl = variable("owner");
  const adminUrl = process.env.POSTGRES_ADMIN_URL;
  if (adminUrl) {
    await provisionServiceDatabase(adminUrl, service, {
      owner: passwordOf("owner"),
      app: passwordOf("app"),
      system: passwordOf("system"),
      platform: passwordOf("platform"),
    });
    say(`the database and roles of ${service} are there`);
  }
  const applied = await migrateService({ ownerUrl, migrations });
  say(
    applied.length === 0
      ? `${service}: nothing to migrate`
      : `${service}: ${applied.length} migrations, now at ${applied.at(-1)}`,
  );
} catch (error) {
  console.error(`✗ ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

function variable(role: DatabaseRole): string {
  const value = process.env[VARIABLE[role]];
  if (!value) throw new Error(`${VARIABLE[role]} is not set: the URL of the role ${service}_${role}.`);
  return value;
}

function passwordOf(role: DatabaseRole): string {
  return decodeURIComponent(new URL(variable(role)).password);
}

function say(line: string): void {
  console.log(line);
}
