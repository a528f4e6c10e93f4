import { errors, type Id, isId } from "@leadmetrics/kit";
import { QdrantClient } from "@qdrant/js-client-rest";
import { SPACE_PREFIX, type Space, spaceName, type TenantVectors, type VectorStore } from "./port.ts";

export interface QdrantOptions {
  readonly url: string;
  readonly apiKey?: string;
  /** Put before every collection's name, for a server that several installations share. */
  readonly prefix?: string;
}

const TIMEOUT_MS = 10_000;
/** Points a request. */
const BATCH = 256;

/** Qdrant: one collection per space, divided by tenant inside it (an index that knows it is a tenant's). */
export function qdrantVectors(options: QdrantOptions): VectorStore {
  const client = new QdrantClient({
    url: options.url,
    apiKey: options.apiKey,
    timeout: TIMEOUT_MS,
    checkCompatibility: false,
  });
  const prefix = `${options.prefix ?? ""}${SPACE_PREFIX}`;
  const nameOf = (space: Space) => `${options.prefix ?? ""}${spaceName(space)}`;
  const ready = new Map<string, Promise<void>>();
  const ensure = (space: Space) => {
    const name = nameOf(space);
    const known = ready.get(name) ?? createCollection(client, name, space.dimensions);
    ready.set(name, known);
    known.catch(() => ready.delete(name));
    return known;
  };

  const spaces = async () => {
    const { collections } = await client.getCollections();
    return collections.map(({ name }) => name).filter((name) => name.startsWith(prefix));
  };
  const remove = (must: { key: string; match: { value: string } }[]) =>
    reaching(async () => {
      for (const name of await spaces()) await client.delete(name, { wait: true, filter: { must } });
    });

  return {
    name: `Qdrant at ${options.url}`,
    forTenant(tenantId): TenantVectors {
      const own = { key: "tenant_id", match: { value: tenantId } };
      return {
        upsert: (space, points) =>
          reaching(async () => {
            await ensure(space);
            for (let start = 0; start < points.length; start += BATCH) {
              await client.upsert(nameOf(space), {
                wait: true,
                points: points.slice(start, start + BATCH).map(({ chunkId, fileId, vector }) => ({
                  id: chunkId,
                  vector: [...vector],
                  payload: { tenant_id: tenantId, file_id: fileId },
                })),
              });
            }
          }),
        search: (space, vector, limit) =>
          reaching(async () => {
            if (!(await client.collectionExists(nameOf(space))).exists) return [];
            const { points } = await client.query(nameOf(space), {
              query: [...vector],
              filter: { must: [own] },
              limit,
              with_payload: false,
            });
            return points.map(({ id, score }) => ({
              chunkId: chunkIdOf(id),
              score: Math.max(0, Math.min(1, score)),
            }));
          }),
        removeFile: (fileId) => remove([own, { key: "file_id", match: { value: fileId } }]),
        removeAll: () => remove([own]),
        count: () =>
          reaching(async () => {
            let all = 0;
            for (const name of await spaces())
              all += (await client.count(name, { filter: { must: [own] }, exact: true })).count;
            return all;
          }),
      };
    },
    // Qdrant's own optimizers do it.
    async tidy() {},
    async close() {},
  };
}

async function createCollection(client: QdrantClient, name: string, dimensions: number): Promise<void> {
  if ((await client.collectionExists(name)).exists) return;
  try {
    await client.createCollection(name, {
      vectors: { size: dimensions, distance: "Cosine" },
      // No graph over all tenants, one inside each: a search then costs what the tenant's own vectors cost.
      hnsw_config: { m: 0, payload_m: 16 },
    });
  } catch (error) {
    // Another replica was faster.
    if (!(await client.collectionExists(name)).exists) throw error;
  }
  await client.createPayloadIndex(name, {
    field_name: "tenant_id",
    field_schema: { type: "keyword", is_tenant: true },
    wait: true,
  });
  await client.createPayloadIndex(name, { field_name: "file_id", field_schema: "keyword", wait: true });
}

function chunkIdOf(id: string | number): Id {
  if (typeof id === "string" && isId(id)) return id;
  throw new Error(`Qdrant has a point "${id}" that isn't ours`);
}

function reaching<T>(work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    throw errors.unavailable("The vector store could not be reached. Try again in a moment.", error);
  });
}
