import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { CrawlSchema, CrawlStatus } from "@leadmetrics/proto/rag/v1/crawls";
import { describe, expect, it } from "vitest";
import { changesOf, websiteNews } from "./news.ts";

const ENDED = new Date("2026-12-01T09:00:00Z");
const newsOf = (crawl: MessageInitShape<typeof CrawlSchema>, hoursLater = 0) =>
  websiteNews(
    create(CrawlSchema, { startUrl: "https://www.bakery.example/en", again: true, ...crawl }),
    ENDED,
    new Date(ENDED.getTime() + hoursLater * 3_600_000),
  )?.fields;

describe("a website that was read again", () => {
  it("is news when pages are new, changed or gone, or it could not be read", () => {
    const finished = { status: CrawlStatus.FINISHED, pagesRead: 9 };
    expect(newsOf({ ...finished, pagesChanged: 2 })).toEqual({
      website: "bakery.example",
      changes: "2 pages have changed",
    });
    expect(newsOf({ ...finished, pagesGone: 1 })).toMatchObject({ changes: "1 page is gone" });
    expect(newsOf({ status: CrawlStatus.FAILED, problem: "The site doesn't answer." })).toEqual({
      website: "bakery.example",
      problem: "The site doesn't answer.",
    });
  });

  it("is none when all is as it was, somebody stopped it, it is the first time, or it is long ago", () => {
    expect(newsOf({ status: CrawlStatus.FINISHED, pagesUnchanged: 9 })).toBeUndefined();
    expect(newsOf({ status: CrawlStatus.CANCELLED, pagesChanged: 1 })).toBeUndefined();
    expect(newsOf({ status: CrawlStatus.FINISHED, pagesAdded: 9, again: false })).toBeUndefined();
    expect(newsOf({ status: CrawlStatus.FAILED, again: false })).toBeUndefined();
    expect(newsOf({ status: CrawlStatus.FINISHED, pagesAdded: 1 }, 25)).toBeUndefined();
  });

  it("says how many of each", () => {
    const said = (pagesAdded: number, pagesChanged: number, pagesGone: number) =>
      changesOf({ pagesAdded, pagesChanged, pagesGone });
    expect(said(2, 1, 3)).toBe("2 pages are new, 1 has changed and 3 are gone");
    expect(said(1, 0, 1)).toBe("1 page is new and 1 is gone");
    expect(said(0, 0, 0)).toBe("");
  });
});
