import type { Crawl, Website } from "@leadmetrics/web";

const pages = (count: number) => `${count} ${count === 1 ? "page" : "pages"}`;

/** What a reading found, with what it couldn't: "42 pages read, 2 not readable". */
export function readText(crawl: Pick<Crawl, "pagesRead" | "pagesFailed">): string {
  const read = `${pages(crawl.pagesRead)} read`;
  return crawl.pagesFailed > 0 ? `${read}, ${crawl.pagesFailed} not readable` : read;
}

type Changes = Pick<Crawl, "again" | "pagesAdded" | "pagesChanged" | "pagesGone">;

/** What a reading has changed of what agents know; nothing for the first of a site. */
export function changesText({ again, pagesAdded, pagesChanged, pagesGone }: Changes): string {
  if (!again) return "";
  const parts = [
    pagesAdded > 0 ? `${pages(pagesAdded)} added` : "",
    pagesChanged > 0 ? `${pagesChanged} changed` : "",
    pagesGone > 0 ? `${pagesGone} gone` : "",
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join(", ")}.` : "Nothing had changed.";
}

export const hasChanges = (crawl: Changes): boolean =>
  crawl.again && crawl.pagesAdded + crawl.pagesChanged + crawl.pagesGone > 0;

/** Why the last try read nothing new; empty when it did, or none was made since. */
export function failedSince({ latest, lastRead }: Pick<Website, "latest" | "lastRead">): string {
  if (latest.status === "failed") return latest.problem || "The website could not be read.";
  if (latest.status === "cancelled" && latest.ref !== lastRead?.ref) return "The last reading was stopped.";
  return "";
}

/** Milliseconds until a site may be read again; 0 when it may be now. */
export const waitMs = (againFrom: string | null | undefined, now: number): number =>
  againFrom ? Math.max(0, Date.parse(againFrom) - now) : 0;
