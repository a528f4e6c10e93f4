import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { toRef } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { UploadFileRequestSchema } from "@leadmetrics/proto/rag/v1/files";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RagDb } from "../src/db.ts";
import { embeddingChoice } from "../src/embeddings/choice.ts";
import { offlineEmbeddings } from "../src/embeddings/offline.ts";
import { uploadFile } from "../src/files/upload.ts";
import { startIngest } from "../src/files/worker.ts";
import { folderObjects } from "../src/objects/folder.ts";
import { retrieve } from "../src/retrieve/retrieve.ts";
import { lanceVectors } from "../src/vectors/lance.ts";
import { killedAt } from "./killed.ts";

let t: ServiceTest<RagDb>;
let dir: string;
beforeAll(async () => {
  t = await startServiceTest<RagDb>({
    service: "rag",
    migrations: new URL("../migrations", import.meta.url),
  });
  dir = await mkdtemp(join(tmpdir(), "lm-rag-crash-"));
});
afterAll(async () => {
  await t.close();
  await rm(dir, { recursive: true });
});

it.each(["rag.ingest.parsed", "rag.ingest.upserted", "rag.ingest.embedded"])(
  "a process killed at %s loses nothing and doubles nothing",
  async (failpoint) => {
    const ctx = t.ctx.tenant();
    const objects = folderObjects(join(dir, "files"));
    // Three batches of passages, so that a kill after the first leaves some with and some without a vector.
    const content = Array.from(
      { length: 1_500 },
      (_, n) => `${failpoint}: passage ${n} about ovens, steam and stones.`,
    ).join("\n\n");
    async function* parts() {
      yield create(UploadFileRequestSchema, {
        part: { case: "header", value: { name: `${failpoint}.txt` } },
      });
      yield create(UploadFileRequestSchema, {
        part: { case: "data", value: new TextEncoder().encode(content) },
      });
    }
    const { id } = await uploadFile({ db: t.db, objects }, ctx, parts());
    const state = () =>
      t.db.withTenant(ctx, async (tx) => ({
        file: await tx.selectFrom("file").selectAll().where("id", "=", id).executeTakeFirstOrThrow(),
        chunks: await tx
          .selectFrom("chunk")
          .select(["id", "embedding"])
          .where("file_id", "=", id)
          .orderBy("ordinal")
          .execute(),
      }));

    expect(await killedAt(t, dir, failpoint)).toBe("SIGKILL");
    const left = await state();
    expect(left.file.status).not.toBe("indexed");
    expect(left.file.attempts).toBe(1);

    // The dead worker's lease ends.
    await t.db.withSystem("test", (tx) =>
      tx.updateTable("file").set({ lease_until: new Date() }).where("id", "=", id).execute(),
    );
    const vectors = await lanceVectors(join(dir, "vectors"));
    const offline = offlineEmbeddings();
    const stores = { objects, vectors, embeddings: embeddingChoice(offline, offline) };
    const stop = startIngest(
      { db: t.db, log: t.log, ...stores },
      { concurrency: 1, leaseMs: 5_000, pollMs: 50 },
    );
    await expect.poll(async () => (await state()).file.status, { timeout: 15_000 }).toBe("indexed");
    await stop();

    const { file, chunks } = await state();
    expect(chunks).toHaveLength(file.chunk_count);
    expect(chunks.every(({ embedding }) => embedding === offline.label)).toBe(true);
    // What was stored before the kill was gone on with, not made again.
    if (left.chunks.length > 0)
      expect(chunks.map((chunk) => chunk.id)).toEqual(left.chunks.map((chunk) => chunk.id));
    const [question = new Float32Array()] = await offline.embed([content.slice(0, 500)], ctx.signal);
    const neighbours = await vectors.forTenant(t.tenantA).search(offline, question, 10_000);
    expect(new Set(neighbours.map(({ chunkId }) => chunkId)).size).toBe(neighbours.length);
    const own = new Set(chunks.map((chunk) => chunk.id));
    expect(neighbours.filter(({ chunkId }) => own.has(chunkId))).toHaveLength(chunks.length);
    expect((await retrieve({ db: t.db, ...stores }, ctx, `${failpoint} ovens`, 3)).length).toBe(3);
    const { rows } = await t.db.withSystem("test", (tx) =>
      sql`select 1 from kit.outbox where aggregate_key = ${`file:${toRef(id)}`} and event_type like '%FileIndexed'`.execute(
        tx,
      ),
    );
    expect(rows).toHaveLength(1);
    await vectors.close();
  },
  60_000,
);
