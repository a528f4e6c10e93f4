import { type Id, newId, type TenantId } from "@leadmetrics/kit";
import pg from "pg";

/** The tables of `0001_item.sql`. */
export interface ItemsDb {
  item: { id: string; tenant_id: string; title: string; body: string; created_on?: Date };
}

export const itemMigrations = new URL("./", import.meta.url);

/** Begins a transaction that sees one tenant, in one round trip: what a careful hand would write without the kit. */
export const beginAs = (tenantId: TenantId): string =>
  `begin; select set_config('app.tenant_ids', '{${tenantId}}', true)`;

/** A transaction of one tenant by hand: nothing between it and the driver. */
export async function byHand<T>(
  pool: pg.Pool,
  tenantId: TenantId,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(beginAs(tenantId));
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

/** Prepared once a connection, as the kit does. */
export const INSERT_ITEM = {
  name: "insert_item",
  text: "insert into item (id, tenant_id, title, body) values ($1, $2, $3, $4)",
};

/** Fills every tenant with as many items; returns each one's ids. */
export async function fillItems(
  appUrl: string,
  tenants: readonly TenantId[],
  each: number,
): Promise<Map<TenantId, Id[]>> {
  const pool = new pg.Pool({ connectionString: appUrl, max: 1 });
  const ids = new Map<TenantId, Id[]>();
  for (const tenant of tenants) {
    const own = Array.from({ length: each }, () => newId());
    ids.set(tenant, own);
    await byHand(pool, tenant, (client) =>
      client.query(
        `insert into item (id, tenant_id, title, body)
         select id, $1, 'Rye bread', repeat('A loaf a day. ', 20) from unnest($2::uuid[]) as t (id)`,
        [tenant, own],
      ),
    );
  }
  await pool.end();
  return ids;
}
