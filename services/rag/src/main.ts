import { createService, loadConfig, privateAllowance } from "@leadmetrics/kit";
import { ragConfig } from "./config.ts";
import { CRAWL } from "./crawl/limits.ts";
import { diskSampler } from "./metrics.ts";
import { rag } from "./rag.ts";
import { openStores } from "./stores.ts";

const config = loadConfig(ragConfig);
const stores = await openStores(config);

await createService({
  name: "rag",
  config,
  migrations: new URL("../migrations", import.meta.url),
  samplers: () => (config.S3_BUCKET ? [] : [diskSampler(config.FILES_DIR)]),
  ...rag(stores, {
    ingest: { concurrency: config.INGEST_CONCURRENCY, leaseMs: 30_000, pollMs: 1_000 },
    crawl: { concurrency: config.CRAWL_CONCURRENCY, leaseMs: 30_000, pollMs: 1_000 },
    rest: {
      afterReading: config.CRAWL_REST_SECONDS * 1_000,
      afterFailure: Math.min(CRAWL.againAfterFailureMs, config.CRAWL_REST_SECONDS * 1_000),
    },
    allowPrivate: privateAllowance(config.SSRF_ALLOW, config.NODE_ENV === "production"),
  }),
});
