import { offlineEmbeddings } from "../src/embeddings/offline.ts";
import { bodyOf, serve } from "./wire.ts";

const signal = new AbortController().signal;

export interface EmbeddingRequest {
  readonly model: string;
  readonly input: string[];
  readonly dimensions: number;
  readonly encoding_format: string;
}

/** OpenAI's embeddings endpoint. The key "good" is right; the model "wrong-size" gives vectors of 8 dimensions. */
export async function openAiWire() {
  const requests: EmbeddingRequest[] = [];
  const server = await serve(async (request, response) => {
    const reply = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.headers.authorization !== "Bearer good") {
      const error = {
        message: "Incorrect API key provided",
        type: "invalid_request_error",
        code: "invalid_api_key",
      };
      return reply(401, { error });
    }
    const sent: EmbeddingRequest = JSON.parse((await bodyOf(request)).toString());
    requests.push(sent);
    const dimensions = sent.model === "wrong-size" ? 8 : sent.dimensions;
    const vectors = await offlineEmbeddings().embed(sent.input, signal);
    const data = vectors.map((vector, index) => ({
      object: "embedding",
      index,
      embedding: [...vector.map((value) => value * 3)].slice(0, dimensions),
    }));
    // In another order than asked: the index says which is whose.
    return reply(200, {
      object: "list",
      model: sent.model,
      data: data.toReversed(),
      usage: { prompt_tokens: 1, total_tokens: 1 },
    });
  });
  return { ...server, requests };
}
