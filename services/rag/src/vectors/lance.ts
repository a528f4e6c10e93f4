import { type Connection, connect, Index, type Table } from "@lancedb/lancedb";
import { isId, type TenantId } from "@leadmetrics/kit";
import { Field, FixedSizeList, Float32, Schema, Utf8 } from "apache-arrow";
import {
  type Neighbour,
  SPACE_PREFIX,
  type Space,
  spaceName,
  type TenantVectors,
  type VectorStore,
} from "./port.ts";

/** Old versions of a table are kept this long for readers that still have one open, milliseconds. */
const KEEP_VERSIONS_MS = 10 * 60_000;
/**
 * Each write leaves a piece of its own, and every search reads all of them (0.2 ms of processor each): they are put together
 * after so many writes, or when none has come for a while, milliseconds.
 */
const PIECES_MAX = 50;
const QUIET_MS = 5_000;

/**
 * LanceDB on disk, for one process. A search looks at all of a tenant's vectors (found by an index on the tenant), so
 * it is exact; 10,000 take about 2 ms.
 */
export async function lanceVectors(dir: string): Promise<VectorStore> {
  // Another process may have the tables open while one replaces the other.
  const db = await connect(dir, { readConsistencyInterval: 1 });
  const tables = new Map<string, Promise<Table>>();
  // Writers of one table that overlap make each other's commits fail: one at a time.
  let writing: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = writing.then(work);
    writing = next.catch(() => undefined);
    return next;
  };
  let closed = false;
  let pieces = 0;
  let quiet: NodeJS.Timeout | undefined;
  const write = async (work: () => Promise<unknown>): Promise<void> => {
    await inTurn(work);
    pieces += 1;
    clearTimeout(quiet);
    if (closed) return;
    // One that fails is made up for by the next, or by the upkeep, which says so.
    const later = () => void tidy().catch(() => undefined);
    if (pieces >= PIECES_MAX) later();
    else quiet = setTimeout(later, QUIET_MS).unref();
  };
  const existing = async (space: Space): Promise<Table | undefined> => {
    const name = spaceName(space);
    if (!tables.has(name) && !(await db.tableNames()).includes(name)) return undefined;
    return open(db, tables, name, space.dimensions);
  };

  return {
    name: `LanceDB in ${dir}`,
    forTenant: (tenantId) => tenantVectors(tenantId),
    tidy,
    async close() {
      closed = true;
      clearTimeout(quiet);
      await writing;
      db.close();
    },
  };

  async function tidy(): Promise<void> {
    pieces = 0;
    clearTimeout(quiet);
    for (const name of await spaces(db)) {
      const table = await open(db, tables, name);
      await inTurn(async () => {
        if (!closed) await table.optimize({ cleanupOlderThan: new Date(Date.now() - KEEP_VERSIONS_MS) });
      });
    }
  }

  async function remove(predicate: string): Promise<void> {
    for (const name of await spaces(db)) {
      const table = await open(db, tables, name);
      await write(() => table.delete(predicate));
    }
  }

  function tenantVectors(tenantId: TenantId): TenantVectors {
    const own = `tenant_id = '${checked(tenantId)}'`;
    return {
      async upsert(space, points) {
        if (points.length === 0) return;
        const rows = points.map(({ chunkId, fileId, vector }) => ({
          // The tenant is part of the key, so a foreign chunk's id can't overwrite a foreign row.
          key: `${tenantId}/${chunkId}`,
          chunk_id: chunkId,
          file_id: fileId,
          tenant_id: tenantId,
          vector: [...vector],
        }));
        await write(async () => {
          const table = await open(db, tables, spaceName(space), space.dimensions);
          await table.mergeInsert("key").whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(rows);
        });
      },
      async search(space, vector, limit) {
        const table = await existing(space);
        if (!table) return [];
        const rows: { chunk_id: string; _distance: number }[] = await table
          .vectorSearch(vector)
          .distanceType("cosine")
          .where(own)
          .select(["chunk_id", "_distance"])
          .limit(limit)
          .toArray();
        return rows.map(
          ({ chunk_id, _distance }): Neighbour => ({
            chunkId: checked(chunk_id),
            score: Math.max(0, Math.min(1, 1 - _distance)),
          }),
        );
      },
      removeFile: (fileId) => remove(`${own} and file_id = '${checked(fileId)}'`),
      removeAll: () => remove(own),
      async count() {
        let all = 0;
        for (const name of await spaces(db)) all += await (await open(db, tables, name)).countRows(own);
        return all;
      },
    };
  }
}

async function spaces(db: Connection): Promise<string[]> {
  return (await db.tableNames()).filter((name) => name.startsWith(SPACE_PREFIX));
}

/** Opens a table once; with `dimensions` it is created when it isn't there. */
function open(
  db: Connection,
  tables: Map<string, Promise<Table>>,
  name: string,
  dimensions?: number,
): Promise<Table> {
  const known = tables.get(name);
  if (known) return known;
  const opening = dimensions === undefined ? db.openTable(name) : createTable(db, name, dimensions);
  tables.set(name, opening);
  opening.catch(() => tables.delete(name));
  return opening;
}

async function createTable(db: Connection, name: string, dimensions: number): Promise<Table> {
  const text = (column: string) => new Field(column, new Utf8(), false);
  const vector = new Field(
    "vector",
    new FixedSizeList(dimensions, new Field("item", new Float32(), true)),
    false,
  );
  const schema = new Schema([text("key"), text("chunk_id"), text("file_id"), text("tenant_id"), vector]);
  const isNew = !(await db.tableNames()).includes(name);
  const table = await db.createEmptyTable(name, schema, { mode: "create", existOk: true });
  if (isNew) {
    for (const column of ["key", "file_id"]) await table.createIndex(column, { config: Index.btree() });
    await table.createIndex("tenant_id", { config: Index.bitmap() });
  }
  return table;
}

/** Predicates are text, so only ids get into them. */
function checked<T extends string>(id: T) {
  if (!isId(id)) throw new Error(`"${id}" is no id`);
  return id;
}
