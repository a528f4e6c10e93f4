import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConnectError } from "@connectrpc/connect";
import { asTenantId, newId, type TenantId } from "@leadmetrics/kit";
import { catalogueTest, type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { type Crawl, CrawlService, CrawlStatus, WebPageStatus } from "@leadmetrics/proto/rag/v1/crawls";
import { FilesService, RetrieveService } from "@leadmetrics/proto/rag/v1/files";
import { RecordsRule, TenantRecordsService } from "@leadmetrics/proto/tenancy/v1/records";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RagDb } from "../src/db.ts";
import { embeddingChoice } from "../src/embeddings/choice.ts";
import { offlineEmbeddings } from "../src/embeddings/offline.ts";
import { folderObjects } from "../src/objects/folder.ts";
import { rag } from "../src/rag.ts";
import { lanceVectors } from "../src/vectors/lance.ts";
import { ragTestConfig, ragTestTunables } from "./config.ts";
import { html, page, redirect, type SmallSite, smallSite } from "./small-site.ts";

let t: ServiceTest<RagDb>;
let dir: string;
let site: SmallSite;
let inside: SmallSite;
let tenant: TenantId;
/** Sites a crawl may read; the tests' own, which lie on the loopback. */
const allowed: string[] = [];

beforeAll(async () => {
  t = await startServiceTest<RagDb>({
    service: "rag",
    migrations: new URL("../migrations", import.meta.url),
  });
  dir = await mkdtemp(join(tmpdir(), "lm-rag-crawl-"));
  const offline = offlineEmbeddings();
  const stores = {
    objects: folderObjects(join(dir, "files")),
    vectors: await lanceVectors(join(dir, "vectors")),
    embeddings: embeddingChoice(offline, offline),
  };
  await t.start({ config: ragTestConfig(t.config), ...rag(stores, ragTestTunables(allowed)) });
});
afterAll(async () => {
  await t.close();
  await rm(dir, { recursive: true });
});
beforeEach(async () => {
  site = await smallSite();
  inside = await smallSite();
  allowed.push(site.host);
  tenant = asTenantId(newId());
});
afterEach(async () => {
  await site.close();
  await inside.close();
});

const crawlsOf = (of: TenantId = tenant) => t.client(CrawlService, t.ctx.tenant(of, "admin").principal);

