import { newId } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { Client } from "typesense";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COLLECTIONS } from "../src/collections/index.ts";
import type { SearchDb } from "../src/db.ts";
import { postgresEngine } from "../src/engine/postgres.ts";
import { typesenseEngine } from "../src/engine/typesense.ts";
import { engineContract } from "./contract.ts";
import { typesenseWire } from "./typesense-wire.ts";

let t: ServiceTest<SearchDb>;
beforeAll(async () => {
  t = await startServiceTest<SearchDb>({
    service: "search",
    migrations: new URL("../migrations", import.meta.url),
  });
});
afterAll(() => t.close());

describe("Postgres", () => engineContract(() => ({ t, engine: postgresEngine(t.db) })));

describe("Typesense, at its wire", () => {
  let server: Awaited<ReturnType<typeof typesenseWire>>;
  beforeAll(async () => {
    server = await typesenseWire("admin");
  });
  afterAll(() => server.close());

  const open = (key = "admin") =>
    typesenseEngine({ url: server.url, apiKey: key, collections: COLLECTIONS, audit: async () => undefined });
  engineContract(() => ({ t, engine: open() }));

  it("says that it can't be used with a wrong key", async () => {
    const query = { terms: ["bread"], collections: COLLECTIONS, limit: 10, internal: false };
    await expect(open("wrong").candidates(t.ctx.tenant(), query)).rejects.toMatchObject({
      kind: "unavailable",
    });
  });
});

const { TYPESENSE_URL: url, TYPESENSE_API_KEY: apiKey = "" } = process.env;
if (url && (await answers(url))) {
  describe("Typesense", () => {
    const prefix = `test_${newId().slice(-12)}_`;
    const audit = async () => undefined;
    engineContract(() => ({
      t,
      engine: typesenseEngine({ url, apiKey, collections: COLLECTIONS, audit, prefix }),
    }));
    afterAll(async () => {
      const client = new Client({ nodes: [{ url }], apiKey });
      for (const { name } of COLLECTIONS) await client.collections(`${prefix}${name}`).delete();
    });
  });
} else {
  console.warn(
    `SKIPPED: the search engine contract against Typesense (${url ? `nothing answers at ${url}` : "TYPESENSE_URL isn't set"})`,
  );
  it.skip("Typesense (set TYPESENSE_URL and TYPESENSE_API_KEY)", () => {});
}

async function answers(at: string): Promise<boolean> {
  return fetch(new URL("/health", at), { signal: AbortSignal.timeout(2_000) }).then(
    () => true,
    () => false,
  );
}
