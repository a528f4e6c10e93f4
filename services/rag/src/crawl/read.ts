import { emit, failpoint, type TenantCtx, type TenantTx } from "@leadmetrics/kit";
import { CrawlProgressedSchema } from "@leadmetrics/proto/rag/events/v1/events";
import { sql, type UpdateObject } from "kysely";
import type { RagDb } from "../db.ts";
import { type RemovalDeps, removeFile } from "../files/removal.ts";
import { keepFile } from "../files/upload.ts";
import type { Claim } from "../lease.ts";
import { writeCrawl } from "./lease.ts";
import { CRAWL } from "./limits.ts";
import { canonicalUrl, isGone, isSkip, isWorthAsking, type PageProblem, sentenceOf } from "./rules.ts";
import type { Answer, Site } from "./site.ts";
import { goneBy, notePages, pageAt, settlePage, strayFiles } from "./store.ts";
import { type CrawlRow, crawlAggregate, crawlView, type PageRow } from "./view.ts";

type Tx = TenantTx<RagDb>;
type PageAnswer = Extract<Answer, { kind: "page" }>;

/** One crawl while a worker has it. */
export interface CrawlWork {
  readonly deps: RemovalDeps;
  readonly ctx: TenantCtx;
  readonly claim: Claim;
  readonly site: Site;
  /** The crawl as it was written last. */
  job: CrawlRow;
  /** When its progress was told last, milliseconds of the clock. */
  toldAt: number;
  /** Pages in a row that got no usable answer. */
  failures: number;
}

/** Writes the crawl and, unless that was just done, says how far it is. */
export async function progress(
  tx: Tx,
  work: CrawlWork,
  values: UpdateObject<RagDb, "crawl_job">,
  tell: "now" | "in_turn" = "in_turn",
): Promise<void> {
  const { ctx, claim } = work;
  work.job = await writeCrawl(tx, ctx, claim, values);
  const now = Date.now();
  if (tell === "in_turn" && now - work.toldAt < CRAWL.progressMs) return;
  work.toldAt = now;
  const crawl = crawlView(work.job);
  await emit(tx, ctx, CrawlProgressedSchema, { crawl }, { aggregate: crawlAggregate(work.job) });
}

/** Reads one page and stores what came of it. */
export async function readPage(work: CrawlWork, page: PageRow): Promise<void> {
  const answer = await work.site.page(page.url);
  if (answer.kind === "problem") {
    work.failures = isSkip(answer.problem) || answer.problem === "not_found" ? 0 : work.failures + 1;
    return settleProblem(work, page, answer.problem, answer.detail);
  }
  work.failures = 0;
  const { noindex, textHash } = answer.facts;
  if (noindex) return settleProblem(work, page, "noindex", "", answer);
  if (textHash === "") return settleProblem(work, page, "no_text", "", answer);
  const named = canonicalOf(answer, work.job.site);
  if (named !== undefined && named !== answer.url && (await standsElsewhere(work, page, named)))
    return settleDuplicate(work, page, named, answer);
  if (answer.url !== page.url) return settleRedirected(work, page, answer);
  await settleRead(work, page, answer);
}

/** The address a page names as its own, when that can be one of this site. */
function canonicalOf({ url, facts }: PageAnswer, site: string): string | undefined {
  const named = facts.canonical === undefined ? undefined : canonicalUrl(facts.canonical, url);
  return named !== undefined && isWorthAsking(named, site) ? named : undefined;
}

/** Two pages that name each other would both be left out: the second of them is read after all. */
async function standsElsewhere(work: CrawlWork, page: PageRow, named: string): Promise<boolean> {
  if (named === page.url || !work.site.mayRead(named)) return false;
  const other = await work.deps.db.withTenant(work.ctx, (tx) => pageAt(tx, work.job.id, named), {
    readOnly: true,
  });
  return other === undefined || other.status === "found" || other.status === "read";
}

