import { setTimeout as wait } from "node:timers/promises";
import { AppError, type Database, type Id, systemCtx, type TenantCtx } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { RagDb } from "../db.ts";
import { type RemovalDeps, removeFile } from "../files/removal.ts";
import { afterFailure } from "../files/rules.ts";
import { type Claim, ClaimLost } from "../lease.ts";
import { type Ending, endCrawl, writeCrawl } from "./lease.ts";
import { CRAWL } from "./limits.ts";
import { type CrawlWork, progress, readPage, settleProblem } from "./read.ts";
import { canonicalUrl, isWorthAsking, sentenceOf } from "./rules.ts";
import { Site } from "./site.ts";
import {
  countUnindexed,
  dropUnseen,
  findCrawl,
  goneBy,
  nextPage,
  notePages,
  pageAt,
  strayFiles,
} from "./store.ts";
import type { CrawlRow, PageRow } from "./view.ts";

export interface CrawlDeps extends RemovalDeps {
  /** `host:port` that may be private; empty in production. */
  readonly allowPrivate: readonly string[];
}

/**
 * Reads a claimed site as far as it gets: its rules, its pages, until they can be found. Every page is stored as it comes,
 * so the next worker goes on where a killed one stopped. Never throws.
 */
export async function crawl(deps: CrawlDeps, claim: Claim, signal: AbortSignal): Promise<void> {
  const ctx: TenantCtx = { ...systemCtx("rag.crawl", { tenantId: claim.tenantId }), signal };
  // Ends what is on its way when the crawl ends for another reason than its last page.
  const over = new AbortController();
  try {
    await attempt(deps, { ...ctx, signal: AbortSignal.any([signal, over.signal]) }, claim);
  } catch (error) {
    over.abort(error);
    await settle(deps, ctx, claim, error).catch((failure: unknown) => {
      // The lease ends by itself, then another attempt is made.
      if (!(failure instanceof ClaimLost))
        ctx.log.warn({ err: failure, crawl: claim.id }, "a crawl's failure could not be stored");
    });
  }
}

const GAVE_UP: Ending = {
  status: "failed",
  problem: "The website could not be read. Try again later, or ask us to look at it.",
  problem_reason: "crawl_failed",
};

async function attempt(deps: CrawlDeps, ctx: TenantCtx, claim: Claim): Promise<void> {
  const { db } = deps;
  const job = await db.withTenant(ctx, (tx) => findCrawl(tx, claim.id));
  if (!job) throw new ClaimLost("the crawl is gone");
  if (claim.attempts > CRAWL.attempts) {
    await db.withTenant(ctx, (tx) => endCrawl(tx, ctx, claim, GAVE_UP));
    return;
  }
  const site = new Site(job.start_url, deps.allowPrivate, ctx.signal);
  const work: CrawlWork = { deps, ctx, claim, site, job, toldAt: 0, failures: 0 };
  if (job.status === "queued") await begin(work);
  if (work.job.robots === null) {
    const refused = await learnRules(work);
    if (refused) {
      await db.withTenant(ctx, (tx) => endCrawl(tx, ctx, claim, refused));
      return;
    }
  } else site.obey(work.job.robots);
  if (work.job.status === "reading") await readAll(work);
  await untilFound(work);
  await finish(work);
}

/** The start page, noted before anything is asked of the site. */
async function begin(work: CrawlWork): Promise<void> {
  const { deps, ctx } = work;
  await deps.db.withTenant(ctx, async (tx) => {
    const noted = await notePages(tx, ctx, work.job, [work.job.start_url], 0);
    await progress(
      tx,
      work,
      {
        status: "reading",
        started_on: sql`now()`,
        pages_found: sql`pages_found + ${noted}`,
        reading_url: work.job.start_url,
      },
      "now",
    );
  });
}

/** Asks for robots.txt and sitemaps once; what they say is kept with the crawl. */
async function learnRules(work: CrawlWork): Promise<Ending | undefined> {
  const { deps, ctx, site } = work;
  const rules = await site.rules();
  if ("problem" in rules)
    return {
      status: "failed",
      problem: sentenceOf(rules.problem, rules.detail),
      problem_reason: rules.problem,
    };
  site.obey(rules.text);
  const named = (await site.sitemapPages())
    .flatMap((url) => canonicalUrl(url, work.job.start_url) ?? [])
    .filter((url) => isWorthAsking(url, work.job.site));
  await deps.db.withTenant(ctx, async (tx) => {
    const noted = await notePages(tx, ctx, work.job, named, 1);
    await progress(tx, work, { robots: rules.text, pages_found: sql`pages_found + ${noted}` });
  });
  return undefined;
}

