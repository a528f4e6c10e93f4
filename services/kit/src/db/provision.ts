import pg from "pg";

/** The roles of one service's database; see base.sql for what each may do. */
export type DatabaseRole = "owner" | "app" | "system" | "platform";

export const DATABASE_ROLES: readonly DatabaseRole[] = ["owner", "app", "system", "platform"];

/** Arbitrary but fixed: roles are shared by the whole server, so their creation takes turns. */
const PROVISION_LOCK = 718_230_001;

/**
 * Pages come from memory or from a disk without arms. With the server's own 4.0, a statement that is prepared while a table is
 * small reads through all of it for as long as that plan is kept.
 */
const RANDOM_PAGE_COST = 1.1;

const NAME = /^[a-z][a-z0-9_]{0,50}$/;

/**
 * Creates (or brings up to date) the database and the four roles of a service, and returns a connection URL per role.
 * Safe to repeat and to run from several processes at once.
 *
 * @param adminUrl a superuser's URL, or a role's with CREATEDB and CREATEROLE
 * @param options.database defaults to the service's name; `template` copies an existing database
 */
export async function provisionServiceDatabase(
  adminUrl: string,
  service: string,
  passwords: Record<DatabaseRole, string>,
  options: { database?: string; template?: string } = {},
): Promise<Record<DatabaseRole, string>> {
  const database = options.database ?? service;
  for (const name of [service, database, options.template ?? database]) {
    if (!NAME.test(name)) throw new Error(`"${name}" is not a usable database or role name`);
  }
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [PROVISION_LOCK]);
    await ensureRoles(client, service, passwords);
    await ensureDatabase(client, service, database, options.template);
  } finally {
    await client.end();
  }
  const url = (role: DatabaseRole) => roleUrl(adminUrl, `${service}_${role}`, passwords[role], database);
  return { owner: url("owner"), app: url("app"), system: url("system"), platform: url("platform") };
}

async function ensureRoles(client: pg.Client, service: string, passwords: Record<DatabaseRole, string>) {
  const { rows } = await client.query<{ rolname: string }>(
    "select rolname from pg_roles where rolname = any($1)",
    [DATABASE_ROLES.map((role) => `${service}_${role}`)],
  );
  const existing = new Set(rows.map((row) => row.rolname));
  for (const role of DATABASE_ROLES) {
    const name = `${service}_${role}`;
    const verb = existing.has(name) ? "alter" : "create";
    await client.query(
      `${verb} role ${name} login nosuperuser nobypassrls nocreatedb nocreaterole password ${client.escapeLiteral(passwords[role])}`,
    );
    if (role === "owner") continue;
    await client.query(`alter role ${name} set statement_timeout = '15s'`);
    await client.query(`alter role ${name} set idle_in_transaction_session_timeout = '10s'`);
    await client.query(`alter role ${name} set random_page_cost = ${RANDOM_PAGE_COST}`);
  }
}

async function ensureDatabase(client: pg.Client, service: string, database: string, template?: string) {
  const found = await client.query("select 1 from pg_database where datname = $1", [database]);
  if (found.rowCount === 0) {
    // CREATE DATABASE … OWNER needs membership in that role unless the caller is a superuser.
    await client.query(`grant ${service}_owner to current_user`);
    await client.query(
      `create database ${database} owner ${service}_owner${template ? ` template ${template}` : ""}`,
    );
  }
  // A copy of a template doesn't inherit these.
  await client.query(`revoke connect, temporary on database ${database} from public`);
  const roles = DATABASE_ROLES.map((role) => `${service}_${role}`).join(", ");
  await client.query(`grant connect on database ${database} to ${roles}`);
}

function roleUrl(adminUrl: string, user: string, password: string, database: string): string {
  const url = new URL(adminUrl);
  url.username = user;
  url.password = encodeURIComponent(password);
  url.pathname = `/${database}`;
  return url.toString();
}
