import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "@leadmetrics/kit";
import { QdrantClient } from "@qdrant/js-client-rest";
import { describe, it } from "vitest";
import { lanceVectors } from "../src/vectors/lance.ts";
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