/** Page after page, nearest first, two at a time. */
async function readAll(work: CrawlWork): Promise<void> {
  const inHand = new Map<Id, Promise<void>>();
  const failures: unknown[] = [];
  try {
    for (;;) {
      work.ctx.signal.throwIfAborted();
      if (failures.length > 0) throw failures[0];
      const page = inHand.size < CRAWL.concurrent ? await pick(work, [...inHand.keys()]) : undefined;
      if (page) {
        const reading = readPage(work, page)
          .catch((error: unknown) => void failures.push(error))
          .finally(() => inHand.delete(page.id));
        inHand.set(page.id, reading);
      } else if (inHand.size > 0) await Promise.race(inHand.values());
      else return;
    }
  } finally {
    await Promise.all(inHand.values());
  }
}

/** The page to read next; undefined when there is none for now, or a limit is reached. */
async function pick(work: CrawlWork, inHand: readonly Id[]): Promise<PageRow | undefined> {
  const { deps, ctx, site } = work;
  for (;;) {
    const page = await deps.db.withTenant(ctx, async (tx) => {
      const next = await nextPage(tx, work.job.id, inHand);
      if (!next) return undefined;
      const limited_by = limitOf(work, inHand.length);
      if (limited_by !== "") {
        if (work.job.limited_by === "") await progress(tx, work, { limited_by });
        return undefined;
      }
      await progress(tx, work, { reading_url: next.url });
      return next;
    });
    if (!page || work.failures >= CRAWL.failuresInARow) return undefined;
    if (site.mayRead(page.url)) return page;
    await settleProblem(work, page, "robots");
  }
}

function limitOf({ job }: CrawlWork, inHand: number): CrawlRow["limited_by"] {
  const begun = job.started_on?.getTime() ?? Date.now();
  if (Date.now() - begun > CRAWL.wallClockMs) return "time";
  return job.pages_read + job.pages_failed + inHand >= job.max_pages ? "pages" : "";
}

/** Waits until what was read can be found, so that who hears of the end may ask for it. */
async function untilFound(work: CrawlWork): Promise<void> {
  const { deps, ctx } = work;
  await deps.db.withTenant(ctx, (tx) => progress(tx, work, { status: "indexing", reading_url: "" }, "now"));
  const until = Date.now() + CRAWL.indexingMs;
  for (;;) {
    const waiting = await deps.db.withTenant(ctx, (tx) => countUnindexed(tx, work.job.id), {
      readOnly: true,
    });
    if (waiting === 0 || Date.now() > until) return;
    await wait(CRAWL.indexingPollMs, undefined, { signal: ctx.signal });
  }
}

async function finish(work: CrawlWork): Promise<void> {
  const { deps, ctx, claim } = work;
  const stray = await deps.db.withTenant(ctx, async (tx) => {
    const { job } = work;
    const ending = endingOf(work, await pageAt(tx, job.id, job.start_url));
    // What a whole crawl didn't meet isn't there any more; one that was cut short can't tell.
    if (ending.status === "finished" && job.limited_by === "" && ending.problem === undefined)
      await writeCrawl(tx, ctx, claim, goneBy(await dropUnseen(tx, job)));
    await endCrawl(tx, ctx, claim, ending);
    return strayFiles(tx);
  });
  for (const id of stray) await removeFile(deps, ctx, id);
}

function endingOf({ job, failures }: CrawlWork, start: PageRow | undefined): Ending {
  if (job.pages_read === 0)
    return {
      status: "failed",
      problem: start?.problem || "The website has no page that can be read.",
      problem_reason: start?.problem_reason || "no_pages",
    };
  if (failures < CRAWL.failuresInARow) return { status: "finished" };
  return {
    status: "finished",
    problem: `The site stopped answering after ${job.pages_read} pages; the others are not read.`,
    problem_reason: "site_down",
  };
}

/** After a failure that is neither the site's nor a page's. */
async function settle(
  { db }: { readonly db: Database<RagDb> },
  ctx: TenantCtx,
  claim: Claim,
  error: unknown,
): Promise<void> {
  if (error instanceof ClaimLost) return;
  const giveBack = (pauseMs: number, attempts: number) =>
    db.withTenant(ctx, (tx) =>
      writeCrawl(tx, ctx, claim, {
        lease_token: null,
        lease_until: null,
        next_attempt_on: sql`now() + ${pauseMs} * interval '1 millisecond'`,
        attempts,
      }),
    );
  if (ctx.signal.aborted) {
    // A shutdown, or the lease was lost (then there is nothing to give back).
    await giveBack(0, claim.attempts - 1);
    return;
  }
  const outside = error instanceof AppError && error.kind === "unavailable";
  const next = afterFailure(claim.attempts, outside, Math.random());
  ctx.log.warn({ err: error, crawl: claim.id, attempts: claim.attempts }, "a crawl was interrupted");
  if (next.kind === "again") await giveBack(next.pauseMs, claim.attempts - (next.counts ? 0 : 1));
  else await db.withTenant(ctx, (tx) => endCrawl(tx, ctx, claim, GAVE_UP));
}
