import { startPostgres } from "../backends/index.ts";

/** Starts one Postgres for the whole run, or uses the one that was given; says which. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.TEST_DATABASE_ADMIN_URL) {
    console.log("tests use the Postgres of TEST_DATABASE_ADMIN_URL");
    return async () => {};
  }
  const postgres = await startPostgres({ durable: false, settings: { max_connections: "300" } });
  process.env.TEST_DATABASE_ADMIN_URL = postgres.adminUrl;
  console.log(
    `tests use Postgres: ${postgres.choice.backend} (${postgres.choice.why}); NATS: one server per file`,
  );
  return () => postgres.stop();
}
