import { applyStreams, connectNats, createLogger, type Logger, type Nats } from "@leadmetrics/kit";
import { type RunningNats, startNats, startPostgres } from "@leadmetrics/kit/backends";
import { type TestDatabase, testDatabase } from "@leadmetrics/kit/testing/databases";

/** As it is said beside the figures. */
export const DURABILITY = {
  postgres: "Postgres fsync on, synchronous_commit on",
  nats: (sync: string) =>
    `NATS file storage, sync_interval ${sync}${sync === "always" ? "" : " (what a power failure takes from it, the relay sends again from the outbox)"}`,
  redis: "Redis appendonly yes, appendfsync always",
} as const;

export interface Backends {
  readonly log: Logger;
  readonly nats: Nats;
  readonly broker: RunningNats;
  /** A migrated database of its own, with the four roles of the service. */
  database(service: string, migrations: URL): Promise<TestDatabase>;
  /** Superuser's URL of a database, which row-level security doesn't bind. */
  adminUrl(database: Pick<TestDatabase, "urls">): string;
  stop(): Promise<void>;
}

/** Ended from outside, the process still takes its servers with it: they run in groups of their own. */
export function endOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
}

/** The broker's setting on three nodes; a single one that has to keep every message itself is set to "always". */
const SYNC = "1s";

/** A Postgres and a NATS of this run's own that keep what they were given, as in production. */
export async function startBackends(sync = SYNC): Promise<Backends> {
  endOnSignals();
  const [postgres, broker] = await Promise.all([startPostgres(), startNats({ sync })]);
  process.env.TEST_DATABASE_ADMIN_URL = postgres.adminUrl;
  const nats = await connectNats({ url: broker.url, name: "load" });
  await applyStreams(nats);
  return {
    log: createLogger({ service: "load", level: process.env.LOG_LEVEL ?? "error" }),
    nats,
    broker,
    database: testDatabase,
    adminUrl({ urls }) {
      const admin = new URL(postgres.adminUrl);
      admin.pathname = new URL(urls.owner).pathname;
      return admin.href;
    },
    async stop() {
      await nats.close();
      await Promise.all([broker.stop(), postgres.stop()]);
    },
  };
}
