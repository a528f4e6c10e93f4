import { CRAWL } from "./limits.ts";

/** Parameters that say where a reader came from, not what they read. */
const TRACKING =
  /^(utm_\w+|gclid|gbraid|wbraid|dclid|fbclid|msclkid|mc_[ce]id|_hs\w+|igshid|ref_src|yclid|sessionid|phpsessid|jsessionid|sid)$/i;
/** Endings of what is no page; such a link isn't worth a request. */
const NO_PAGE =
  /\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|mp[34]|m4[av]|mov|avi|webm|og[gv]|wav|pdf|docx?|xlsx?|pptx?|odt|zip|gz|tgz|rar|7z|dmg|exe|apk|css|m?js|json|xml|rss|atom|ics|vcf|woff2?|ttf|eot)$/i;
/** The same part of a path this often means links that lead deeper into themselves. */
const REPEATED_PARTS = 3;

/**
 * An address as it is kept: without fragment, tracking parameters and default port, its parameters in order. Undefined for
 * what is no address of a page.
 */
export function canonicalUrl(text: string, base?: string): string | undefined {
  const url = URL.parse(text.trim(), base);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) return undefined;
  if (url.username || url.password || url.hostname === "") return undefined;
  url.hash = "";
  for (const name of [...url.searchParams.keys()]) if (TRACKING.test(name)) url.searchParams.delete(name);
  url.searchParams.sort();
  url.pathname = url.pathname.replaceAll(/\/{2,}/g, "/");
  if (url.search === "?") url.search = "";
  return url.href.length > CRAWL.addressChars ? undefined : url.href;
}

/** What a person typed in as their website; https when they didn't say. */
export function startUrl(typed: string): string | undefined {
  const text = typed.trim();
  const url = canonicalUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  if (url === undefined) return undefined;
  const { hostname, port } = new URL(url);
  // "localhost" and other bare words are nobody's website; with a port they are somebody's sandbox.
  return hostname.includes(".") || hostname.includes(":") || port !== "" ? url : undefined;
}

/** What belongs together: host without "www." and port, whatever the protocol. */
export function siteOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname.replace(/^www\./, "")}${port ? `:${port}` : ""}`;
}

/** Whether a link found on the site may be asked for. */
export function isWorthAsking(url: string, site: string): boolean {
  if (siteOf(url) !== site) return false;
  const { pathname } = new URL(url);
  if (NO_PAGE.test(pathname)) return false;
  const parts = pathname.split("/").filter(Boolean);
  return !parts.some((part) => parts.filter((other) => other === part).length >= REPEATED_PARTS);
}

/** Why a page is not read, or could not be. */
export type PageProblem =
  | "robots"
  | "noindex"
  | "not_a_page"
  | "duplicate"
  | "no_text"
  | "elsewhere"
  | "not_found"
  | "refused"
  | "site_error"
  | "unreachable"
  | "private_address"
  | "too_large"
  | "too_many_redirects"
  | "unreadable";

/** Left out on purpose; everything else is a failure. */
const SKIPPED: ReadonlySet<PageProblem> = new Set([
  "robots",
  "noindex",
  "not_a_page",
  "duplicate",
  "no_text",
  "elsewhere",
]);
export const isSkip = (problem: PageProblem): boolean => SKIPPED.has(problem);

/** What the page was before doesn't hold any more: its knowledge goes. A site that is down for an hour forgets nothing. */
const GONE: ReadonlySet<PageProblem> = new Set([...SKIPPED, "not_found"]);
export const isGone = (problem: PageProblem): boolean => GONE.has(problem);

/** Another try may help. */
const PASSING: ReadonlySet<PageProblem> = new Set(["site_error", "unreachable"]);
export const isPassing = (problem: PageProblem): boolean => PASSING.has(problem);

/** What an answer's head says about the page; undefined for one that is to be read. */
export function problemOfAnswer(status: number, contentType: string | null): PageProblem | undefined {
  if (status === 404 || status === 410) return "not_found";
  if (status === 429 || status >= 500) return "site_error";
  if (status < 200 || status >= 300) return "refused";
  const type = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  return type === "text/html" || type === "application/xhtml+xml" ? undefined : "not_a_page";
}

const SENTENCES: Readonly<Record<PageProblem, (detail: string) => string>> = {
  robots: () => "The site's robots.txt asks not to read it.",
  noindex: () => "The page asks not to be indexed.",
  not_a_page: (type) => `It is no web page${type ? ` but ${type}` : ""}.`,
  duplicate: (url) => `It is the same page as ${url}.`,
  no_text: () => "The page has no text in it without running its scripts.",
  elsewhere: (url) => `It leads to another site, ${url}. Start there to read it.`,
  not_found: (status) => `The site has no such page (${status}).`,
  refused: (status) => `The site doesn't let us read it (${status}).`,
  site_error: (status) => `The site answered that something is wrong with it (${status}).`,
  unreachable: (why) => why || "The site can't be reached.",
  private_address: () => "The address is private or local. Use the site's public address.",
  too_large: () => `The page is larger than ${CRAWL.pageBytes / 1024 / 1024} MB.`,
  too_many_redirects: () => "The page redirects in circles.",
  unreadable: (why) => why || "The page could not be read.",
};