async function ended(crawlRef: string): Promise<Crawl> {
  const crawls = await crawlsOf();
  let crawl: Crawl | undefined;
  await expect
    .poll(
      async () => {
        crawl = (await crawls.getCrawl({ crawlRef })).crawl;
        return crawl?.finishedOn !== undefined;
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  if (!crawl) throw new Error("the crawl is gone");
  return crawl;
}

async function crawled(url = site.url, maxPages = 0): Promise<Crawl> {
  const { crawl } = await (await crawlsOf()).startCrawl({ url, maxPages });
  return ended(crawl?.ref ?? "");
}

async function pagesOf({ ref }: Crawl): Promise<Record<string, string>> {
  const { pages } = await (await crawlsOf()).listCrawlPages({ crawlRef: ref, page: { pageSize: 200 } });
  return Object.fromEntries(
    pages.map((each) => [
      each.url.replace(site.url, ""),
      each.status === WebPageStatus.READ ? "read" : each.problemReason || WebPageStatus[each.status],
    ]),
  );
}

async function ask(query: string) {
  const client = await t.client(RetrieveService, t.ctx.tenant(tenant).principal);
  return (await client.retrieve({ query, limit: 3 })).chunks;
}

async function filesOf() {
  const client = await t.client(FilesService, t.ctx.tenant(tenant).principal);
  return (await client.listFiles({})).files;
}

describe("a crawl", () => {
  it("makes the pages of a site knowledge that is cited by address and title", async () => {
    site.set("/", page("Acme Bakery", "We bake sourdough bread in Tübingen.", "/about?utm_source=x#team"));
    site.set("/about", page("About us", "The bakery was founded in 1921 by Grete Acme.", "/", "/missing"));
    const crawl = await crawled();
    expect(crawl).toMatchObject({
      status: CrawlStatus.FINISHED,
      pagesFound: 3,
      pagesRead: 2,
      pagesFailed: 1,
      problem: "",
    });
    expect(await pagesOf(crawl)).toEqual({ "/": "read", "/about": "read", "/missing": "not_found" });
    const [best] = await ask("who founded the bakery, and when");
    expect(best).toMatchObject({ fileName: "About us", sourceUrl: `${site.url}/about` });
    expect([...site.agents]).toEqual([expect.stringMatching(/^LeadmetricsBot\//)]);
    expect(site.atOnce()).toBeLessThanOrEqual(2);
  });

  it("reads what robots.txt allows and the sitemap names, and nothing else", async () => {
    site.set(
      "/robots.txt",
      html(`User-agent: *\nDisallow: /private\nSitemap: ${site.url}/map.xml\n`, {
        "content-type": "text/plain",
      }),
    );
    site.set(
      "/map.xml",
      html(
        `<urlset><url><loc>${site.url}/hidden?a=1&amp;b=2</loc></url><url><loc>https://other.example/</loc></url></urlset>`,
      ),
    );
    site.set(
      "/",
      page(
        "Home",
        "A start page with enough words.",
        "/private/plans",
        "https://other.example/x",
        "/logo.png",
      ),
    );
    site.set("/hidden?a=1&b=2", page("Hidden", "No link leads here but the sitemap."));
    site.set("/private/plans", page("Plans", "Nobody shall read this."));
    const crawl = await crawled();
    expect(await pagesOf(crawl)).toEqual({
      "/": "read",
      "/hidden?a=1&b=2": "read",
      "/private/plans": "robots",
    });
    expect(site.hits.has("/private/plans")).toBe(false);
    expect(site.hits.has("/logo.png")).toBe(false);
    expect(site.hits.get("/robots.txt")).toBe(1);
  });

  it("never follows a redirect to a private address or to another site", async () => {
    inside.set("/", page("Secrets", "The database password is swordfish."));
    site.set("/", page("Home", "A start page with enough words.", "/away", "/loop", "/moved"));
    site.set("/away", redirect(`${inside.url}/`));
    site.set("/loop", redirect("/loop"));
    site.set("/moved", redirect("/new-home"));
    site.set("/new-home", page("New home", "This page has moved here."));
    const crawl = await crawled();
    expect(await pagesOf(crawl)).toEqual({
      "/": "read",
      "/away": "elsewhere",
      "/loop": "too_many_redirects",
      "/moved": "duplicate",
      "/new-home": "read",
    });
    expect(inside.hits.size).toBe(0);
    expect(site.hits.get("/new-home")).toBe(1);
  });

  it("refuses a site on a private address, and says so", async () => {
    const crawl = await crawled(inside.url);
    expect(crawl).toMatchObject({
      status: CrawlStatus.FAILED,
      problemReason: "private_address",
      pagesRead: 0,
    });
    expect(inside.hits.size).toBe(0);
  });

  it("goes on past pages that are broken, huge, no pages, empty or endless", async () => {
    site.set(
      "/",
      page(
        "Home",
        "A start page with enough words.",
        "/500",
        "/huge",
        "/report",
        "/app",
        "/cut",
        "/deep",
        "/a/b",
      ),
    );
    site.set("/500", html("oops", {}, 500));
    site.set("/huge", (response) => {
      response.writeHead(200, { "content-type": "text/html" });
      const line = `<p>${"x".repeat(1_000)}</p>\n`.repeat(1_000);
      const write = () => {
        while (!response.destroyed && response.write(line));
      };
      response.on("drain", write);
      write();
    });
    site.set("/report", (response) =>
      response.writeHead(200, { "content-type": "application/pdf" }).end("%PDF-1.7"),
    );
    site.set("/app", html('<!doctype html><div id="root"></div><script>start()</script>'));
    site.set("/cut", (response) => {
      response.writeHead(200, { "content-type": "text/html", "content-length": "5000" });
      response.write("<p>half");
      setTimeout(() => response.destroy(), 20);
    });
    site.set("/deep", html(`${"<div>".repeat(5_000)}text`));
    // Each page leads one step deeper into itself.
    for (let path = "/a/b", step = 0; step < 6; step += 1, path += "/a/b")
      site.set(path, page(`Step ${step}`, `Number ${step} of a loop.`, `${path}/a/b`));
    const crawl = await crawled();
    expect(await pagesOf(crawl)).toEqual({
      "/": "read",
      "/500": "site_error",
      "/huge": "too_large",
      "/report": "not_a_page",
      "/app": "no_text",
      "/cut": "unreachable",
      "/deep": "unreadable",
      "/a/b": "read",
      "/a/b/a/b": "read",
    });
    expect(crawl).toMatchObject({ status: CrawlStatus.FINISHED, pagesSkipped: 2, pagesFailed: 4 });
    expect(site.hits.get("/500")).toBe(2);
  }, 60_000);

  it("reads pages in any charset, language and address", async () => {
    site.set("/", page("Start", "A start page with enough words.", "/über-uns", "/ru"));
    site.set(encodeURI("/über-uns"), page("Über uns – Größe & Güte", "Wir backen Brötchen für Tübingen."));
    const russian = "<title>Пекарня</title><main><p>Мы печём ржаной хлеб на закваске каждое утро.</p></main>";
    site.set("/ru", (response) =>
      response
        .writeHead(200, { "content-type": "text/html; charset=windows-1251" })
        .end(Buffer.from([...russian].map((char) => windows1251(char)))),
    );
    await crawled();
    expect((await ask("ржаной хлеб на закваске"))[0]).toMatchObject({ fileName: "Пекарня" });
    expect((await ask("Brötchen für Tübingen"))[0]).toMatchObject({
      fileName: "Über uns – Größe & Güte",
      sourceUrl: `${site.url}${encodeURI("/über-uns")}`,
    });
  });

  it("ends at its limit and says so", async () => {
    site.set(
      "/",
      page("Home", "A start page with enough words.", ...Array.from({ length: 9 }, (_, n) => `/p${n}`)),
    );
    for (let n = 0; n < 9; n += 1) site.set(`/p${n}`, page(`Page ${n}`, `This is page number ${n} of nine.`));
    const crawl = await crawled(site.url, 3);
    expect(crawl).toMatchObject({ status: CrawlStatus.FINISHED, pagesRead: 3, pagesFound: 10, limitedBy: 1 });
    expect(crawl.maxPages).toBe(3);
  });

  it("fails with the reason when not even the start page can be read", async () => {
    site.set("/", html("<meta name=robots content=noindex><p>Go away, all of you.</p>"));
    expect(await crawled()).toMatchObject({ status: CrawlStatus.FAILED, problemReason: "noindex" });
    site.set("/robots.txt", html("", {}, 503));
    expect(await crawled()).toMatchObject({ status: CrawlStatus.FAILED, problemReason: "site_error" });
    expect(await crawled("https://no-such-site.invalid")).toMatchObject({
      status: CrawlStatus.FAILED,
      problemReason: "unreachable",
    });
  });
});

describe("a crawl again", () => {
  it("keeps what is the same, replaces what has changed and forgets what has gone", async () => {
    const nonce = () => `<meta name="nonce" content="${newId()}">`;
    site.set("/", (response) =>
      html(
        `<head>${nonce()}</head>${page("Home", "A start page with enough words.", "/menu", "/team", "/flaky")}`,
      )(response, {}),
    );
    site.set("/menu", page("Menu", "A pretzel costs two euros."));
    site.set("/team", page("Team", "Grete and Hans work here."));
    site.set("/flaky", page("Opening hours", "Open from six in the morning."));
    await crawled();
    const before = await filesOf();
    expect(before).toHaveLength(4);
    site.set("/menu", page("Menu", "A pretzel costs three euros now."));
    site.set("/team", html("", {}, 404));
    site.set("/flaky", html("", {}, 503));
    const crawl = await crawled();
    expect(crawl).toMatchObject({ pagesRead: 2, pagesUnchanged: 1, pagesFailed: 2 });
    const after = await filesOf();
    const refs = (files: typeof after) => Object.fromEntries(files.map(({ name, ref }) => [name, ref]));
    expect(Object.keys(refs(after)).sort()).toEqual(["Home", "Menu", "Opening hours"]);
    expect(refs(after).Home).toBe(refs(before).Home);
    expect(refs(after).Menu).not.toBe(refs(before).Menu);
    expect((await ask("what does a pretzel cost"))[0]?.text).toContain("three euros");
  });
});

describe("cancelling", () => {
  it("stops asking the site and keeps what was read", async () => {
    site.set(
      "/",
      page("Home", "A start page with enough words.", ...Array.from({ length: 40 }, (_, n) => `/p${n}`)),
    );
    for (let n = 0; n < 40; n += 1)
      site.set(`/p${n}`, page(`Page ${n}`, `This is page number ${n} of forty.`));
    const crawls = await crawlsOf();
    const { crawl } = await crawls.startCrawl({ url: site.url });
    const crawlRef = crawl?.ref ?? "";
    await expect
      .poll(async () => (await crawls.getCrawl({ crawlRef })).crawl?.pagesRead, { timeout: 15_000 })
      .toBeGreaterThan(1);
    await expect(crawls.startCrawl({ url: site.url })).rejects.toMatchObject({
      message: expect.stringContaining("being read"),
    });
    expect((await crawls.cancelCrawl({ crawlRef })).crawl?.status).toBe(CrawlStatus.CANCELLED);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const asked = [...site.hits.values()].reduce((sum, each) => sum + each, 0);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect([...site.hits.values()].reduce((sum, each) => sum + each, 0)).toBe(asked);
    expect((await filesOf()).length).toBeGreaterThan(0);
    const again = await crawls
      .cancelCrawl({ crawlRef })
      .catch((error: unknown) => ConnectError.from(error).message);
    expect(again).toContain("ended already");
  });
});

describe("a tenant's records", () => {
  it("name the crawl and its pages in an export, and are gone with them after an erasing", async () => {
    site.set("/", page("Home", "A start page with enough words."));
    await crawled();
    const records = await t.client(TenantRecordsService, { kind: "service", service: "tenancy" }, tenant);
    const kinds: string[] = [];
    const files: string[] = [];
    for await (const { part } of records.exportTenantRecords({})) {
      if (part.case === "records") kinds.push(part.value.kind);
      if (part.case === "file") files.push(new TextDecoder().decode(part.value.data));
    }
    expect(kinds).toEqual(expect.arrayContaining(["crawl_job", "file", "web_page"]));
    expect(files.join()).toContain("A start page with enough words.");
    for (let done = false; !done; ) ({ done } = await records.eraseTenantRecords({}));
    const { stores } = await records.countTenantRecords({});
    const left = stores.filter(({ rule, records: count }) => rule !== RecordsRule.KEEP && count > 0n);
    expect(left.map(({ name }) => name)).toEqual([]);
  });
});

describe("isolation", () => {
  it("shows a crawl and its pages to nobody else, and lets only admins start one", async () => {
    site.set("/", page("Home", "A start page with enough words."));
    const { ref: crawlRef } = await crawled();
    const other = await crawlsOf(asTenantId(newId()));
    await expect(other.getCrawl({ crawlRef })).rejects.toThrow(/no such crawl/);
    await expect(other.listCrawlPages({ crawlRef })).rejects.toThrow(/no such crawl/);
    await expect(other.cancelCrawl({ crawlRef })).rejects.toThrow(/no such crawl/);
    const member = await t.client(CrawlService, t.ctx.tenant(tenant, "member").principal);
    await expect(member.startCrawl({ url: site.url })).rejects.toThrow();
    await expect((await crawlsOf()).startCrawl({ url: "not a site" })).rejects.toThrow(
      /no address of a website/,
    );
  });

  it("tells how far it is, in order, and that it ended", async () => {
    site.set("/", page("Home", "A start page with enough words."));
    const { ref } = await crawled();
    const { rows } = await t.db.withSystem("test", (tx) =>
      sql<{
        event_type: string;
      }>`select event_type from kit.outbox where aggregate_key = ${`crawl:${ref}`} order by id`.execute(tx),
    );
    const told = rows.map(({ event_type }) => event_type.split(".").at(-1));
    expect(told[0]).toBe("CrawlStarted");
    expect(told.at(-1)).toBe("CrawlEnded");
    expect(told.slice(1, -1)).toContain("CrawlProgressed");
  });

  it("holds in every table", () => catalogueTest(t));
});

/** One character of Cyrillic or ASCII in the charset of old Russian sites. */
function windows1251(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x80) return code;
  if (char === "ё") return 0xb8;
  return code - 0x410 + 0xc0;
}
