import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asTenantId, newId } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { insertCrawl } from "../src/crawl/store.ts";
import { startCrawls } from "../src/crawl/worker.ts";
import type { RagDb } from "../src/db.ts";
import { embeddingChoice } from "../src/embeddings/choice.ts";
import { offlineEmbeddings } from "../src/embeddings/offline.ts";
import { startIngest } from "../src/files/worker.ts";
import { folderObjects } from "../src/objects/folder.ts";
import { lanceVectors } from "../src/vectors/lance.ts";
import { ragTestTunables } from "./config.ts";
import { killedAt } from "./killed.ts";
import { page, smallSite } from "./small-site.ts";

let t: ServiceTest<RagDb>;
let dir: string;
beforeAll(async () => {
  t = await startServiceTest<RagDb>({
    service: "rag",
    migrations: new URL("../migrations", import.meta.url),
  });
  dir = await mkdtemp(join(tmpdir(), "lm-rag-crawl-crash-"));
});
afterAll(async () => {
  await t.close();
  await rm(dir, { recursive: true });
});

it.each([
  ["rag.crawl.kept", 2],
  ["rag.crawl.stored", 1],
])(
  "a crawl whose process is killed at %s goes on in another, and asks for what was stored no second time",
  async (failpoint, startPageAsked) => {
    const site = await smallSite();
    site.set("/", page("Home", "A start page with enough words.", "/a", "/b", "/c"));
    for (const path of ["/a", "/b", "/c"])
      site.set(path, page(`Page ${path}`, `This is what stands at ${path}.`, "/"));
    const tenant = asTenantId(newId());
    const ctx = t.ctx.tenant(tenant);
    const id = newId();
    await t.db.withTenant(ctx, (tx) => insertCrawl(tx, ctx, { id, url: `${site.url}/`, maxPages: 50 }));
    const state = () =>
      t.db.withTenant(ctx, async (tx) => ({
        crawl: await tx.selectFrom("crawl_job").selectAll().where("id", "=", id).executeTakeFirstOrThrow(),
        pages: await tx
          .selectFrom("web_page")
          .selectAll()
          .where("crawl_id", "=", id)
          .orderBy("url")
          .execute(),
        files: await tx.selectFrom("file").selectAll().execute(),
      }));

    expect(await killedAt(t, dir, failpoint, { SSRF_ALLOW: site.host })).toBe("SIGKILL");
    expect((await state()).crawl).toMatchObject({
      status: "reading",
      attempts: failpoint === "rag.crawl.kept" ? 1 : 0,
    });

    // The dead process' leases end.
    await t.db.withSystem("test", async (tx) => {
      await tx.updateTable("crawl_job").set({ lease_until: new Date() }).where("id", "=", id).execute();
      await tx.updateTable("file").set({ lease_until: new Date() }).execute();
    });
    const offline = offlineEmbeddings();
    const stores = {
      objects: folderObjects(join(dir, "files")),
      vectors: await lanceVectors(join(dir, "vectors")),
      embeddings: embeddingChoice(offline, offline),
    };
    const { crawl, ingest, allowPrivate } = ragTestTunables([site.host]);
    const stopIngest = startIngest({ db: t.db, log: t.log, ...stores }, ingest);
    const stopCrawls = startCrawls({ db: t.db, log: t.log, ...stores, allowPrivate }, crawl);
    await expect.poll(async () => (await state()).crawl.status, { timeout: 20_000 }).toBe("finished");
    await Promise.all([stopIngest(), stopCrawls()]);

    const { crawl: done, pages, files } = await state();
    expect(done).toMatchObject({ pages_found: 4, pages_read: 4, pages_failed: 0 });
    expect(pages.map(({ status }) => status)).toEqual(["read", "read", "read", "read"]);
    expect(files).toHaveLength(4);
    expect(site.hits.get("/")).toBe(startPageAsked);
    expect(site.hits.get("/robots.txt")).toBe(1);
    for (const path of ["/a", "/b", "/c"]) expect(site.hits.get(path)).toBe(1);
    await stores.vectors.close();
    await site.close();
  },
  60_000,
);
