import { describe, expect, it } from "vitest";
import {
  againFrom,
  canonicalUrl,
  charsetOf,
  delayOf,
  isGone,
  isSkip,
  isWorthAsking,
  pauseBefore,
  problemOfAnswer,
  sitemapEntries,
  siteOf,
  startUrl,
} from "./rules.ts";

describe("an address", () => {
  it("is kept in one spelling", () => {
    const base = "https://Crumb.example/bread/";
    for (const [found, kept] of [
      ["rye#top", "https://crumb.example/bread/rye"],
      ["/rye?b=2&a=1&utm_source=x&gclid=y", "https://crumb.example/rye?a=1&b=2"],
      ["//crumb.example:443//rye//", "https://crumb.example/rye/"],
      ["/über uns?", "https://crumb.example/%C3%BCber%20uns"],
      ["https://täst.example", "https://xn--tst-qla.example/"],
    ] as const)
      expect(canonicalUrl(found, base), found).toBe(kept);
  });

  it("of what is no page isn't kept at all", () => {
    for (const found of [
      "mailto:a@b.example",
      "tel:+49",
      "javascript:alert(1)",
      "data:text/html,x",
      "http://u:p@x.example",
      "https://",
      `/${"x".repeat(2_000)}`,
    ])
      expect(canonicalUrl(found, "https://crumb.example/"), found).toBeUndefined();
  });

  it("may be typed without https, but not be a bare word", () => {
    expect(startUrl(" www.crumb.example/ ")).toBe("https://www.crumb.example/");
    expect(startUrl("http://127.0.0.1:3000")).toBe("http://127.0.0.1:3000/");
    expect(startUrl("localhost")).toBeUndefined();
    expect(startUrl("our shop")).toBeUndefined();
    expect(startUrl("ftp://crumb.example")).toBeUndefined();
  });

  it("belongs to the site with and without www, http and https, on the same port", () => {
    const site = siteOf("https://www.crumb.example/");
    for (const own of ["http://crumb.example/x", "https://www.crumb.example/"])
      expect(isWorthAsking(own, site), own).toBe(true);
    for (const other of [
      "https://shop.crumb.example/",
      "https://crumb.example:8443/",
      "https://crumb.example.evil.example/",
    ])
      expect(isWorthAsking(other, site), other).toBe(false);
  });

  it("of a picture, and of links that lead deeper into themselves, isn't asked for", () => {
    const site = "crumb.example";
    expect(isWorthAsking("https://crumb.example/loaf.JPG", site)).toBe(false);
    expect(isWorthAsking("https://crumb.example/a/b/a/b/a", site)).toBe(false);
    expect(isWorthAsking("https://crumb.example/a/b/a/b", site)).toBe(true);
  });
});

describe("an answer", () => {
  it("is a page, is left out, or is a failure", () => {
    expect(problemOfAnswer(200, "text/html; charset=utf-8")).toBeUndefined();
    expect(problemOfAnswer(200, "application/xhtml+xml")).toBeUndefined();
    expect(problemOfAnswer(200, "application/pdf")).toBe("not_a_page");
    expect(problemOfAnswer(200, null)).toBe("not_a_page");
    expect(problemOfAnswer(410, "text/html")).toBe("not_found");
    expect(problemOfAnswer(403, "text/html")).toBe("refused");
    expect(problemOfAnswer(429, "text/html")).toBe("site_error");
    expect(problemOfAnswer(503, null)).toBe("site_error");
  });

  it("ends a page's knowledge only when the page itself has ended", () => {
    for (const gone of ["not_found", "robots", "noindex", "no_text", "duplicate"] as const)
      expect(isGone(gone), gone).toBe(true);
    for (const passing of ["site_error", "unreachable", "refused", "too_large"] as const)
      expect(isGone(passing) || isSkip(passing), passing).toBe(false);
  });

  it("names its charset in the header before the page", () => {
    expect(charsetOf("text/html; charset=ISO-8859-2", '<meta charset="utf-8">')).toBe("iso-8859-2");
    expect(
      charsetOf("text/html", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'),
    ).toBe("windows-1251");
    expect(charsetOf(null, "<p>charset")).toBeUndefined();
  });
});

describe("the pace", () => {
  it("is the site's own where it asks for less, within reason", () => {
    expect(delayOf(undefined)).toBe(250);
    expect(delayOf(2)).toBe(2_000);
    expect(delayOf(3_600)).toBe(10_000);
  });

  it("of another try is what the site asks for, half a minute at most", () => {
    const now = new Date("2026-11-21T12:00:00Z");
    expect(pauseBefore("3", now)).toBe(3_000);
    expect(pauseBefore("Sat, 21 Nov 2026 12:00:05 GMT", now)).toBe(5_000);
    expect(pauseBefore("86400", now)).toBe(30_000);
    expect(pauseBefore("soon", now)).toBe(2_000);
    expect(pauseBefore(null, now)).toBe(2_000);
  });
});

describe("a sitemap", () => {
  it("names pages, or other sitemaps, and nothing it invents", () => {
    expect(
      sitemapEntries(
        "<urlset><url><loc> https://a.example/?x=1&amp;y=2 </loc></url><url><loc><![CDATA[https://a.example/b]]></loc></url></urlset>",
      ),
    ).toEqual({ pages: ["https://a.example/?x=1&y=2", "https://a.example/b"], sitemaps: [] });
    expect(
      sitemapEntries("<sitemapindex><sitemap><loc>https://a.example/1.xml</loc></sitemap></sitemapindex>"),
    ).toEqual({
      pages: [],
      sitemaps: ["https://a.example/1.xml"],
    });
    expect(sitemapEntries(`${"<loc>".repeat(50_000)}`)).toEqual({ pages: [], sitemaps: [] });
  });
});

it("a site has rest after it was read, less after a try that failed, and none while it was never tried", () => {
  const rest = { afterReading: 600_000, afterFailure: 60_000 };
  const now = new Date("2026-12-01T09:00:00Z");
  const ended = (status: "finished" | "failed" | "cancelled", minutesAgo: number) => ({
    status,
    finished_on: new Date(now.getTime() - minutesAgo * 60_000),
  });
  expect(againFrom(undefined, rest, now)).toBeUndefined();
  expect(againFrom({ status: "reading", finished_on: null }, rest, now)).toBeUndefined();
  expect(againFrom(ended("finished", 4), rest, now)).toEqual(new Date("2026-12-01T09:06:00Z"));
  expect(againFrom(ended("finished", 10), rest, now)).toBeUndefined();
  expect(againFrom(ended("failed", 4), rest, now)).toBeUndefined();
  expect(againFrom(ended("cancelled", 0), rest, now)).toEqual(new Date("2026-12-01T09:01:00Z"));
});
