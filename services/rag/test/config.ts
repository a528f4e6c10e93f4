import type { BaseConfig } from "@leadmetrics/kit";
import type { RagConfig } from "../src/config.ts";
import type { RagTunables } from "../src/rag.ts";

/** A configuration without anything outside. */
export function ragTestConfig(base: BaseConfig): RagConfig {
  return {
    ...base,
    FILES_DIR: "",
    S3_REGION: "us-east-1",
    VECTORS_DIR: "",
    EMBEDDINGS: "offline",
    OPENAI_BASE_URL: "https://api.openai.com/v1",
    EMBEDDING_MODEL: "text-embedding-3-small",
    EMBEDDING_DIMENSIONS: 1_536,
    INGEST_CONCURRENCY: 2,
    CRAWL_CONCURRENCY: 2,
    CRAWL_REST_SECONDS: 0,
  };
}

/** Workers that don't keep a test waiting. @param allowPrivate sites on the loopback that a crawl may read */
export const ragTestTunables = (allowPrivate: readonly string[] = []): RagTunables => ({
  ingest: { concurrency: 2, leaseMs: 5_000, pollMs: 200 },
  crawl: { concurrency: 2, leaseMs: 5_000, pollMs: 200 },
  rest: { afterReading: 0, afterFailure: 0 },
  allowPrivate,
});
