import { fromBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { asTenantId, newId } from "@leadmetrics/kit";
import { CrawlEndedSchema } from "@leadmetrics/proto/rag/events/v1/events";
import { CrawlService, CrawlStatus, WebPageChange } from "@leadmetrics/proto/rag/v1/crawls";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CrawlWorld } from "./crawl-world.ts";
import { html, page } from "./small-site.ts";

let w: CrawlWorld;
beforeAll(async () => {
  w = await CrawlWorld.start();
});
afterAll(() => w?.close());
afterEach(() => w.renew());

describe("a crawl again", () => {
  it("keeps what is the same, replaces what has changed and forgets what has gone", async () => {
    const nonce = () => `<meta name="nonce" content="${newId()}">`;
    w.site.set("/", (response) =>
      html(
        `<head>${nonce()}</head>${page("Home", "A start page with enough words.", "/menu", "/team", "/flaky")}`,
      )(response, {}),
    );
    w.site.set("/menu", page("Menu", "A pretzel costs two euros."));
    w.site.set("/team", page("Team", "Grete and Hans work here."));
    w.site.set("/flaky", page("Opening hours", "Open from six in the morning."));
    await w.crawled();
    const before = await w.filesOf();
    expect(before).toHaveLength(4);
    w.site.set("/menu", page("Menu", "A pretzel costs three euros now."));
    w.site.set("/team", html("", {}, 404));
    w.site.set("/flaky", html("", {}, 503));
    const crawl = await w.crawled();
    expect(crawl).toMatchObject({ pagesRead: 2, pagesUnchanged: 1, pagesFailed: 2 });
    const after = await w.filesOf();
    const refs = (files: typeof after) => Object.fromEntries(files.map(({ name, ref }) => [name, ref]));
    expect(Object.keys(refs(after)).sort()).toEqual(["Home", "Menu", "Opening hours"]);
    expect(refs(after).Home).toBe(refs(before).Home);
    expect(refs(after).Menu).not.toBe(refs(before).Menu);
    const said = (await w.ask("what does a pretzel cost")).map(({ text }) => text).join();
    expect(said).toContain("three euros");
    expect(said).not.toContain("two euros");
  });

  it("tells what it has added, changed and lost, once it has read the site before", async () => {
    const home = (...links: string[]) => page("Home", "A start page with enough words.", ...links);
    w.site.set("/", home("/menu", "/team", "/old"));
    w.site.set("/menu", page("Menu", "A pretzel costs two euros."));
    w.site.set("/team", page("Team", "Grete and Hans work here."));
    w.site.set("/old", page("Old news", "We were closed on Monday."));
    const first = await w.crawled();
    expect(first).toMatchObject({ again: false, pagesAdded: 4, pagesChanged: 0, pagesGone: 0 });
    w.site.set("/", home("/menu", "/team", "/jobs"));
    w.site.set("/menu", page("Menu", "A pretzel costs three euros now."));
    w.site.set("/team", html("", {}, 404));
    w.site.set("/jobs", page("Jobs", "We look for a baker."));
    const second = await w.crawled();
    expect(second).toMatchObject({ again: true, pagesAdded: 1, pagesChanged: 2, pagesUnchanged: 0 });
    expect(second.pagesGone).toBe(2);
    expect(second.goneUrls.toSorted()).toEqual([`${w.site.url}/old`, `${w.site.url}/team`]);
    const crawls = await w.crawlsOf();
    const { pages } = await crawls.listCrawlPages({ crawlRef: second.ref, changedOnly: true });
    expect(Object.fromEntries(pages.map(({ title, change }) => [title, change]))).toEqual({
      Home: WebPageChange.CHANGED,
      Menu: WebPageChange.CHANGED,
      Jobs: WebPageChange.ADDED,
    });
    const third = await w.crawled();
    expect(third).toMatchObject({
      again: true,
      pagesAdded: 0,
      pagesChanged: 0,
      pagesGone: 0,
      pagesUnchanged: 3,
    });
  });
});

