/**
 * What the kit costs over the driver: a tenant's read by key and a list of 20. Prints; asserts nothing.
 *
 *   node deploy/load/reads.ts [--seconds 4]
 *
 * The baseline is the same transaction written by hand on the same database: tenant scope and BEGIN in one round trip, a
 * prepared statement, COMMIT.
 */
import { parseArgs } from "node:util";
import {
  asTenantId,
  forTenant,
  keyset,
  newId,
  openDatabase,
  pageOf,
  pageResult,
  systemCtx,
} from "@leadmetrics/kit";
import pg from "pg";
import { DURABILITY, startBackends } from "./backends.ts";
import { byHand, fillItems, type ItemsDb, itemMigrations } from "./items/items.ts";
import {
  alternate,
  closedLoop,
  median,
  medianOf,
  printConditions,
  printRatio,
  printRound,
  ROUNDS,
} from "./measure.ts";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "4" } } });
const seconds = Number(values.seconds);
const WARM_SECONDS = 1.5;
const CONCURRENCY = [1, 10];
const TENANTS = 20;
const ITEMS_EACH = 1_000;
const PAGE = 20;
const POOL = 10;
/** The kit's share of the throughput by hand. */
const AIM = 0.9;

const backends = await startBackends();
try {
  await measure();
} finally {
  await backends.stop();
}

async function measure(): Promise<void> {
  const { log } = backends;
  const database = await backends.database("content", itemMigrations);
  const tenants = Array.from({ length: TENANTS }, () => asTenantId(newId()));
  const ids = await fillItems(database.urls.app, tenants, ITEMS_EACH);
  const db = openDatabase<ItemsDb>({ service: "content", urls: database.urls, log, poolSize: POOL });
  const pool = new pg.Pool({ connectionString: database.urls.app, max: POOL });
  const base = systemCtx("benchmark", { log });
  const scopes = tenants.map((tenant) => ({
    tenant,
    ctx: forTenant(base, tenant),
    ids: ids.get(tenant) ?? [],
  }));
  let turn = 0;
  const next = () => {
    const scope = scopes[turn % scopes.length];
    if (!scope) throw new Error("no tenants");
    const id = scope.ids[(turn++ * 7) % scope.ids.length] ?? "";
    return { ...scope, id };
  };
  const page = pageOf({ pageSize: PAGE });

  const pairs = [
    {
      what: "read by key",
      kit: () => {
        const { ctx, id } = next();
        return db.withTenant(ctx, (tx) =>
          tx.selectFrom("item").selectAll().where("id", "=", id).executeTakeFirstOrThrow(),
        );
      },
      hand: async () => {
        const { tenant, id } = next();
        const [row] = await byHand(pool, tenant, async (client) => {
          const { rows } = await client.query({
            name: "by_key",
            text: 'select * from "item" where "id" = $1',
            values: [id],
          });
          return rows;
        });
        if (!row) throw new Error("not found");
      },
    },
    {
      what: `list of ${PAGE}`,
      kit: async () => {
        const { ctx } = next();
        const rows = await db.withTenant(ctx, (tx) =>
          keyset(tx.selectFrom("item").selectAll(), page).execute(),
        );
        if (pageResult(rows, page).rows.length !== PAGE) throw new Error("not a whole page");
      },
      hand: async () => {
        const { tenant } = next();
        const rows = await byHand(pool, tenant, async (client) => {
          const result = await client.query({
            name: "list",
            text: 'select * from "item" order by "id" desc limit $1',
            values: [PAGE + 1],
          });
          return result.rows;
        });
        if (rows.slice(0, PAGE).length !== PAGE) throw new Error("not a whole page");
      },
    },
  ];

  printConditions(
    `both sides: ${DURABILITY.postgres}; row-level security as the app role; pool of ${POOL}; ${TENANTS} tenants with ${ITEMS_EACH} items each; ${seconds} s a round, median of ${ROUNDS}`,
  );
  for (const { what, kit, hand } of pairs) {
    for (const concurrency of CONCURRENCY) {
      const warm = { concurrency, seconds: WARM_SECONDS };
      await closedLoop(warm, kit);
      await closedLoop(warm, hand);
      const load = { concurrency, seconds };
      const rounds = await alternate(
        () => closedLoop(load, kit),
        () => closedLoop(load, hand),
      );
      console.log(`${what}, ${concurrency} at once`);
      printRound("kit", medianOf(rounds.ours));
      printRound("by hand", medianOf(rounds.baseline));
      const ratios = rounds.ours.map(
        (round, index) => round.perSecond / (rounds.baseline[index]?.perSecond ?? Number.NaN),
      );
      printRatio("by hand", median(ratios), AIM);
    }
  }
  await db.close();
  await pool.end();
  await database.drop();
}
