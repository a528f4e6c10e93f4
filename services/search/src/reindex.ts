import { createLogger, loadConfig, openDatabase } from "@leadmetrics/kit";
import { searchConfig } from "./config.ts";
import type { SearchDb } from "./db.ts";
import { reindex } from "./documents/reindex.ts";

// `pnpm --filter @leadmetrics/search reindex`, with the service's own environment.
const config = loadConfig(searchConfig);
const log = createLogger({ service: "search", level: config.LOG_LEVEL });
const urls = {
  app: config.DATABASE_URL,
  system: config.DATABASE_SYSTEM_URL,
  platform: config.DATABASE_PLATFORM_URL,
};
const db = openDatabase<SearchDb>({ service: "search", urls, log });
log.info({ documents: await reindex(db) }, "reindexed");
await db.close();
