import { type Crawl, CrawlStatus } from "@leadmetrics/proto/rag/v1/crawls";
import type { Template } from "../templates/template.ts";
import { websiteChanged, websiteFailed } from "../templates/website-read.ts";

/** Milliseconds after which how a website was read is no news any more. */
const NEWS_MS = 86_400_000;

/** What is told of a website that was read again; undefined when nothing agents use came of it. */
export function websiteNews(
  crawl: Crawl,
  endedOn: Date,
  now: Date,
): { readonly template: Template; readonly fields: Record<string, unknown> } | undefined {
  if (!crawl.again || now.getTime() - endedOn.getTime() > NEWS_MS) return undefined;
  const website = siteOf(crawl.startUrl);
  if (crawl.status === CrawlStatus.FAILED) {
    const problem = crawl.problem || "It could not be read.";
    return { template: websiteFailed, fields: { website, problem } };
  }
  const changes = changesOf(crawl);
  if (crawl.status !== CrawlStatus.FINISHED || !changes) return undefined;
  return { template: websiteChanged, fields: { website, changes } };
}

function siteOf(url: string): string {
  return URL.parse(url)?.host.replace(/^www\./, "") ?? url;
}

/** "2 pages are new, 1 has changed and 3 are gone"; empty when all is as it was. */
export function changesOf(crawl: Pick<Crawl, "pagesAdded" | "pagesChanged" | "pagesGone">): string {
  const counted = [
    { count: crawl.pagesAdded, one: "is new", more: "are new" },
    { count: crawl.pagesChanged, one: "has changed", more: "have changed" },
    { count: crawl.pagesGone, one: "is gone", more: "are gone" },
  ].filter(({ count }) => count > 0);
  const said = counted.map(({ count, one, more }, at) => {
    const noun = at > 0 ? "" : count === 1 ? "page " : "pages ";
    return `${count} ${noun}${count === 1 ? one : more}`;
  });
  const last = said.pop() ?? "";
  return said.length > 0 ? `${said.join(", ")} and ${last}` : last;
}
