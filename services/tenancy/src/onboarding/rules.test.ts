import { describe, expect, it } from "vitest";
import { afterCrawl, recent, type Steps, statusAfter, websiteOf } from "./rules.ts";

const done = { state: "done", on: "", by: "" } as const;
const skipped = { state: "skipped", on: "", by: "" } as const;

describe("an onboarding", () => {
  it("is over when all that matters is there, or nothing is left open", () => {
    const essential: Steps = { context: done, channels: done, plan: done };
    expect(statusAfter("open", essential)).toBe("finished");
    expect(statusAfter("put_off", essential)).toBe("finished");
    expect(statusAfter("open", { ...essential, plan: skipped })).toBe("open");
    const rest = { company: done, website: skipped };
    expect(statusAfter("open", { ...essential, ...rest, plan: skipped })).toBe("finished");
  });

  it("is open again when a step of a finished one is, and stays put off meanwhile", () => {
    expect(statusAfter("finished", { company: done })).toBe("open");
    expect(statusAfter("put_off", { company: done })).toBe("put_off");
  });
});

describe("a website", () => {
  it("is what can be one, https when nothing is said", () => {
    expect(websiteOf(" www.crumb.example/bread#rye ")).toBe("https://www.crumb.example/bread");
    expect(websiteOf("http://127.0.0.1:4195")).toBe("http://127.0.0.1:4195/");
    for (const typed of [
      "our shop",
      "localhost",
      "ftp://a.example",
      "https://me:secret@a.example",
      "https://",
    ])
      expect(websiteOf(typed), typed).toBeUndefined();
  });
});

describe("the end of a crawl", () => {
  const crawl = { ended: "finished", pagesRead: 3, problem: "", reason: "" } as const;

  it("leads to the agent when anything was read, whoever ended it", () => {
    expect(afterCrawl(crawl)).toEqual({ kind: "write" });
    expect(afterCrawl({ ...crawl, ended: "cancelled" })).toEqual({ kind: "write" });
    expect(afterCrawl({ ...crawl, ended: "cancelled", pagesRead: 0 })).toEqual({ kind: "none" });
    expect(
      afterCrawl({ ...crawl, ended: "failed", pagesRead: 0, problem: "Away.", reason: "unreachable" }),
    ).toEqual({
      kind: "fail",
      problem: "Away.",
      reason: "unreachable",
    });
  });
});

it("research counts for a day", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  const begun = [new Date("2026-11-20T11:59:00Z"), new Date("2026-11-20T12:01:00Z")];
  expect(recent(begun, now)).toEqual([begun[1]]);
});
