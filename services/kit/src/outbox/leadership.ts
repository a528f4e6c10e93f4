import pg from "pg";

/** The right to be the only one, held as long as a database session lives. */
export interface Leadership {
  held(): boolean;
  release(): Promise<void>;
}

/** Tries once to become the one that does `what` on this database; undefined when another process is. */
export async function acquireLeadership(url: string, what: string): Promise<Leadership | undefined> {
  const client = new pg.Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 10_000 });
  let held = false;
  client.on("error", () => {
    held = false;
  });
  client.on("end", () => {
    held = false;
  });
  await client.connect();
  try {
    const { rows } = await client.query<{ won: boolean }>(
      "select pg_try_advisory_lock(hashtextextended($1, 0)) as won",
      [what],
    );
    held = rows[0]?.won === true;
  } finally {
    if (!held) await client.end();
  }
  if (!held) return undefined;
  return {
    held: () => held,
    async release() {
      held = false;
      await client.end();
    },
  };
}
