import { asTenantId, newId } from "@leadmetrics/kit";
import { catalogueTest } from "@leadmetrics/kit/testing";
import { CrawlService } from "@leadmetrics/proto/rag/v1/crawls";
import { RecordsRule, TenantRecordsService } from "@leadmetrics/proto/tenancy/v1/records";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CrawlWorld } from "./crawl-world.ts";
import { page } from "./small-site.ts";

let w: CrawlWorld;
beforeAll(async () => {
  w = await CrawlWorld.start();
});
afterAll(() => w?.close());
afterEach(() => w.renew());

describe("a tenant's records", () => {
  it("name the crawl and its pages in an export, and are gone with them after an erasing", async () => {
    w.site.set("/", page("Home", "A start page with enough words."));
    await w.crawled();
    const records = await w.t.client(TenantRecordsService, { kind: "service", service: "tenancy" }, w.tenant);
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
    w.site.set("/", page("Home", "A start page with enough words."));
    const { ref: crawlRef } = await w.crawled();
    const other = await w.crawlsOf(asTenantId(newId()));
    await expect(other.getCrawl({ crawlRef })).rejects.toThrow(/no such crawl/);
    await expect(other.listCrawlPages({ crawlRef })).rejects.toThrow(/no such crawl/);
    await expect(other.cancelCrawl({ crawlRef })).rejects.toThrow(/no such crawl/);
    const member = await w.t.client(CrawlService, w.t.ctx.tenant(w.tenant, "member").principal);
    await expect(member.startCrawl({ url: w.site.url })).rejects.toThrow();
    await expect((await w.crawlsOf()).startCrawl({ url: "not a site" })).rejects.toThrow(
      /no address of a website/,
    );
  });

  it("tells how far it is, in order, and that it ended", async () => {
    w.site.set("/", page("Home", "A start page with enough words."));
    const { ref } = await w.crawled();
    const { rows } = await w.t.db.withSystem("test", (tx) =>
      sql<{
        event_type: string;
      }>`select event_type from kit.outbox where aggregate_key = ${`crawl:${ref}`} order by id`.execute(tx),
    );
    const told = rows.map(({ event_type }) => event_type.split(".").at(-1));
    expect(told[0]).toBe("CrawlStarted");
    expect(told.at(-1)).toBe("CrawlEnded");
    expect(told.slice(1, -1)).toContain("CrawlProgressed");
  });

  it("holds in every table", () => catalogueTest(w.t));
});
