import { expect, it } from "vitest";
import { changesText, failedSince, hasChanges, readText, waitMs } from "./websites.ts";

const none = { again: true, pagesAdded: 0, pagesChanged: 0, pagesGone: 0 };

it("a reading says what it found and what it couldn't read", () => {
  expect(readText({ pagesRead: 1, pagesFailed: 0 })).toBe("1 page read");
  expect(readText({ pagesRead: 42, pagesFailed: 2 })).toBe("42 pages read, 2 not readable");
});

it("a reading says what it changed, and that nothing did; the first of a site has nothing to compare", () => {
  expect(changesText({ ...none, pagesAdded: 3, pagesChanged: 1, pagesGone: 2 })).toBe(
    "3 pages added, 1 changed, 2 gone.",
  );
  expect(changesText(none)).toBe("Nothing had changed.");
  expect(changesText({ ...none, again: false, pagesAdded: 9 })).toBe("");
  expect(hasChanges({ ...none, again: false, pagesAdded: 9 })).toBe(false);
  expect(hasChanges({ ...none, pagesGone: 1 })).toBe(true);
});

it("a try that came to nothing is told, whatever was read before", () => {
  const crawl = {
    ref: "A",
    startUrl: "https://a.example",
    pagesFound: 1,
    pagesRead: 1,
    pagesUnchanged: 0,
    pagesSkipped: 0,
    pagesFailed: 0,
    readingUrl: "",
    problem: "",
    problemReason: "",
    maxPages: 150,
    ...none,
    goneUrls: [],
  };
  const read = { ...crawl, status: "finished" as const };
  expect(failedSince({ latest: read, lastRead: read })).toBe("");
  const down = { ...crawl, ref: "B", status: "failed" as const, problem: "The site can't be reached." };
  expect(failedSince({ latest: down, lastRead: read })).toBe("The site can't be reached.");
  const stopped = { ...crawl, ref: "C", status: "cancelled" as const };
  expect(failedSince({ latest: stopped, lastRead: read })).toBe("The last reading was stopped.");
});

it("the rest of a site is over when its moment has come", () => {
  const now = Date.parse("2026-12-01T09:00:00Z");
  expect(waitMs("2026-12-01T09:01:30Z", now)).toBe(90_000);
  expect(waitMs("2026-12-01T08:59:00Z", now)).toBe(0);
  expect(waitMs(null, now)).toBe(0);
});
