import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, Code, ConnectError } from "@connectrpc/connect";
import { type Principal, type TenantId, toRef } from "@leadmetrics/kit";
import { catalogueTest, type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { FileStatus, FilesService, RetrieveService } from "@leadmetrics/proto/rag/v1/files";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RagDb } from "../src/db.ts";
import { embeddingChoice } from "../src/embeddings/choice.ts";
import { offlineEmbeddings } from "../src/embeddings/offline.ts";
import { folderObjects } from "../src/objects/folder.ts";
import { rag } from "../src/rag.ts";
import { lanceVectors } from "../src/vectors/lance.ts";
import { ragTestConfig, ragTestTunables } from "./config.ts";
import { docx, pdf } from "./files.ts";
import { upload } from "./upload.ts";

const MIB = 1024 * 1024;
const text = (value: string) => new TextEncoder().encode(value);

let t: ServiceTest<RagDb>;
let dir: string;
let objects: ReturnType<typeof folderObjects>;
let vectors: Awaited<ReturnType<typeof lanceVectors>>;

beforeAll(async () => {
  t = await startServiceTest<RagDb>({
    service: "rag",
    migrations: new URL("../migrations", import.meta.url),
  });
  dir = await mkdtemp(join(tmpdir(), "lm-rag-"));
  objects = folderObjects(join(dir, "files"));
  vectors = await lanceVectors(join(dir, "vectors"));
  const offline = offlineEmbeddings();
  const stores = { objects, vectors, embeddings: embeddingChoice(offline, offline) };
  await t.start({
    config: ragTestConfig(t.config),
    ...rag(stores, ragTestTunables()),
  });
});
afterAll(async () => {
  await t.close();
  await rm(dir, { recursive: true });
});

const principal = (tenantId: TenantId): Principal => t.ctx.tenant(tenantId).principal;
const filesOf = (tenantId: TenantId) => t.client(FilesService, principal(tenantId));
const ask = async (tenantId: TenantId, query: string, limit = 3) =>
  (await (await t.client(RetrieveService, principal(tenantId))).retrieve({ query, limit })).chunks;

