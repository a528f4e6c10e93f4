import { ConfigError } from "@leadmetrics/kit";
import type { RagConfig } from "./config.ts";
import { type EmbeddingChoice, embeddingChoice } from "./embeddings/choice.ts";
import { offlineEmbeddings } from "./embeddings/offline.ts";
import { openAiEmbeddings } from "./embeddings/openai.ts";
import type { Embeddings } from "./embeddings/port.ts";
import { folderObjects } from "./objects/folder.ts";
import type { ObjectStore } from "./objects/port.ts";
import { s3Objects } from "./objects/s3.ts";
import { lanceVectors } from "./vectors/lance.ts";
import type { VectorStore } from "./vectors/port.ts";
import { qdrantVectors } from "./vectors/qdrant.ts";

/** Where things lie that don't lie in the database. */
export interface Stores {
  readonly objects: ObjectStore;
  readonly vectors: VectorStore;
  readonly embeddings: EmbeddingChoice;
}

/** The adapters the configuration names. */
export async function openStores(config: RagConfig): Promise<Stores> {
  return {
    objects: chooseObjects(config),
    vectors: await chooseVectors(config),
    embeddings: embeddingChoice(chooseEmbeddings(config), offlineEmbeddings()),
  };
}

function chooseObjects(config: RagConfig): ObjectStore {
  const { S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = config;
  if (!bucket) return folderObjects(config.FILES_DIR);
  const credentials = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
  return s3Objects({ bucket, region: config.S3_REGION, endpoint: config.S3_ENDPOINT, credentials });
}

async function chooseVectors(config: RagConfig): Promise<VectorStore> {
  return config.QDRANT_URL
    ? qdrantVectors({ url: config.QDRANT_URL, apiKey: config.QDRANT_API_KEY })
    : lanceVectors(config.VECTORS_DIR);
}

function chooseEmbeddings(config: RagConfig): Embeddings {
  const { EMBEDDINGS: wanted, OPENAI_API_KEY: apiKey } = config;
  if (wanted === "openai" && !apiKey) throw new ConfigError("EMBEDDINGS=openai needs OPENAI_API_KEY.");
  if (wanted === "offline" || !apiKey) return offlineEmbeddings();
  return openAiEmbeddings({
    apiKey,
    baseUrl: config.OPENAI_BASE_URL,
    model: config.EMBEDDING_MODEL,
    dimensions: config.EMBEDDING_DIMENSIONS,
  });
}
