import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  type Database,
  errors,
  fromRef,
  newId,
  pageOf,
  type ServedService,
  service,
  type TenantTx,
  tenantCtx,
  toRef,
} from "@leadmetrics/kit";
import { CrawlService } from "@leadmetrics/proto/rag/v1/crawls";
import type { RagDb } from "../db.ts";
import { endCrawlAnyway } from "./lease.ts";
import { CRAWL } from "./limits.ts";
import { againFrom, type Rest, siteOf, startUrl } from "./rules.ts";
import {
  findCrawl,
  insertCrawl,
  lastCrawl,
  listCrawls,
  listPages,
  listWebsites,
  liveCrawl,
} from "./store.ts";
import { crawlView, pageStatusOf, pageView } from "./view.ts";

/** CrawlService on the queue of crawls; workers read them. */
export function crawlsRpc({
  db,
  rest,
}: {
  readonly db: Database<RagDb>;
  readonly rest: Rest;
}): ServedService {
  return service(CrawlService, {
    async startCrawl(request, hc) {
      const ctx = tenantCtx(hc);
      const url = startUrl(request.url);
      if (!url)
        throw errors.invalid(`"${request.url.slice(0, 200)}" is no address of a website.`, [
          { field: "url", description: "an address like www.example.com" },
        ]);
      return db.withTenant(ctx, async (tx) => {
        const maxPages = request.maxPages || CRAWL.pages;
        const before = await liveCrawl(tx);
        if (!before) await refuseTooSoon(tx, siteOf(url), rest);
        const row = before ? undefined : await insertCrawl(tx, ctx, { id: newId(), url, maxPages });
        if (row) return { crawl: crawlView(row) };
        const live = await liveCrawl(tx);
        throw errors.conflict(
          "crawl_live",
          "A website is being read for this company already. Wait for it, or cancel it.",
          live ? { crawl: toRef(live.id) } : {},
        );
      });
    },

    async getCrawl({ crawlRef }, hc) {
      const id = fromRef(crawlRef, "crawl");
      const row = await db.withTenant(tenantCtx(hc), (tx) => findCrawl(tx, id), { readOnly: true });
      if (!row) throw errors.notFound("crawl");
      return { crawl: crawlView(row) };
    },

    async listWebsites(_request, hc) {
      const sites = await db.withTenant(tenantCtx(hc), (tx) => listWebsites(tx), { readOnly: true });
      const now = new Date();
      return {
        websites: sites.map(({ latest, lastRead }) => {
          const from = againFrom(latest, rest, now);
          return {
            site: latest.site,
            latest: crawlView(latest),
            lastRead: lastRead && crawlView(lastRead),
            againFrom: from && timestampFromDate(from),
          };
        }),
      };
    },

    async listCrawls(request, hc) {
      const { rows, page } = await db.withTenant(
        tenantCtx(hc),
        (tx) => listCrawls(tx, pageOf(request.page)),
        {
          readOnly: true,
        },
      );
      return { crawls: rows.map(crawlView), page };
    },

    async listCrawlPages(request, hc) {
      const id = fromRef(request.crawlRef, "crawl");
      const statuses = request.statuses.flatMap((status) => pageStatusOf(status) ?? []);
      const { rows, page } = await db.withTenant(
        tenantCtx(hc),
        async (tx) => {
          if (!(await findCrawl(tx, id))) throw errors.notFound("crawl");
          return listPages(tx, id, { statuses, changedOnly: request.changedOnly }, pageOf(request.page));
        },
        { readOnly: true },
      );
      return { pages: rows.map(pageView), page };
    },

    async cancelCrawl({ crawlRef }, hc) {
      const ctx = tenantCtx(hc);
      const id = fromRef(crawlRef, "crawl");
      return db.withTenant(ctx, async (tx) => {
        const ended = await endCrawlAnyway(tx, ctx, id, { status: "cancelled" });
        if (ended) return { crawl: crawlView(ended) };
        const row = await findCrawl(tx, id);
        if (!row) throw errors.notFound("crawl");
        throw errors.conflict("crawl_ended", "The crawl has ended already.", { state: row.status });
      });
    },
  });
}

async function refuseTooSoon(tx: TenantTx<RagDb>, site: string, rest: Rest): Promise<void> {
  const now = new Date();
  const from = againFrom(await lastCrawl(tx, site), rest, now);
  if (!from) return;
  const waitMs = from.getTime() - now.getTime();
  const minutes = Math.ceil(waitMs / 60_000);
  throw errors.exhausted(
    "crawl_too_soon",
    `${site} was read a moment ago. It can be read again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
    waitMs,
  );
}
