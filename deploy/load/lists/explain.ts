import { type Database, derivedFrom, type TenantTx, type Tx } from "@leadmetrics/kit";
import { CompiledQuery } from "kysely";

/** One query as it ran, and how Postgres ran it. */
export interface Explained {
  readonly sql: string;
  /** Made for these very values: how a statement runs the first five times. */
  readonly custom: readonly string[];
  /** Made for any value: what a kept prepared statement goes over to when it looks no dearer. */
  readonly generic: readonly string[];
}

/** Stands between a service and its database, and has the queries of chosen calls explained in their own transaction. */
export function explaining() {
  let seen: Explained[] | undefined;
  return {
    over<DB>(db: Database<DB>): Database<DB> {
      return {
        ...db,
        withTenant(ctx, work, options) {
          const log = seen;
          if (!log) return db.withTenant(ctx, work, options);
          return db.withTenant(
            ctx,
            async (tx) => {
              const queries: CompiledQuery[] = [];
              const watched = derivedFrom(
                tx,
                tx.withPlugin({
                  transformQuery({ node, queryId }) {
                    queries.push(tx.getExecutor().compileQuery(node, queryId));
                    return node;
                  },
                  transformResult: async ({ result }) => result,
                }),
              );
              // Same transaction, same scope: the plugin only listens.
              const result = await work(watched as TenantTx<DB>);
              for (const query of queries) log.push(await explain(tx, query));
              return result;
            },
            options,
          );
        },
      };
    },
    /** The queries of one call. */
    async during(call: () => Promise<unknown>): Promise<Explained[]> {
      seen = [];
      try {
        await call();
        return seen;
      } finally {
        seen = undefined;
      }
    },
  };
}

const EXPLAIN = "explain (analyze, costs off, summary off, buffers off)";

async function explain<DB>(tx: Tx<DB>, { sql, parameters }: CompiledQuery): Promise<Explained> {
  const run = (text: string, values: readonly unknown[] = []) =>
    tx.executeQuery<{ "QUERY PLAN": string }>(CompiledQuery.raw(text, [...values]));
  const planOf = async (text: string, values?: readonly unknown[]) =>
    (await run(text, values)).rows.map((row) => row["QUERY PLAN"]);
  const custom = await planOf(`${EXPLAIN} ${sql}`, parameters);
  await run("set local plan_cache_mode = force_generic_plan");
  await run(`prepare explained as ${sql}`);
  const literals = parameters.map((value) =>
    typeof value === "number" ? value : `'${String(value).replaceAll("'", "''")}'`,
  );
  const generic = await planOf(
    `${EXPLAIN} execute explained${literals.length > 0 ? `(${literals.join(", ")})` : ""}`,
  );
  await run("deallocate explained");
  return { sql, custom, generic };
}

/** In words: which index, and whether it looked at rows of others or sorted. */
export function usesIndex(plan: readonly string[]): string {
  const text = plan.join("\n");
  const index =
    /Index (?:Only )?Scan(?: Backward)? using (\w+)/.exec(text)?.[1] ??
    /Bitmap Index Scan on (\w+)/.exec(text)?.[1];
  const wasted = [...text.matchAll(/Rows Removed by Filter: (\d+)/g)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
  return [
    index ? `index ${index}` : "NO INDEX",
    /Seq Scan on activity/.test(text) ? "SEQUENTIAL SCAN" : "",
    /^\s*(->\s*)?Sort\b/m.test(text) ? "sorts" : "",
    wasted > 0 ? `${wasted} rows looked at in vain` : "",
  ]
    .filter(Boolean)
    .join(", ");
}
