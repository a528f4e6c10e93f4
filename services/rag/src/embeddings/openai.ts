import { AppError, errors } from "@leadmetrics/kit";
import OpenAI from "openai";
import { type Embeddings, normalise } from "./port.ts";

export interface OpenAiOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly model: string;
  readonly dimensions: number;
}

/** Far below the API's 2,048 inputs and 300,000 tokens a request, at 1,200 characters a passage. */
const BATCH = 128;
const TIMEOUT_MS = 60_000;

/** OpenAI's embeddings API, or any server that speaks it. */
export function openAiEmbeddings(options: OpenAiOptions): Embeddings {
  const { model, dimensions } = options;
  const client = new OpenAI({
    apiKey: options.apiKey,
    baseURL: options.baseUrl,
    timeout: TIMEOUT_MS,
    maxRetries: 3,
  });
  return {
    label: `openai-${model}-${dimensions}`,
    dimensions,
    batchSize: BATCH,
    async embed(texts, signal) {
      const answer = await client.embeddings
        // The SDK asks for base64 by default, which not every compatible server speaks.
        .create({ model, dimensions, input: [...texts], encoding_format: "float" }, { signal })
        .catch((error: unknown) => {
          throw described(error);
        });
      const vectors = answer.data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => embedding);
      if (vectors.length !== texts.length) throw wrong(`${vectors.length} vectors for ${texts.length} texts`);
      return vectors.map((vector) => {
        if (vector.length !== dimensions)
          throw wrong(`vectors of ${vector.length} dimensions instead of ${dimensions}`);
        return normalise(Float32Array.from(vector));
      });
    },
  };
}

/** A wrong key or model won't mend itself, but a person can mend it: the file waits meanwhile. */
function described(error: unknown): AppError {
  if (error instanceof OpenAI.AuthenticationError) {
    return errors.unavailable("The embedding service refuses the key in OPENAI_API_KEY.", error);
  }
  if (error instanceof OpenAI.APIError) {
    return errors.unavailable(`The embedding service answered ${error.status ?? "nothing"}.`, error);
  }
  return errors.unavailable("The embedding service could not be reached.", error);
}

function wrong(what: string): AppError {
  return new AppError(
    "unavailable",
    "embedding_mismatch",
    `The embedding service gave ${what}. Check EMBEDDING_MODEL and EMBEDDING_DIMENSIONS.`,
  );
}
