import { baseConfig } from "@leadmetrics/kit";
import { z } from "zod";
import { CRAWL } from "./crawl/limits.ts";

/** Beside what every service is told. Everything left out means: this machine, nothing outside. */
export const ragConfig = {
  ...baseConfig,
  FILES_DIR: z.string().default(".local/files").describe("folder for files, when no S3_BUCKET is set"),
  S3_BUCKET: z.string().optional(),
  S3_REGION: z.string().default("us-east-1"),
  S3_ENDPOINT: z.url().optional().describe("for stores other than AWS"),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  VECTORS_DIR: z.string().default(".local/vectors").describe("folder for vectors, when no QDRANT_URL is set"),
  QDRANT_URL: z.url().optional(),
  QDRANT_API_KEY: z.string().optional(),
  EMBEDDINGS: z
    .enum(["auto", "offline", "openai"])
    .default("auto")
    .describe("auto: openai when there is a key"),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: z.url().default("https://api.openai.com/v1"),
  EMBEDDING_MODEL: z.string().default("text-embedding-3-small"),
  EMBEDDING_DIMENSIONS: z.coerce.number().int().min(64).max(4_096).default(1_536),
  INGEST_CONCURRENCY: z.coerce.number().int().min(1).max(32).default(2).describe("files processed at once"),
  CRAWL_CONCURRENCY: z.coerce.number().int().min(1).max(16).default(2).describe("websites read at once"),
  CRAWL_REST_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .default(CRAWL.againMs / 1_000)
    .describe("until a website that was read is read again"),
  SSRF_ALLOW: z
    .string()
    .optional()
    .describe("host:port that a crawl may read though it is private; development only"),
} as const;

export type RagConfig = Readonly<z.output<z.ZodObject<typeof ragConfig>>>;
