import { type ServiceDefinition, schedule } from "@leadmetrics/kit";
import type { RagConfig } from "./config.ts";
import { crawlConsumer } from "./crawl/intake.ts";
import { crawlsRpc } from "./crawl/rpc.ts";
import type { Rest } from "./crawl/rules.ts";
import { type CrawlTunables, startCrawls } from "./crawl/worker.ts";
import type { RagDb } from "./db.ts";
import { reembed } from "./embeddings/reembed.ts";
import { sweepRemovals } from "./files/removal.ts";
import { filesRpc } from "./files/rpc.ts";
import { type IngestTunables, startIngest } from "./files/worker.ts";
import { tenantPolicyConsumer } from "./policy.ts";
import { ragRecords } from "./records.ts";
import { retrieveRpc } from "./retrieve/rpc.ts";
import type { Stores } from "./stores.ts";

type Parts = Omit<ServiceDefinition<RagDb, RagConfig>, "name" | "config" | "migrations">;

const MINUTE = 60_000;

export interface RagTunables {
  readonly ingest: IngestTunables;
  readonly crawl: CrawlTunables;
  readonly rest: Rest;
  /** `host:port` that a crawl may read though it is private; empty in production. */
  readonly allowPrivate: readonly string[];
}

/** What the service consists of, on the given stores. */
export function rag(stores: Stores, tunables: RagTunables): Parts {
  return {
    rpc: ({ db }) => [
      filesRpc({ db, ...stores }),
      retrieveRpc({ db, ...stores }),
      crawlsRpc({ db, rest: tunables.rest }),
      ragRecords({ db, ...stores }),
    ],
    consumers: () => [tenantPolicyConsumer(), crawlConsumer()],
    schedules: ({ db, log }) => [
      schedule({
        name: "removals",
        every: 30_000,
        run: ({ signal }) => sweepRemovals({ db, ...stores }, signal),
      }),
      schedule({ name: "tidy-vectors", every: 10 * MINUTE, run: () => stores.vectors.tidy() }),
      schedule({
        name: "reembed",
        every: MINUTE,
        run: async () => {
          const queued = await reembed(db, stores.embeddings);
          if (queued > 0)
            log.info(
              { queued, embedding: stores.embeddings.usual.label },
              "files get vectors of another embedding",
            );
        },
      }),
    ],
    start: async ({ db, log }) => {
      log.info(
        {
          objects: stores.objects.name,
          vectors: stores.vectors.name,
          embedding: stores.embeddings.usual.label,
        },
        "stores",
      );
      const { allowPrivate } = tunables;
      const stopIngest = startIngest({ db, log, ...stores }, tunables.ingest);
      const stopCrawls = startCrawls({ db, log, ...stores, allowPrivate }, tunables.crawl);
      return async () => {
        await Promise.all([stopIngest(), stopCrawls()]);
        await stores.vectors.close();
      };
    },
  };
}