/** Notes why a page isn't read; links of one that only asks not to be indexed are still followed. */
export async function settleProblem(
  work: CrawlWork,
  page: PageRow,
  problem: PageProblem,
  detail = "",
  answer?: PageAnswer,
): Promise<void> {
  const { deps, ctx } = work;
  await deps.db.withTenant(ctx, async (tx) => {
    const found = answer ? await noteLinks(tx, work, answer, page.depth + 1) : 0;
    const settled = await settlePage(tx, page.id, {
      status: isSkip(problem) ? "skipped" : "failed",
      problem: sentenceOf(problem, detail),
      problem_reason: problem,
      ...(isGone(problem) ? { file_id: null, text_hash: "" } : {}),
    });
    await progress(tx, work, {
      ...counted(isSkip(problem) ? "pages_skipped" : "pages_failed", settled),
      ...(settled && isGone(problem) && page.file_id !== null ? goneBy([page.url]) : {}),
      pages_found: sql`pages_found + ${found}`,
    });
  });
  if (isGone(problem)) await removeStray(work, page.url);
}

/** The page is read under the address it names. */
async function settleDuplicate(
  work: CrawlWork,
  page: PageRow,
  named: string,
  answer: PageAnswer,
): Promise<void> {
  const { deps, ctx } = work;
  await deps.db.withTenant(ctx, async (tx) => {
    const noted = await notePages(tx, ctx, work.job, [named], page.depth);
    await progress(tx, work, { pages_found: sql`pages_found + ${noted}` });
  });
  await settleProblem(work, page, "duplicate", named, answer);
}

/** What was read stands at another address: it is stored there, unless that was read already. */
async function settleRedirected(work: CrawlWork, page: PageRow, answer: PageAnswer): Promise<void> {
  const { deps, ctx } = work;
  const target = await deps.db.withTenant(ctx, async (tx) => {
    const noted = await notePages(tx, ctx, work.job, [answer.url], page.depth);
    await progress(tx, work, { pages_found: sql`pages_found + ${noted}` });
    return pageAt(tx, work.job.id, answer.url);
  });
  if (target?.status === "found") await settleRead(work, target, answer);
  await settleProblem(work, page, "duplicate", answer.url);
}

async function settleRead(work: CrawlWork, page: PageRow, answer: PageAnswer): Promise<void> {
  const { deps, ctx } = work;
  const { title, textHash } = answer.facts;
  const unchanged = page.file_id !== null && page.text_hash === textHash;
  const change = unchanged ? "" : page.file_id === null ? "added" : "changed";
  const name = title === "" ? new URL(page.url).pathname : title;
  const fileId = unchanged
    ? page.file_id
    : (await keepFile(deps, ctx, { name, bytes: answer.bytes, kind: "html", sourceUrl: page.url })).id;
  failpoint("rag.crawl.kept");
  await deps.db.withTenant(ctx, async (tx) => {
    const found = await noteLinks(tx, work, answer, page.depth + 1);
    const settled = await settlePage(tx, page.id, {
      status: "read",
      title,
      text_hash: textHash,
      file_id: fileId,
      change,
    });
    await progress(tx, work, {
      ...counted("pages_read", settled),
      ...counted(COUNTED_AS[change], settled),
      pages_found: sql`pages_found + ${found}`,
      attempts: 0,
    });
  });
  failpoint("rag.crawl.stored");
  if (!unchanged) await removeStray(work, page.url);
}

async function noteLinks(
  tx: Tx,
  work: CrawlWork,
  { url, facts }: PageAnswer,
  depth: number,
): Promise<number> {
  if (facts.nofollow || depth > CRAWL.depth) return 0;
  const base = facts.base === undefined ? url : (URL.parse(facts.base, url)?.href ?? url);
  const links = facts.links.flatMap((href) => canonicalUrl(href, base) ?? []);
  const own = links.filter((link) => isWorthAsking(link, work.job.site));
  return notePages(tx, work.ctx, work.job, own, depth);
}

/** What the page was before this crawl. */
async function removeStray(work: CrawlWork, url: string): Promise<void> {
  const { deps, ctx } = work;
  const stray = await deps.db.withTenant(ctx, (tx) => strayFiles(tx, url), { readOnly: true });
  for (const id of stray) await removeFile(deps, ctx, id);
}

const COUNTED_AS = { "": "pages_unchanged", added: "pages_added", changed: "pages_changed" } as const;

type Count = "pages_read" | "pages_skipped" | "pages_failed" | (typeof COUNTED_AS)[keyof typeof COUNTED_AS];
const counted = (column: Count, settled: boolean) => ({
  [column]: sql<number>`${sql.ref(column)} + ${settled ? 1 : 0}`,
});
