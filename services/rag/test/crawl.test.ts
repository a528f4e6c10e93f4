import { CrawlStatus } from "@leadmetrics/proto/rag/v1/crawls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CrawlWorld } from "./crawl-world.ts";
import { html, page, redirect } from "./small-site.ts";

let w: CrawlWorld;
beforeAll(async () => {
  w = await CrawlWorld.start();
});
afterAll(() => w?.close());
afterEach(() => w.renew());

describe("a crawl", () => {
  it("makes the pages of a site knowledge that is cited by address and title", async () => {
    w.site.set("/", page("Acme Bakery", "We bake sourdough bread in Tübingen.", "/about?utm_source=x#team"));
    w.site.set("/about", page("About us", "The bakery was founded in 1921 by Grete Acme.", "/", "/missing"));
    const crawl = await w.crawled();
    expect(crawl).toMatchObject({
      status: CrawlStatus.FINISHED,
      pagesFound: 3,
      pagesRead: 2,
      pagesFailed: 1,
      problem: "",
    });
    expect(await w.pagesOf(crawl)).toEqual({ "/": "read", "/about": "read", "/missing": "not_found" });
    const [best] = await w.ask("who founded the bakery, and when");
    expect(best).toMatchObject({ fileName: "About us", sourceUrl: `${w.site.url}/about` });
    expect([...w.site.agents]).toEqual([expect.stringMatching(/^LeadmetricsBot\//)]);
    expect(w.site.atOnce()).toBeLessThanOrEqual(2);
  });

  it("reads what robots.txt allows and the sitemap names, and nothing else", async () => {
    w.site.set(
      "/robots.txt",
      html(`User-agent: *\nDisallow: /private\nSitemap: ${w.site.url}/map.xml\n`, {
        "content-type": "text/plain",
      }),
    );
    w.site.set(
      "/map.xml",
      html(
        `<urlset><url><loc>${w.site.url}/hidden?a=1&amp;b=2</loc></url><url><loc>https://other.example/</loc></url></urlset>`,
      ),
    );
    w.site.set(
      "/",
      page(
        "Home",
        "A start page with enough words.",
        "/private/plans",
        "https://other.example/x",
        "/logo.png",
      ),
    );
    w.site.set("/hidden?a=1&b=2", page("Hidden", "No link leads here but the sitemap."));
    w.site.set("/private/plans", page("Plans", "Nobody shall read this."));
    const crawl = await w.crawled();
    expect(await w.pagesOf(crawl)).toEqual({
      "/": "read",
      "/hidden?a=1&b=2": "read",
      "/private/plans": "robots",
    });
    expect(w.site.hits.has("/private/plans")).toBe(false);
    expect(w.site.hits.has("/logo.png")).toBe(false);
    expect(w.site.hits.get("/robots.txt")).toBe(1);
  });

  it("never follows a redirect to a private address or to another site", async () => {
    w.inside.set("/", page("Secrets", "The database password is swordfish."));
    w.site.set("/", page("Home", "A start page with enough words.", "/away", "/loop", "/moved"));
    w.site.set("/away", redirect(`${w.inside.url}/`));
    w.site.set("/loop", redirect("/loop"));
    w.site.set("/moved", redirect("/new-home"));
    w.site.set("/new-home", page("New home", "This page has moved here."));
    const crawl = await w.crawled();
    expect(await w.pagesOf(crawl)).toEqual({
      "/": "read",
      "/away": "elsewhere",
      "/loop": "too_many_redirects",
      "/moved": "duplicate",
      "/new-home": "read",
    });
    expect(w.inside.hits.size).toBe(0);
    expect(w.site.hits.get("/new-home")).toBe(1);
  });

  it("refuses a site on a private address, and says so", async () => {
    const crawl = await w.crawled(w.inside.url);
    expect(crawl).toMatchObject({
      status: CrawlStatus.FAILED,
      problemReason: "private_address",
      pagesRead: 0,
    });
    expect(w.inside.hits.size).toBe(0);
  });

  it("goes on past pages that are broken, huge, no pages, empty or endless", async () => {
    w.site.set(
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
    w.site.set("/500", html("oops", {}, 500));
    w.site.set("/huge", (response) => {
      response.writeHead(200, { "content-type": "text/html" });
      const line = `<p>${"x".repeat(1_000)}</p>\n`.repeat(1_000);
      const write = () => {
        while (!response.destroyed && response.write(line));
      };
      response.on("drain", write);
      write();
    });
    w.site.set("/report", (response) =>
      response.writeHead(200, { "content-type": "application/pdf" }).end("%PDF-1.7"),
    );
    w.site.set("/app", html('<!doctype html><div id="root"></div><script>start()</script>'));
    w.site.set("/cut", (response) => {
      response.writeHead(200, { "content-type": "text/html", "content-length": "5000" });
      response.write("<p>half");
      setTimeout(() => response.destroy(), 20);
    });
    w.site.set("/deep", html(`${"<div>".repeat(5_000)}text`));
    // Each page leads one step deeper into itself.
    for (let path = "/a/b", step = 0; step < 6; step += 1, path += "/a/b")
      w.site.set(path, page(`Step ${step}`, `Number ${step} of a loop.`, `${path}/a/b`));
    const crawl = await w.crawled();
    expect(await w.pagesOf(crawl)).toEqual({
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
    expect(w.site.hits.get("/500")).toBe(2);
  }, 60_000);

  it("reads pages in any charset, language and address", async () => {
    w.site.set("/", page("Start", "A start page with enough words.", "/über-uns", "/ru"));
    w.site.set(encodeURI("/über-uns"), page("Über uns – Größe & Güte", "Wir backen Brötchen für Tübingen."));
    const russian = "<title>Пекарня</title><main><p>Мы печём ржаной хлеб на закваске каждое утро.</p></main>";
    w.site.set("/ru", (response) =>
      response
        .writeHead(200, { "content-type": "text/html; charset=windows-1251" })
        .end(Buffer.from([...russian].map((char) => windows1251(char)))),
    );
    await w.crawled();
    expect((await w.ask("ржаной хлеб на закваске"))[0]).toMatchObject({ fileName: "Пекарня" });
    expect((await w.ask("Brötchen für Tübingen"))[0]).toMatchObject({
      fileName: "Über uns – Größe & Güte",
      sourceUrl: `${w.site.url}${encodeURI("/über-uns")}`,
    });
  });

  it("ends at its limit and says so", async () => {
    w.site.set(
      "/",
      page("Home", "A start page with enough words.", ...Array.from({ length: 9 }, (_, n) => `/p${n}`)),
    );
    for (let n = 0; n < 9; n += 1)
      w.site.set(`/p${n}`, page(`Page ${n}`, `This is page number ${n} of nine.`));
    const crawl = await w.crawled(w.site.url, 3);
    expect(crawl).toMatchObject({ status: CrawlStatus.FINISHED, pagesRead: 3, pagesFound: 10, limitedBy: 1 });
    expect(crawl.maxPages).toBe(3);
  });

  it("fails with the reason when not even the start page can be read", async () => {
    w.site.set("/", html("<meta name=robots content=noindex><p>Go away, all of you.</p>"));
    expect(await w.crawled()).toMatchObject({ status: CrawlStatus.FAILED, problemReason: "noindex" });
    w.site.set("/robots.txt", html("", {}, 503));
    expect(await w.crawled()).toMatchObject({ status: CrawlStatus.FAILED, problemReason: "site_error" });
    expect(await w.crawled("https://no-such-site.invalid")).toMatchObject({
      status: CrawlStatus.FAILED,
      problemReason: "unreachable",
    });
  });
});

/** One character of Cyrillic or ASCII in the charset of old Russian sites. */
function windows1251(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x80) return code;
  if (char === "ё") return 0xb8;
  return code - 0x410 + 0xc0;
}
