import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asTenantId, newId, type TenantId } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { type Crawl, CrawlService, WebPageStatus } from "@leadmetrics/proto/rag/v1/crawls";
import { FilesService, RetrieveService } from "@leadmetrics/proto/rag/v1/files";
import { expect } from "vitest";
import type { RagDb } from "../src/db.ts";
import { embeddingChoice } from "../src/embeddings/choice.ts";
import { offlineEmbeddings } from "../src/embeddings/offline.ts";
import { folderObjects } from "../src/objects/folder.ts";
import { rag } from "../src/rag.ts";
import { lanceVectors } from "../src/vectors/lance.ts";
import { ragTestConfig, ragTestTunables } from "./config.ts";
import { type SmallSite, smallSite } from "./small-site.ts";

/** The service with its stores on disk, and for each test a tenant and two websites of its own. */
export class CrawlWorld {
  readonly #dir: string;
  readonly #allowed: string[];
  /** How long a site has rest after a crawl; none unless a test says so. */
  readonly rest: { afterReading: number; afterFailure: number };
  readonly t: ServiceTest<RagDb>;
  tenant: TenantId = asTenantId(newId());
  site: SmallSite;
  /** One that no crawl may read. */
  inside: SmallSite;

  private constructor(
    t: ServiceTest<RagDb>,
    dir: string,
    parts: { allowed: string[]; rest: CrawlWorld["rest"]; site: SmallSite; inside: SmallSite },
  ) {
    this.t = t;
    this.#dir = dir;
    this.#allowed = parts.allowed;
    this.rest = parts.rest;
    this.site = parts.site;
    this.inside = parts.inside;
  }

  static async start(): Promise<CrawlWorld> {
    const t = await startServiceTest<RagDb>({
      service: "rag",
      migrations: new URL("../migrations", import.meta.url),
    });
    const dir = await mkdtemp(join(tmpdir(), "lm-rag-crawl-"));
    const offline = offlineEmbeddings();
    const stores = {
      objects: folderObjects(join(dir, "files")),
      vectors: await lanceVectors(join(dir, "vectors")),
      embeddings: embeddingChoice(offline, offline),
    };
    const allowed: string[] = [];
    const rest = { afterReading: 0, afterFailure: 0 };
    await t.start({
      config: ragTestConfig(t.config),
      ...rag(stores, { ...ragTestTunables(allowed), rest }),
    });
    const [site, inside] = [await smallSite(), await smallSite()];
    allowed.push(site.host);
    return new CrawlWorld(t, dir, { allowed, rest, site, inside });
  }

  /** A tenant and websites nobody has heard of. */
  async renew(): Promise<void> {
    await Promise.all([this.site.close(), this.inside.close()]);
    this.site = await smallSite();
    this.inside = await smallSite();
    this.#allowed.push(this.site.host);
    this.tenant = asTenantId(newId());
    Object.assign(this.rest, { afterReading: 0, afterFailure: 0 });
  }

  async close(): Promise<void> {
    await Promise.all([this.site.close(), this.inside.close()]);
    await this.t.close();
    await rm(this.#dir, { recursive: true });
  }

  crawlsOf(of: TenantId = this.tenant) {
    return this.t.client(CrawlService, this.t.ctx.tenant(of, "admin").principal);
  }

  async ended(crawlRef: string): Promise<Crawl> {
    const crawls = await this.crawlsOf();
    let crawl: Crawl | undefined;
    await expect
      .poll(
        async () => {
          crawl = (await crawls.getCrawl({ crawlRef })).crawl;
          return crawl?.finishedOn !== undefined;
        },
        { timeout: 30_000 },
      )
      .toBe(true);
    if (!crawl) throw new Error("the crawl is gone");
    return crawl;
  }

  async crawled(url = this.site.url, maxPages = 0): Promise<Crawl> {
    const { crawl } = await (await this.crawlsOf()).startCrawl({ url, maxPages });
    return this.ended(crawl?.ref ?? "");
  }

  /** What became of each page, by its path. */
  async pagesOf({ ref }: Crawl): Promise<Record<string, string>> {
    const { pages } = await (await this.crawlsOf()).listCrawlPages({
      crawlRef: ref,
      page: { pageSize: 200 },
    });
    return Object.fromEntries(
      pages.map((each) => [
        each.url.replace(this.site.url, ""),
        each.status === WebPageStatus.READ ? "read" : each.problemReason || WebPageStatus[each.status],
      ]),
    );
  }

  async ask(query: string) {
    const client = await this.t.client(RetrieveService, this.t.ctx.tenant(this.tenant).principal);
    return (await client.retrieve({ query, limit: 3 })).chunks;
  }

  async filesOf() {
    const client = await this.t.client(FilesService, this.t.ctx.tenant(this.tenant).principal);
    return (await client.listFiles({})).files;
  }
}
