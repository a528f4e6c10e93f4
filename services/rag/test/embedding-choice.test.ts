import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { emit, type TenantId, toRef } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { UploadFileRequestSchema } from "@leadmetrics/proto/rag/v1/files";
import { TenantUpdatedSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RagDb } from "../src/db.ts";
import { embeddingChoice } from "../src/embeddings/choice.ts";
import { offlineEmbeddings } from "../src/embeddings/offline.ts";
import { openAiEmbeddings } from "../src/embeddings/openai.ts";
import { reembed } from "../src/embeddings/reembed.ts";
import { uploadFile } from "../src/files/upload.ts";
import { folderObjects } from "../src/objects/folder.ts";
import { rag } from "../src/rag.ts";
import { retrieve } from "../src/retrieve/retrieve.ts";
import type { Stores } from "../src/stores.ts";
import { lanceVectors } from "../src/vectors/lance.ts";
import { ragTestConfig, ragTestTunables } from "./config.ts";
import { openAiWire } from "./openai-wire.ts";

const OPENAI = "openai-text-embedding-3-small-384";
const OFFLINE = "offline-ngram-384";
const soon = { timeout: 10_000, interval: 50 };

let t: ServiceTest<RagDb>;
let dir: string;
let server: Awaited<ReturnType<typeof openAiWire>>;
let stores: Stores;
beforeAll(async () => {
  t = await startServiceTest<RagDb>({
    service: "rag",
    migrations: new URL("../migrations", import.meta.url),
  });
  dir = await mkdtemp(join(tmpdir(), "lm-rag-choice-"));
  server = await openAiWire();
  const usual = openAiEmbeddings({
    apiKey: "good",
    baseUrl: `${server.url}/v1`,
    model: "text-embedding-3-small",
    dimensions: 384,
  });
  stores = {
    objects: folderObjects(join(dir, "files")),
    vectors: await lanceVectors(join(dir, "vectors")),
    embeddings: embeddingChoice(usual, offlineEmbeddings()),
  };
  await t.start({
    config: ragTestConfig(t.config),
    ...rag(stores, ragTestTunables()),
  });
});
afterAll(async () => {
  await t.close();
  await server.close();
  await rm(dir, { recursive: true });
});

async function upload(tenantId: TenantId, content: string) {
  async function* parts() {
    yield create(UploadFileRequestSchema, { part: { case: "header", value: { name: "note.txt" } } });
    yield create(UploadFileRequestSchema, {
      part: { case: "data", value: new TextEncoder().encode(content) },
    });
  }
  return (await uploadFile({ db: t.db, objects: stores.objects }, t.ctx.tenant(tenantId), parts())).id;
}

const fileOf = (tenantId: TenantId, content: string) =>
  t.db.withTenant(t.ctx.tenant(tenantId), (tx) =>
    tx
      .selectFrom("file")
      .innerJoin("chunk", "chunk.file_id", "file.id")
      .selectAll("file")
      .where("chunk.text", "=", content)
      .executeTakeFirst(),
  );
const embeddingOf = async (tenantId: TenantId, content: string) =>
  (await fileOf(tenantId, content))?.embedding;

async function setLocalOnly(tenantId: TenantId): Promise<void> {
  const ctx = t.ctx.tenant(tenantId);
  const event = { tenantRef: toRef(tenantId), name: "Bakery", timeZone: "UTC", localOnly: true };
  await t.db.withTenant(ctx, (tx) =>
    emit(tx, ctx, TenantUpdatedSchema, event, { aggregate: `tenant:${tenantId}` }),
  );
  const policy = () =>
    t.db.withTenant(ctx, (tx) => tx.selectFrom("tenant_policy").select("local_only").executeTakeFirst());
  await expect.poll(async () => (await policy())?.local_only, soon).toBe(true);
}

it("a local-only tenant's text never reaches the embedding service; others' does", async () => {
  await setLocalOnly(t.tenantA);
  await upload(t.tenantA, "Croissants are folded three times.");
  await upload(t.tenantB, "Baguettes are scored five times.");
  await expect.poll(() => embeddingOf(t.tenantA, "Croissants are folded three times."), soon).toBe(OFFLINE);
  await expect.poll(() => embeddingOf(t.tenantB, "Baguettes are scored five times."), soon).toBe(OPENAI);
  await retrieve({ db: t.db, ...stores }, t.ctx.tenant(t.tenantA), "croissants folded", 3);
  expect(server.requests.flatMap(({ input }) => input).filter((text) => /croissant/i.test(text))).toEqual([]);
});

it("files get new vectors when their tenant's embedding changes", async () => {
  await setLocalOnly(t.tenantB);
  expect(await reembed(t.db, stores.embeddings)).toBe(1);
  await expect
    .poll(async () => (await fileOf(t.tenantB, "Baguettes are scored five times."))?.embedding, soon)
    .toBe(OFFLINE);
  expect(await reembed(t.db, stores.embeddings)).toBe(0);
  const [best] = await retrieve({ db: t.db, ...stores }, t.ctx.tenant(t.tenantB), "baguettes scored", 3);
  expect(best?.text).toBe("Baguettes are scored five times.");
  const [vector = new Float32Array()] = await stores.embeddings.local.embed(
    ["baguettes"],
    new AbortController().signal,
  );
  expect(await stores.vectors.forTenant(t.tenantB).search(stores.embeddings.usual, vector, 5)).toEqual([]);
});

it("questions are answered by words while the embedding service refuses", async () => {
  const away = openAiEmbeddings({
    apiKey: "bad",
    baseUrl: `${server.url}/v1`,
    model: "text-embedding-3-small",
    dimensions: 384,
  });
  const ctx = t.ctx.tenant(t.tenantA);
  const found = await retrieve(
    { db: t.db, ...stores, embeddings: embeddingChoice(away, away) },
    ctx,
    "folded croissants",
    3,
  );
  expect(found[0]?.text).toBe("Croissants are folded three times.");
});
