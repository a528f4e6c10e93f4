import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { schemaState } from "@leadmetrics/kit";
import { ROOT } from "@leadmetrics/local/place";
import type { ServiceName } from "@leadmetrics/local/system";
import { sql } from "kysely";
import type { Session } from "../session.ts";
import { bad, type Finding, finding, good, note } from "./finding.ts";

/** Postgres has had what the migrations use since then. */
const OLDEST_POSTGRES = 15;
/** Clocks that are further apart than this many seconds make expiries and "ago" wrong. */
const CLOCK_S = 5;

/** Of each service's database: whether it answers, and whether its schema is the one this version needs. */
export async function databaseFindings(session: Session): Promise<Finding[]> {
  const [first] = session.services;
  if (!first) return [note("databases", "nobody said where they are: set <SERVICE>_DATABASE_SYSTEM_URL")];
  const server = await finding("Postgres", "see whether it runs", () => serverFindings(session, first));
  const schemas = await Promise.all(
    session.services.map((service) =>
      finding(`${service} data`, "see whether its database runs and its passwords are right", () =>
        schemaFinding(session, service),
      ),
    ),
  );
  return [...server, ...schemas.flat()];
}

async function serverFindings(session: Session, service: ServiceName): Promise<Finding[]> {
  const before = Date.now();
  const { rows } = await session.reaching(service, () =>
    session.database(service).withSystem("lm: look at the server", (tx) =>
      sql<{ version: number; connections: number; most: number; now: Date }>`
          select current_setting('server_version_num')::int / 10000 as version,
            (select count(*) from pg_stat_activity) as connections,
            current_setting('max_connections')::int as most, clock_timestamp() as now`.execute(tx),
    ),
  );
  const [found] = rows;
  if (!found) return [];
  const { version, connections, most } = found;
  const apart = Math.abs(found.now.getTime() - (before + Date.now()) / 2) / 1_000;
  return [
    version < OLDEST_POSTGRES
      ? bad("Postgres", `version ${version}: ${OLDEST_POSTGRES} or newer is needed`)
      : connections > most * 0.8
        ? note("Postgres", `version ${version}, ${connections} of ${most} connections: raise max_connections`)
        : good("Postgres", `version ${version}, ${connections} of ${most} connections`),
    apart > CLOCK_S
      ? note("clock", `${apart.toFixed(0)} s apart from the database's: let both follow a time server`)
      : good("clock", "the same as the database's"),
  ];
}

async function schemaFinding(session: Session, service: ServiceName): Promise<Finding> {
  const what = `${service} data`;
  const url = session.target.databaseUrl(service, "app");
  if (!url) return note(what, `not looked at: set ${service.toUpperCase()}_DATABASE_URL`);
  const folder = join(ROOT, "services", service, "migrations");
  if (!existsSync(folder)) return note(what, "not looked at: this lm has no migrations to compare it with");
  const migrations = pathToFileURL(`${folder}/`);
  const { version, missing, newer } = await session.reaching(service, () => schemaState(url, migrations));
  if (version === undefined)
    return bad(what, "has no schema: run its migrations (npm start and the chart do it)");
  if (missing.length > 0)
    return bad(what, `at ${version}, this version needs ${missing.join(", ")} too: run its migrations`);
  return newer
    ? note(what, `at ${version}, newer than this version: fine while a new version rolls out`)
    : good(what, `at ${version}`);
}
