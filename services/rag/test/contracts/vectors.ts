import { asTenantId, newId } from "@leadmetrics/kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Point, Space, VectorStore } from "../../src/vectors/port.ts";

const near = Float32Array.from([1, 0, 0, 0]);
const nearer = Float32Array.from([0.98, 0.199, 0, 0]);
const far = Float32Array.from([0, 0, 1, 0]);

/** What every vector store does. */
export function vectorStoreContract(
  open: () => Promise<VectorStore>,
  cleanUp: () => Promise<void> = async () => {},
): void {
  describe("a vector store", () => {
    let store: VectorStore;
    const space: Space = { label: `test-${newId()}`, dimensions: 4 };
    const other: Space = { label: `other-${newId()}`, dimensions: 4 };
    const tenant = () => asTenantId(newId());
    const point = (vector: Float32Array, fileId = newId()): Point => ({ chunkId: newId(), fileId, vector });

    beforeAll(async () => {
      store = await open();
    });
    afterAll(async () => {
      await store.close();
      await cleanUp();
    });

    it("finds the nearest first, with scores between 0 and 1", async () => {
      const own = store.forTenant(tenant());
      const points = [point(far), point(nearer), point(near)];
      await own.upsert(space, points);
      const found = await own.search(space, near, 10);
      expect(found.map(({ chunkId }) => chunkId)).toEqual(
        [points[2], points[1], points[0]].map((each) => each?.chunkId),
      );
      expect(found[0]?.score).toBeCloseTo(1, 3);
      expect(found[1]?.score).toBeCloseTo(0.98, 2);
      expect(found[2]?.score).toBeCloseTo(0, 3);
      expect(await own.search(space, near, 1)).toHaveLength(1);
    });

    it("keeps tenants apart, in search and in removal, even for the same chunk and file", async () => {
      const [a, b] = [store.forTenant(tenant()), store.forTenant(tenant())];
      const mine = point(near);
      await a.upsert(space, [mine]);
      expect(await b.search(space, near, 10)).toEqual([]);
      await b.removeFile(mine.fileId);
      expect(await a.search(space, near, 10)).toHaveLength(1);
    });

    it("has one vector per chunk, the last one", async () => {
      const own = store.forTenant(tenant());
      const first = point(far);
      await own.upsert(space, [first]);
      await own.upsert(space, [{ ...first, vector: near }]);
      const found = await own.search(space, near, 10);
      expect(found).toHaveLength(1);
      expect(found[0]?.score).toBeCloseTo(1, 3);
    });

    it("removes a file in all spaces and leaves the others", async () => {
      const own = store.forTenant(tenant());
      const [gone, kept] = [newId(), newId()];
      await own.upsert(space, [point(near, gone), point(near, gone), point(near, kept)]);
      await own.upsert(other, [point(near, gone)]);
      await own.removeFile(gone);
      await own.removeFile(gone);
      expect(await own.search(space, near, 10)).toHaveLength(1);
      expect(await own.search(other, near, 10)).toEqual([]);
    });

    it("counts and removes what a tenant has in all spaces, and leaves the others' alone", async () => {
      const [own, others] = [store.forTenant(tenant()), store.forTenant(tenant())];
      await own.upsert(space, [point(near), point(far)]);
      await own.upsert(other, [point(near)]);
      await others.upsert(space, [point(near)]);
      expect([await own.count(), await others.count()]).toEqual([3, 1]);
      await own.removeAll();
      await own.removeAll();
      expect([await own.count(), await others.count()]).toEqual([0, 1]);
    });

    it("finds nothing in a space nobody has written to", async () => {
      expect(
        await store.forTenant(tenant()).search({ label: `never-${newId()}`, dimensions: 4 }, near, 3),
      ).toEqual([]);
    });

    it("takes many at once and stays whole when tidied up", async () => {
      const own = store.forTenant(tenant());
      const fileId = newId();
      await own.upsert(
        space,
        Array.from({ length: 1_000 }, (_, n) =>
          point(Float32Array.from([Math.cos(n / 1_000), Math.sin(n / 1_000), 0, 0]), fileId),
        ),
      );
      await store.tidy();
      const found = await own.search(space, near, 5);
      expect(found).toHaveLength(5);
      expect(found[0]?.score).toBeCloseTo(1, 3);
    });

    it("takes concurrent writers", async () => {
      const own = store.forTenant(tenant());
      await Promise.all(Array.from({ length: 8 }, () => own.upsert(space, [point(near)])));
      expect(await own.search(space, near, 20)).toHaveLength(8);
    });
  });
}