describe("the end of a crawl", () => {
  it("is told with what has changed and with who asked for it", async () => {
    w.site.set("/", page("Home", "A start page with enough words."));
    await w.crawled();
    w.site.set("/", page("Home", "Another start page with enough words."));
    const asker = w.t.ctx.tenant(w.tenant, "admin");
    const { crawl } = await (await w.t.client(CrawlService, asker.principal)).startCrawl({ url: w.site.url });
    await w.ended(crawl?.ref ?? "");
    const { rows } = await w.t.db.withSystem("test", (tx) =>
      sql<{ payload: Uint8Array }>`select payload from kit.outbox
        where tenant_id = ${w.tenant} and event_type like '%.CrawlEnded' order by seq desc limit 1`.execute(
        tx,
      ),
    );
    const [told] = rows.map(({ payload }) => fromBinary(CrawlEndedSchema, payload));
    expect(told).toMatchObject({
      askedBy: asker.actor.id,
      crawl: { ref: crawl?.ref, again: true, pagesChanged: 1 },
    });
  });
});

describe("the websites of a company", () => {
  it("are listed with their last crawl and the last that read them", async () => {
    w.site.set("/", page("Home", "A start page with enough words."));
    const read = await w.crawled();
    w.site.set("/", html("", {}, 503));
    const failed = await w.crawled();
    expect(failed.status).toBe(CrawlStatus.FAILED);
    const { websites } = await (await w.crawlsOf()).listWebsites({});
    expect(websites).toHaveLength(1);
    expect(websites[0]).toMatchObject({
      site: w.site.host,
      latest: { ref: failed.ref },
      lastRead: { ref: read.ref, pagesRead: 1 },
    });
    expect(websites[0]?.againFrom).toBeUndefined();
    const other = await w.crawlsOf(asTenantId(newId()));
    expect((await other.listWebsites({})).websites).toEqual([]);
  });

  it("have rest after they were read: asked too soon is refused with the moment it may be", async () => {
    w.site.set("/", page("Home", "A start page with enough words."));
    await w.crawled();
    w.rest.afterReading = 90_000;
    const crawls = await w.crawlsOf();
    const refused = await crawls.startCrawl({ url: w.site.url }).then(
      () => undefined,
      (error: unknown) => ConnectError.from(error),
    );
    expect(refused?.code).toBe(Code.ResourceExhausted);
    expect(refused?.rawMessage).toMatch(/was read a moment ago\. It can be read again in 2 minutes\./);
    const { websites } = await crawls.listWebsites({});
    const waits = Number(websites[0]?.againFrom?.seconds ?? 0n) * 1_000 - Date.now();
    expect(waits).toBeGreaterThan(60_000);
    const elsewhere = await crawls.startCrawl({ url: w.inside.url });
    expect(elsewhere.crawl?.again).toBe(false);
    await w.ended(elsewhere.crawl?.ref ?? "");
  });
});

describe("cancelling", () => {
  it("stops asking the site and keeps what was read", async () => {
    w.site.set(
      "/",
      page("Home", "A start page with enough words.", ...Array.from({ length: 40 }, (_, n) => `/p${n}`)),
    );
    for (let n = 0; n < 40; n += 1)
      w.site.set(`/p${n}`, page(`Page ${n}`, `This is page number ${n} of forty.`));
    const crawls = await w.crawlsOf();
    const { crawl } = await crawls.startCrawl({ url: w.site.url });
    const crawlRef = crawl?.ref ?? "";
    await expect
      .poll(async () => (await crawls.getCrawl({ crawlRef })).crawl?.pagesRead, { timeout: 15_000 })
      .toBeGreaterThan(1);
    await expect(crawls.startCrawl({ url: w.site.url })).rejects.toMatchObject({
      message: expect.stringContaining("being read"),
    });
    expect((await crawls.cancelCrawl({ crawlRef })).crawl?.status).toBe(CrawlStatus.CANCELLED);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const asked = [...w.site.hits.values()].reduce((sum, each) => sum + each, 0);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect([...w.site.hits.values()].reduce((sum, each) => sum + each, 0)).toBe(asked);
    expect((await w.filesOf()).length).toBeGreaterThan(0);
    const again = await crawls
      .cancelCrawl({ crawlRef })
      .catch((error: unknown) => ConnectError.from(error).message);
    expect(again).toContain("ended already");
  });
});
