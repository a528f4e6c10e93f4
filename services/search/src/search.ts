import { ConfigError, type Ctx, type Database, type ServiceDefinition, schedule } from "@leadmetrics/kit";
import { COLLECTIONS } from "./collections/index.ts";
import type { SearchConfig } from "./config.ts";
import type { SearchDb } from "./db.ts";
import { documentConsumer } from "./documents/consumer.ts";
import { syncDocuments } from "./documents/sync.ts";
import type { SearchEngine } from "./engine/port.ts";
import { postgresEngine } from "./engine/postgres.ts";
import { SEARCH_EVERYWHERE } from "./engine/scope.ts";
import { typesenseEngine } from "./engine/typesense.ts";
import { searchRpc } from "./query/rpc.ts";
import { searchRecords } from "./records.ts";

type Parts = Omit<ServiceDefinition<SearchDb, SearchConfig>, "name" | "config" | "migrations">;

/** How often changes are copied to an engine that keeps its own documents, milliseconds. */
const SYNC_EVERY_MS = 1_000;

/** What the service consists of. */
export function searchParts(config: SearchConfig): Parts {
  let known: SearchEngine | undefined;
  const engine = (db: Database<SearchDb>) => {
    known ??= chooseEngine(config, db);
    return known;
  };
  return {
    rpc: ({ db }) => [searchRpc(engine(db), COLLECTIONS), searchRecords(db, engine(db))],
    consumers: () => [documentConsumer(COLLECTIONS)],
    schedules: ({ db }) => {
      const { copy } = engine(db);
      if (!copy) return [];
      return [
        schedule<SearchDb>({
          name: "sync",
          every: SYNC_EVERY_MS,
          run: async ({ signal }) => void (await syncDocuments(db, copy, signal)),
        }),
      ];
    },
    start: async ({ db, log }) => {
      log.info({ engine: engine(db).name }, "search engine");
      return () => undefined;
    },
  };
}

function chooseEngine(config: SearchConfig, db: Database<SearchDb>): SearchEngine {
  const { TYPESENSE_URL: url, TYPESENSE_API_KEY: apiKey } = config;
  if (!url) return postgresEngine(db);
  if (!apiKey) throw new ConfigError("TYPESENSE_URL needs TYPESENSE_API_KEY.");
  const audit = (ctx: Ctx) => db.withPlatform(ctx, SEARCH_EVERYWHERE, async () => undefined);
  return typesenseEngine({ url, apiKey, collections: COLLECTIONS, audit });
}
