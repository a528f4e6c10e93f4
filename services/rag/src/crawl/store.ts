import {
  emit,
  type Id,
  keyset,
  newId,
  type Page,
  pageResult,
  type TenantCtx,
  type TenantTx,
} from "@leadmetrics/kit";
import { CrawlStartedSchema } from "@leadmetrics/proto/rag/events/v1/events";
import { sql, type UpdateObject } from "kysely";
import type { PageStatus, RagDb } from "../db.ts";
import { CRAWL } from "./limits.ts";
import { type CrawlStatus, LIVE, siteOf } from "./rules.ts";
import { type CrawlRow, crawlAggregate, crawlView, type PageRow } from "./view.ts";

type Tx = TenantTx<RagDb>;

export function findCrawl(tx: Tx, id: Id): Promise<CrawlRow | undefined> {
  return tx.selectFrom("crawl_job").selectAll().where("id", "=", id).executeTakeFirst();
}

/** The crawl that goes on, if one does; locked. */
export function liveCrawl(tx: Tx): Promise<CrawlRow | undefined> {
  return tx
    .selectFrom("crawl_job")
    .selectAll()
    .where("status", "in", [...LIVE])
    .forUpdate()
    .executeTakeFirst();
}

/** Puts a crawl in the queue and says so; undefined when the tenant has a live one, or this one, already. */
export async function insertCrawl(
  tx: Tx,
  ctx: TenantCtx,
  wish: { readonly id: Id; readonly url: string; readonly maxPages: number },
): Promise<CrawlRow | undefined> {
  const site = siteOf(wish.url);
  const row = await tx
    .insertInto("crawl_job")
    .values({
      id: wish.id,
      tenant_id: ctx.tenantId,
      start_url: wish.url,
      site,
      again: (await lastCrawl(tx, site, "finished")) !== undefined,
      max_pages: wish.maxPages,
      next_attempt_on: new Date(),
      created_by: ctx.actor.id,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row)
    await emit(tx, ctx, CrawlStartedSchema, { crawl: crawlView(row) }, { aggregate: crawlAggregate(row) });
  return row;
}

export async function listCrawls(tx: Tx, page: Page) {
  return pageResult(await keyset(tx.selectFrom("crawl_job").selectAll(), page, tx).execute(), page);
}

/** The last crawl of a site, or the last that came to this end. */
export function lastCrawl(tx: Tx, site: string, status?: CrawlStatus): Promise<CrawlRow | undefined> {
  const crawls = tx
    .selectFrom("crawl_job")
    .selectAll()
    .where("site", "=", site)
    .orderBy("id", "desc")
    .limit(1);
  return (status ? crawls.where("status", "=", status) : crawls).executeTakeFirst();
}

/** The last crawl of each site, and the last that read it to its end. */
export async function listWebsites(
  tx: Tx,
): Promise<{ readonly latest: CrawlRow; readonly lastRead: CrawlRow | undefined }[]> {
  const newest = tx
    .selectFrom("crawl_job")
    .distinctOn("site")
    .selectAll()
    .orderBy("site")
    .orderBy("id", "desc")
    .limit(CRAWL.websites);
  const all = await newest.execute();
  const read = await newest.where("status", "=", "finished").execute();
  return all.map((latest) => ({ latest, lastRead: read.find(({ site }) => site === latest.site) }));
}

export async function listPages(
  tx: Tx,
  crawlId: Id,
  { statuses, changedOnly }: { readonly statuses: readonly PageStatus[]; readonly changedOnly: boolean },
  page: Page,
) {
  const all = tx.selectFrom("web_page").selectAll().where("crawl_id", "=", crawlId);
  const own = changedOnly ? all.where("change", "<>", "") : all;
  const wanted = statuses.length > 0 ? own.where("status", "in", [...statuses]) : own;
  return pageResult(await keyset(wanted, page, tx).execute(), page);
}

/** The next page to read: nearest to the start page first. */
export function nextPage(tx: Tx, crawlId: Id, inHand: readonly Id[]): Promise<PageRow | undefined> {
  const found = tx
    .selectFrom("web_page")
    .selectAll()
    .where("crawl_id", "=", crawlId)
    .where("status", "=", "found")
    .orderBy("depth")
    .orderBy("id")
    .limit(1);
  return (inHand.length > 0 ? found.where("id", "not in", [...inHand]) : found).executeTakeFirst();
}

/**
 * Notes addresses as found; those the crawl knows stay as they are, those of an earlier crawl become this one's and keep
 * what they were.
 *
 * @returns how many are new to this crawl
 */
export async function notePages(
  tx: Tx,
  ctx: TenantCtx,
  crawl: Pick<CrawlRow, "id" | "pages_found">,
  urls: readonly string[],
  depth: number,
): Promise<number> {
  const room = Math.max(0, CRAWL.addresses - crawl.pages_found);
  const kept = [...new Set(urls)].slice(0, room);
  if (kept.length === 0) return 0;
  const rows = await tx
    .insertInto("web_page")
    .values(kept.map((url) => ({ id: newId(), tenant_id: ctx.tenantId, crawl_id: crawl.id, url, depth })))
    .onConflict((conflict) =>
      conflict
        .columns(["tenant_id", "url"])
        .doUpdateSet({
          crawl_id: crawl.id,
          depth,
          status: "found",
          problem: "",
          problem_reason: "",
          change: "",
        })
        .where("web_page.crawl_id", "<>", crawl.id),
    )
    .returning("id")
    .execute();
  return rows.length;
}

/** The row of an address in this crawl. */
export function pageAt(tx: Tx, crawlId: Id, url: string): Promise<PageRow | undefined> {
  return tx
    .selectFrom("web_page")
    .selectAll()
    .where("url", "=", url)
    .where("crawl_id", "=", crawlId)
    .executeTakeFirst();
}

/** False when the page was settled by somebody else. */
export async function settlePage(tx: Tx, id: Id, values: UpdateObject<RagDb, "web_page">): Promise<boolean> {
  const result = await tx
    .updateTable("web_page")
    .set({ read_on: sql`now()`, ...values })
    .where("id", "=", id)
    .where("status", "=", "found")
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Pages that are read but can't be found yet. */
export async function countUnindexed(tx: Tx, crawlId: Id): Promise<number> {
  const { waiting } = await tx
    .selectFrom("web_page")
    .innerJoin("file", "file.id", "web_page.file_id")
    .select(({ fn }) => fn.countAll<number>().as("waiting"))
    .where("web_page.crawl_id", "=", crawlId)
    .where("file.status", "not in", ["indexed", "refused"])
    .executeTakeFirstOrThrow();
  return Number(waiting);
}

/** Files of an address, or of any, that no page stands for any more: what a page was before, and what a crash left. */
export async function strayFiles(tx: Tx, sourceUrl?: string): Promise<Id[]> {
  const files = tx
    .selectFrom("file")
    .select("id")
    .where("source_url", "<>", "")
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom("web_page").select("id").whereRef("web_page.file_id", "=", "file.id"))),
    );
  const rows = await (sourceUrl === undefined ? files : files.where("source_url", "=", sourceUrl)).execute();
  return rows.map(({ id }) => id);
}

/** Takes the addresses of the site away that a whole crawl of it didn't meet. @returns those something was known from */
export async function dropUnseen(tx: Tx, crawl: Pick<CrawlRow, "id" | "site">): Promise<string[]> {
  const dropped = await tx
    .deleteFrom("web_page")
    .where("crawl_id", "in", (eb) =>
      eb.selectFrom("crawl_job").select("id").where("site", "=", crawl.site).where("id", "<>", crawl.id),
    )
    .returning(["url", "file_id"])
    .execute();
  return dropped.flatMap(({ url, file_id }) => (file_id ? [url] : []));
}

/** Counts addresses as gone, and keeps the first of them. */
export const goneBy = (urls: readonly string[]) => ({
  pages_gone: sql<number>`pages_gone + ${urls.length}`,
  gone_urls: sql<string[]>`(gone_urls || ${[...urls]}::text[])[1:${sql.lit(CRAWL.goneShown)}]`,
});
