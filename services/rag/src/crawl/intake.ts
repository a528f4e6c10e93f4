import { type ConsumerDefinition, consumer, forTenant, ok, on, reject, tryFromRef } from "@leadmetrics/kit";
import { CrawlRequestedSchema, CrawlWithdrawnSchema } from "@leadmetrics/proto/tenancy/events/v1/events";
import type { RagDb } from "../db.ts";
import { endCrawlAnyway } from "./lease.ts";
import { CRAWL } from "./limits.ts";
import { startUrl } from "./rules.ts";
import { findCrawl, insertCrawl, liveCrawl } from "./store.ts";

/** Crawls that tenancy asks for, under a reference of its own choice, so that asking again is no second crawl. */
export function crawlConsumer(): ConsumerDefinition<RagDb> {
  return consumer<RagDb>({
    durable: "rag-crawl-requests",
    on: [
      on(CrawlRequestedSchema, async (event, { tx, ctx: caller }) => {
        const id = tryFromRef(event.data.crawlRef);
        const url = startUrl(event.data.url);
        if (!event.tenantId || !id || !url)
          return reject("a crawl without a tenant, a reference or an address");
        const ctx = forTenant(caller, event.tenantId);
        if (await findCrawl(tx, id)) return ok();
        const live = await liveCrawl(tx);
        if (live)
          await endCrawlAnyway(tx, ctx, live.id, {
            status: "cancelled",
            problem: "A newer crawl took its place.",
            problem_reason: "superseded",
          });
        await insertCrawl(tx, ctx, { id, url, maxPages: CRAWL.pages });
        return ok();
      }),
      on(CrawlWithdrawnSchema, async (event, { tx, ctx }) => {
        const id = tryFromRef(event.data.crawlRef);
        if (event.tenantId && id)
          await endCrawlAnyway(tx, forTenant(ctx, event.tenantId), id, { status: "cancelled" });
        return ok();
      }),
    ],
  });
}