export const sentenceOf = (problem: PageProblem, detail = ""): string =>
  SENTENCES[problem](detail).slice(0, 500);

/**
 * Milliseconds until the next try of a page.
 *
 * @param retryAfter the header as the site sent it: seconds, or a date
 */
export function pauseBefore(retryAfter: string | null, now: Date): number {
  const seconds = Number(retryAfter ?? Number.NaN);
  const asked = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(retryAfter ?? "") - now.getTime();
  return Number.isFinite(asked) ? Math.min(CRAWL.mostPauseMs, Math.max(0, asked)) : 2_000;
}

/** Milliseconds between two requests, the site's own wish included. */
export function delayOf(crawlDelaySeconds: number | undefined): number {
  const asked = (crawlDelaySeconds ?? 0) * 1_000;
  return Math.min(CRAWL.mostDelayMs, Math.max(CRAWL.delayMs, asked));
}

/** Addresses in a sitemap, and the sitemaps an index of them names. */
export function sitemapEntries(xml: string): { pages: string[]; sitemaps: string[] } {
  const found = [...xml.matchAll(/<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]]{1,2000}?)\s*(?:\]\]>)?\s*<\/loc>/gi)]
    .slice(0, CRAWL.sitemapAddresses)
    .map((match) => unescapeXml(match[1] ?? ""));
  return /<sitemapindex[\s>]/i.test(xml.slice(0, 5_000))
    ? { pages: [], sitemaps: found }
    : { pages: found, sitemaps: [] };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const unescapeXml = (text: string): string =>
  text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (whole, name: string) => ENTITIES[name] ?? whole);

export type CrawlStatus = "queued" | "reading" | "indexing" | "finished" | "cancelled" | "failed";
export const LIVE: readonly CrawlStatus[] = ["queued", "reading", "indexing"];

/** How long a site has rest after a crawl of it, milliseconds. */
export interface Rest {
  readonly afterReading: number;
  readonly afterFailure: number;
}

/** From when on a site may be read again; undefined when it may be now. */
export function againFrom(
  last: { readonly status: CrawlStatus; readonly finished_on: Date | null } | undefined,
  rest: Rest,
  now: Date,
): Date | undefined {
  if (!last?.finished_on) return undefined;
  const pause = last.status === "finished" ? rest.afterReading : rest.afterFailure;
  const from = new Date(last.finished_on.getTime() + pause);
  return from > now ? from : undefined;
}

/** The charset an answer names: in its header, else in the first bytes of the page. */
export function charsetOf(contentType: string | null, head: string): string | undefined {
  const named =
    /charset\s*=\s*["']?([\w:-]{1,40})/i.exec(contentType ?? "") ??
    /<meta[^>]{0,200}?charset\s*=\s*["']?([\w:-]{1,40})/i.exec(head);
  return named?.[1]?.toLowerCase();
}
