import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { offlineEmbeddings } from "../src/embeddings/offline.ts";
import { openAiEmbeddings } from "../src/embeddings/openai.ts";
import { embeddingsContract } from "./contracts/embeddings.ts";
import { openAiWire } from "./openai-wire.ts";

const signal = new AbortController().signal;

describe("offline", () => {
  embeddingsContract(offlineEmbeddings);

  it("says what it is", () => expect(offlineEmbeddings().label).toBe("offline-ngram-384"));
});

describe("OpenAI", () => {
  let server: Awaited<ReturnType<typeof openAiWire>>;
  beforeAll(async () => {
    server = await openAiWire();
  });
  afterAll(() => server.close());

  const open = (more: Partial<Parameters<typeof openAiEmbeddings>[0]> = {}) =>
    openAiEmbeddings({
      apiKey: "good",
      baseUrl: `${server.url}/v1`,
      model: "text-embedding-3-small",
      dimensions: 384,
      ...more,
    });
  embeddingsContract(() => open());

  it("asks for plain numbers of the configured size", () => {
    expect(server.requests[0]).toMatchObject({
      model: "text-embedding-3-small",
      dimensions: 384,
      encoding_format: "float",
    });
  });

  it("refuses vectors of another size", async () => {
    await expect(open({ model: "wrong-size" }).embed(["a"], signal)).rejects.toMatchObject({
      reason: "embedding_mismatch",
    });
  });

  it("names the key when it is refused", async () => {
    await expect(open({ apiKey: "bad" }).embed(["a"], signal)).rejects.toThrow("OPENAI_API_KEY");
  });
});