async function settled(files: Client<typeof FilesService>, fileRef: string) {
  for (;;) {
    const { file } = await files.getFile({ fileRef });
    if (file?.status === FileStatus.INDEXED || file?.status === FileStatus.REFUSED) return file;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function failure(promise: Promise<unknown>): Promise<ConnectError> {
  return promise.then(
    () => expect.fail("expected a failure"),
    (error: unknown) => ConnectError.from(error),
  );
}

describe("knowledge", () => {
  it.each([
    [
      "starter.pdf",
      () => pdf(["A levain is a pre-ferment.", "The crumb opens up when the oven has steam."]),
      "steam in the oven",
      "page 2",
    ],
    [
      "rye.pdf",
      () => readFile(new URL("./fixtures/rye-handbook.pdf", import.meta.url)),
      "rye loaf wrapped in linen",
      "page 2",
    ],
    [
      "guide.docx",
      () =>
        docx([
          ["Heading1", "Prices"],
          ["Normal", "A wholesale croissant costs two euros."],
        ]),
      "wholesale croissant price",
      "Prices",
    ],
    [
      "faq.md",
      () => text("# FAQ\n\n## Allergens\n\nOur pretzels contain sesame."),
      "do pretzels have sesame",
      "FAQ › Allergens",
    ],
    [
      "about.html",
      () =>
        text("<html><body><h1>About</h1><p>The bakery was founded in Tübingen in 1921.</p></body></html>"),
      "when was the bakery founded",
      "About",
    ],
    ["notes.txt", () => text("Delivery vans leave at half past four."), "delivery vans", ""],
  ])("of %s is found and cited", async (name, content, question, locator) => {
    const files = await filesOf(t.tenantA);
    const uploaded = await upload(files, name, await content());
    expect(uploaded).toMatchObject({ name, status: FileStatus.UPLOADED, progressPercent: 0 });
    expect(await settled(files, uploaded.ref)).toMatchObject({
      status: FileStatus.INDEXED,
      progressPercent: 100,
      problem: "",
      embedding: "offline-ngram-384",
    });
    const [best] = await ask(t.tenantA, question);
    expect(best).toMatchObject({ fileRef: uploaded.ref, fileName: name, locator });
    expect(best?.score).toBeGreaterThan(0.2);
    expect(best?.score).toBeLessThanOrEqual(1);
  });

  it("says how far it is, in events", async () => {
    const file = await upload(await filesOf(t.tenantA), "progress.txt", text("Every stage says so."));
    await settled(await filesOf(t.tenantA), file.ref);
    const { rows } = await eventsOf(file.ref);
    expect(rows).toEqual([
      "rag.file.uploaded",
      "rag.file.progressed",
      "rag.file.progressed",
      "rag.file.progressed",
      "rag.file.progressed",
      "rag.file.indexed",
    ]);
  });

  it("is recognised when it comes again, whatever its name", async () => {
    const files = await filesOf(t.tenantA);
    const first = await upload(files, "one.txt", text("The same words."));
    const second = await upload(files, "two.txt", text("The same words."));
    expect(second.ref).toBe(first.ref);
  });

  it("of one tenant is invisible to another", async () => {
    const [a, b] = [await filesOf(t.tenantA), await filesOf(t.tenantB)];
    const secret = await upload(a, "secret.txt", text("The zanzibar recipe needs cardamom."));
    await settled(a, secret.ref);
    expect((await ask(t.tenantA, "zanzibar recipe"))[0]?.fileRef).toBe(secret.ref);
    expect(await ask(t.tenantB, "zanzibar recipe")).toEqual([]);
    expect((await b.listFiles({})).files).toEqual([]);
    expect((await failure(b.getFile({ fileRef: secret.ref }))).code).toBe(Code.NotFound);
    expect((await failure(b.deleteFile({ fileRef: secret.ref }))).code).toBe(Code.NotFound);
    const same = await upload(b, "mine.txt", text("The zanzibar recipe needs cardamom."));
    expect(same.ref).not.toBe(secret.ref);
  });

  it("that is deleted is gone everywhere", async () => {
    const files = await filesOf(t.tenantA);
    const { ref } = await upload(files, "gone.txt", text("Quokkas eat brioche on Sundays."));
    await settled(files, ref);
    const row = await t.db.withTenant(t.ctx.tenant(), (tx) =>
      tx.selectFrom("file").selectAll().where("name", "=", "gone.txt").executeTakeFirstOrThrow(),
    );
    expect(await objects.get(row.object_key)).toBeDefined();
    await files.deleteFile({ fileRef: ref });
    expect((await ask(t.tenantA, "quokkas brioche")).some((chunk) => chunk.fileRef === ref)).toBe(false);
    expect(await objects.get(row.object_key)).toBeUndefined();
    expect((await failure(files.getFile({ fileRef: ref }))).code).toBe(Code.NotFound);
  });

  it("lists newest first, in pages", async () => {
    const files = await filesOf(t.tenantA);
    const first = await files.listFiles({ page: { pageSize: 2 } });
    const second = await files.listFiles({
      page: { pageSize: 2, pageToken: first.page?.nextPageToken ?? "" },
    });
    const refs = [...first.files, ...second.files].map(({ ref }) => ref);
    expect(refs).toHaveLength(4);
    expect(refs).toEqual(refs.toSorted().toReversed());
  });
});

describe("a file that can't be taken is refused at once, and nothing is kept", () => {
  it.each([
    ["empty.pdf", () => new Uint8Array(), "FILE_EMPTY"],
    ["large.txt", () => new Uint8Array(11 * MIB).fill(97), "FILE_TOO_LARGE"],
    ["named.pdf", () => docx([["Normal", "I am Word"]]), "FILE_TYPE_MISMATCH"],
    ["photo.png", () => Uint8Array.from([0x89, 0x50, 0x4e, 0x47]), "FILE_TYPE_UNSUPPORTED"],
  ])("%s", async (name, content, reason) => {
    const files = await filesOf(t.tenantB);
    const error = await failure(upload(files, name, content()));
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.rawMessage).toContain(`"${name}"`);
    expect(JSON.stringify(error.details)).toContain(reason);
    expect((await files.listFiles({})).files.some((file) => file.name === name)).toBe(false);
  });

  it("a viewer may not upload", async () => {
    const files = await t.client(FilesService, t.ctx.tenant(t.tenantA, "viewer").principal);
    expect((await failure(upload(files, "a.txt", text("a")))).code).toBe(Code.PermissionDenied);
  });
});

describe("a file that turns out to be unreadable is refused with the reason, and the others go through", () => {
  it.each([
    ["locked.pdf", () => pdf(["secret"], { encrypted: true }), "file_encrypted"],
    ["cut.pdf", () => Buffer.from("%PDF-1.7\n1 0 obj\n<< /Type /Catalog"), "file_broken"],
    ["scan.pdf", () => pdf([""]), "file_without_text"],
  ])("%s", async (name, content, reason) => {
    const files = await filesOf(t.tenantA);
    const bad = await upload(files, name, content());
    const good = await upload(files, `beside-${name}.txt`, text(`Beside ${name} all is well.`));
    expect(await settled(files, bad.ref)).toMatchObject({
      status: FileStatus.REFUSED,
      problemReason: reason,
      chunkCount: 0,
    });
    expect((await settled(files, good.ref)).status).toBe(FileStatus.INDEXED);
    expect((await eventsOf(bad.ref)).rows.at(-1)).toBe("rag.file.refused");
  });
});

it("a reviewer reads the knowledge of assigned tenants only", async () => {
  const { principal: reviewer } = t.ctx.reviewer([t.tenantA]);
  const mine = await t.client(FilesService, reviewer, t.tenantA);
  expect((await mine.listFiles({})).files.length).toBeGreaterThan(0);
  const other = await t.client(FilesService, reviewer, t.tenantB);
  expect((await failure(other.listFiles({}))).code).toBe(Code.NotFound);
});

it("the database lets no tenant see another's rows", () => catalogueTest(t));

async function eventsOf(fileRef: string): Promise<{ rows: string[] }> {
  return t.db.withSystem("test", async (tx) => {
    const { sql } = await import("kysely");
    const { rows } = await sql<{
      subject: string;
    }>`select subject from kit.outbox where aggregate_key = ${`file:${fileRef}`} order by seq`.execute(tx);
    return {
      rows: rows.map(({ subject }) => subject.replace(/^evt\./, "").replace(`.v1.${toRef(t.tenantA)}`, "")),
    };
  });
}
