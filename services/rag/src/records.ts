import type { Database } from "@leadmetrics/kit";
import {
  type HeldStore,
  type ServedService,
  type TenantCtx,
  type TenantFile,
  tenantRecords,
  toRef,
} from "@leadmetrics/kit";
import type { RagDb } from "./db.ts";
import type { ObjectStore } from "./objects/port.ts";
import type { VectorStore } from "./vectors/port.ts";

/** Objects that are removed, or listed, at a time. */
const OBJECTS_AT_ONCE = 100;

/** What a tenant has here beside its rows: the files as they were uploaded, and the vectors of their passages. */
export function ragRecords({
  db,
  objects,
  vectors,
}: {
  db: Database<RagDb>;
  objects: ObjectStore;
  vectors: VectorStore;
}): ServedService {
  return tenantRecords({
    db,
    stores: [objectsOf(objects), vectorsOf(vectors)],
    // Cut from the files anew by whoever needs them.
    derived: ["chunk", "removal"],
    files: (ctx, after) => files(db, objects, ctx, after),
  });
}

const folderOf = ({ tenantId }: TenantCtx) => toRef(tenantId);

function objectsOf(objects: ObjectStore): HeldStore {
  return {
    name: "objects",
    async count(ctx) {
      let all = 0;
      for (let after = ""; ; ) {
        const keys = await objects.list(folderOf(ctx), after, OBJECTS_AT_ONCE);
        all += keys.length;
        const last = keys.at(-1);
        if (last === undefined) return all;
        after = last;
      }
    },
    async erase(ctx) {
      const keys = await objects.list(folderOf(ctx), "", OBJECTS_AT_ONCE);
      for (const key of keys) await objects.remove(key);
      return keys.length;
    },
  };
}

function vectorsOf(vectors: VectorStore): HeldStore {
  const count = ({ tenantId }: TenantCtx) => vectors.forTenant(tenantId).count();
  return {
    name: "vectors",
    count,
    async erase(ctx) {
      const there = await count(ctx);
      if (there > 0) await vectors.forTenant(ctx.tenantId).removeAll();
      return there;
    },
  };
}

/** The tenant's files in the order of their ids. */
async function* files(
  db: Database<RagDb>,
  objects: ObjectStore,
  ctx: TenantCtx,
  after: string,
): AsyncGenerator<TenantFile> {
  for (let last = after; ; ) {
    const row = await db.withTenant(
      ctx,
      (tx) => {
        const next = tx.selectFrom("file").select(["id", "name", "object_key"]).orderBy("id").limit(1);
        return (last ? next.where("id", ">", last as typeof ctx.tenantId) : next).executeTakeFirst();
      },
      { readOnly: true },
    );
    if (!row) return;
    last = row.id;
    const bytes = await objects.get(row.object_key);
    // Another one may have deleted it just now.
    if (bytes) yield { path: `${toRef(row.id)}/${row.name}`, bytes, position: row.id };
  }
}
