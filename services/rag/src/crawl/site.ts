import { setTimeout as wait } from "node:timers/promises";
import { AppError, type GuardedResponse, guardedFetch } from "@leadmetrics/kit";
import { readPageApart } from "../parse/apart.ts";
import type { PageFacts } from "../parse/page.ts";
import { Refusal } from "../parse/refusal.ts";
import { CRAWL, ROBOT, USER_AGENT } from "./limits.ts";
import { type Robots, robotsOf } from "./robots.ts";
import {
  canonicalUrl,
  charsetOf,
  delayOf,
  isPassing,
  type PageProblem,
  pauseBefore,
  problemOfAnswer,
  sitemapEntries,
  siteOf,
} from "./rules.ts";

const MAX_REDIRECTS = 5;
/** Bytes in which a page may name its charset. */
const CHARSET_HEAD = 2_048;

/** What came of asking for a page. */
export type Answer =
  | { readonly kind: "problem"; readonly problem: PageProblem; readonly detail: string }
  | {
      readonly kind: "page";
      /** Where it was in the end. */
      readonly url: string;
      /** In UTF-8. */
      readonly bytes: Uint8Array;
      readonly facts: PageFacts;
    };

/** Asks one site for its pages, in the pace and within the rules it sets. */
export class Site {
  readonly #site: string;
  readonly #origin: string;
  readonly #allowPrivate: readonly string[];
  readonly #signal: AbortSignal;
  #robots: Robots;
  #delayMs: number = CRAWL.delayMs;
  #nextTurn = 0;

  constructor(startUrl: string, allowPrivate: readonly string[], signal: AbortSignal) {
    this.#site = siteOf(startUrl);
    this.#origin = new URL(startUrl).origin;
    this.#allowPrivate = allowPrivate;
    this.#signal = signal;
    this.#robots = robotsOf(this.#robotsUrl, "");
  }

  /** Keeps to the rules from now on. @param text robots.txt */
  obey(text: string): void {
    this.#robots = robotsOf(this.#robotsUrl, text);
    this.#delayMs = delayOf(this.#robots.getCrawlDelay(ROBOT));
  }

  mayRead(url: string): boolean {
    // The library answers for the host the rules came from; "www." and https belong to the same site.
    const { pathname, search } = new URL(url);
    return this.#robots.isAllowed(`${this.#origin}${pathname}${search}`, ROBOT) !== false;
  }

