import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "@lancedb/lancedb";
import { asTenantId, newId } from "@leadmetrics/kit";
import { QdrantClient } from "@qdrant/js-client-rest";
import { describe, expect, it } from "vitest";
import { lanceVectors } from "../src/vectors/lance.ts";
import { spaceName } from "../src/vectors/port.ts";
import { qdrantVectors } from "../src/vectors/qdrant.ts";
import { vectorStoreContract } from "./contracts/vectors.ts";
import { qdrantWire } from "./qdrant-wire.ts";
import { answers } from "./reachable.ts";

describe("LanceDB", () => {
  let dir: string;
  vectorStoreContract(
    async () => {
      dir = await mkdtemp(join(tmpdir(), "lm-vectors-"));
      return lanceVectors(dir);
    },
    () => rm(dir, { recursive: true }),
  );

  it("puts the pieces of many writes together by itself, so that a search doesn't read each of them", async () => {
    const dir = await mkdtemp(join(tmpdir(), "lm-vectors-"));
    const store = await lanceVectors(dir);
    const space = { label: "pieces", dimensions: 2 };
    const tenant = store.forTenant(asTenantId(newId()));
    const WRITES = 60;
    for (let write = 0; write < WRITES; write++)
      await tenant.upsert(space, [{ chunkId: newId(), fileId: newId(), vector: Float32Array.of(write, 1) }]);
    // Nobody has asked for the upkeep.
    const db = await connect(dir, { readConsistencyInterval: 0 });
    const table = await db.openTable(spaceName(space));
    await expect
      .poll(async () => (await table.stats()).fragmentStats.numFragments, { timeout: 10_000 })
      .toBeLessThan(WRITES / 4);
    expect(await tenant.count()).toBe(WRITES);
    db.close();
    await store.close();
    await rm(dir, { recursive: true });
  });
});

describe("Qdrant, at its wire", () => {
  let server: Awaited<ReturnType<typeof qdrantWire>>;
  vectorStoreContract(
    async () => {
      server = await qdrantWire();
      return qdrantVectors({ url: server.url });
    },
    () => server.close(),
  );
});

const url = process.env.QDRANT_URL;
if (await answers(url, "/readyz")) {
  describe("Qdrant", () => {
    const prefix = `test_${newId().slice(-12)}_`;
    const options = { url, apiKey: process.env.QDRANT_API_KEY };
    vectorStoreContract(
      async () => qdrantVectors({ ...options, url: url ?? "", prefix }),
      async () => {
        const client = new QdrantClient(options);
        const { collections } = await client.getCollections();
        for (const { name } of collections.filter((each) => each.name.startsWith(prefix)))
          await client.deleteCollection(name);
      },
    );
  });
} else {
  console.warn(
    `SKIPPED: the vector store contract against Qdrant (${url ? `nothing answers at ${url}` : "QDRANT_URL isn't set"})`,
  );
  it.skip("Qdrant (set QDRANT_URL)", () => {});
}