  /** robots.txt; empty when the site has none. A site that can't say what its rules are isn't read. */
  async rules(): Promise<
    { readonly text: string } | { readonly problem: PageProblem; readonly detail: string }
  > {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#ask(this.#robotsUrl, { maxBytes: CRAWL.robotsBytes });
      if ("problem" in answer ? answer.problem === "too_large" : answer.status !== 200 && !isTroubled(answer))
        return { text: "" };
      if (!("problem" in answer) && answer.status === 200) return { text: answer.text };
      const problem =
        "problem" in answer
          ? answer
          : ({ problem: "site_error", detail: `${answer.status} for robots.txt` } as const);
      if (!isPassing(problem.problem) || attempt >= CRAWL.pageTries) return problem;
      await this.#pause("headers" in answer ? answer.headers.get("retry-after") : null);
    }
  }

  /** Addresses the site's sitemaps name. What can't be read names none. */
  async sitemapPages(): Promise<string[]> {
    const named = this.#robots.getSitemaps().filter((url) => URL.canParse(url) && siteOf(url) === this.#site);
    const waiting = named.length > 0 ? named : [`${this.#origin}/sitemap.xml`];
    const pages: string[] = [];
    for (let read = 0; read < CRAWL.sitemaps && pages.length < CRAWL.sitemapAddresses; read += 1) {
      const url = waiting.shift();
      if (url === undefined) break;
      const answer = await this.#ask(url, { maxBytes: CRAWL.sitemapBytes });
      if ("problem" in answer || answer.status !== 200) continue;
      const found = sitemapEntries(answer.text);
      pages.push(...found.pages);
      waiting.push(...found.sitemaps.filter((each) => URL.canParse(each) && siteOf(each) === this.#site));
    }
    return pages.slice(0, CRAWL.sitemapAddresses);
  }

  /** One page, after up to {@link CRAWL}.pageTries tries; redirects are followed as far as they stay on the site. */
  async page(url: string): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const { answer, retryAfter } = await this.#pageOnce(url);
      if (answer.kind === "page" || !isPassing(answer.problem) || attempt >= CRAWL.pageTries) return answer;
      await this.#pause(retryAfter);
    }
  }

  async #pageOnce(start: string): Promise<{ answer: Answer; retryAfter: string | null }> {
    const problem = (what: PageProblem, detail = "", retryAfter: string | null = null) =>
      ({ answer: { kind: "problem", problem: what, detail }, retryAfter }) as const;
    let url = start;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const response = await this.#ask(url, {
        maxBytes: CRAWL.pageBytes,
        followRedirects: false,
        wants: ({ status, headers }) => problemOfAnswer(status, headers.get("content-type")) === undefined,
      });
      if ("problem" in response) return problem(response.problem, response.detail);
      const location = response.headers.get("location");
      if (response.status >= 300 && response.status < 400 && location !== null) {
        const next = canonicalUrl(location, url);
        if (next === undefined) return problem("refused", String(response.status));
        if (siteOf(next) !== this.#site) return problem("elsewhere", new URL(next).origin);
        if (!this.mayRead(next)) return problem("robots");
        url = next;
        continue;
      }
      const contentType = response.headers.get("content-type");
      const wrong = problemOfAnswer(response.status, contentType);
      if (wrong)
        return problem(
          wrong,
          wrong === "not_a_page" ? (contentType?.split(";")[0] ?? "") : String(response.status),
          response.headers.get("retry-after"),
        );
      return { answer: await this.#read(url, response, contentType), retryAfter: null };
    }
    return problem("too_many_redirects");
  }

  async #read(url: string, response: GuardedResponse, contentType: string | null): Promise<Answer> {
    const bytes = inUtf8(response.bytes, contentType);
    try {
      const facts = await readPageApart(bytes, CRAWL.linksPerPage, { signal: this.#signal });
      const hidden = /\b(noindex|none)\b/i.test(response.headers.get("x-robots-tag") ?? "");
      return { kind: "page", url, bytes, facts: { ...facts, noindex: facts.noindex || hidden } };
    } catch (error) {
      this.#signal.throwIfAborted();
      // A page that brings its reader down is a bad page, not the end of the crawl.
      const detail = error instanceof Refusal ? error.message : "";
      return { kind: "problem", problem: "unreadable", detail };
    }
  }

  async #ask(
    url: string,
    options: Omit<Parameters<typeof guardedFetch>[2] & object, "signal" | "allowPrivate" | "timeoutMs">,
  ): Promise<GuardedResponse | { readonly problem: PageProblem; readonly detail: string }> {
    await this.#turn();
    try {
      return await guardedFetch(
        url,
        { headers: { "user-agent": USER_AGENT, accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1" } },
        { ...options, allowPrivate: this.#allowPrivate, timeoutMs: CRAWL.answerMs, signal: this.#signal },
      );
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof AppError))
        // A connection that broke off in the middle of an answer.
        return { problem: "unreachable", detail: `${new URL(url).host} broke the connection off.` };
      if (error.reason === "private_address") return { problem: "private_address", detail: "" };
      if (error.reason === "answer_too_large") return { problem: "too_large", detail: "" };
      if (error.reason === "too_many_redirects") return { problem: "too_many_redirects", detail: "" };
      return { problem: "unreachable", detail: error.message };
    }
  }

  async #pause(retryAfter: string | null): Promise<void> {
    await wait(pauseBefore(retryAfter, new Date()), undefined, { signal: this.#signal });
  }

  /** Waits until it is polite to ask again. */
  async #turn(): Promise<void> {
    const at = Math.max(Date.now(), this.#nextTurn);
    this.#nextTurn = at + this.#delayMs;
    if (at > Date.now()) await wait(at - Date.now(), undefined, { signal: this.#signal });
  }

  get #robotsUrl(): string {
    return `${this.#origin}/robots.txt`;
  }
}

const isTroubled = ({ status }: GuardedResponse): boolean => status >= 500 || status === 429;

/** The bytes in UTF-8, by what the answer or the page says of itself; as they are when that is nothing we know. */
function inUtf8(bytes: Uint8Array, contentType: string | null): Uint8Array {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, CHARSET_HEAD));
  const charset = charsetOf(contentType, head);
  if (charset === undefined || /^utf-?8$/.test(charset)) return bytes;
  try {
    return new TextEncoder().encode(new TextDecoder(charset).decode(bytes));
  } catch {
    return bytes;
  }
}
