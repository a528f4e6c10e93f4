import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folderObjects } from "../src/objects/folder.ts";
import { s3Objects } from "../src/objects/s3.ts";
import { objectStoreContract } from "./contracts/objects.ts";
import { bodyOf, serve } from "./wire.ts";

describe("a folder", () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "lm-objects-"));
  });
  afterAll(() => rm(dir, { recursive: true }));

  objectStoreContract(() => folderObjects(dir));

  it("leaves no drafts behind", async () => {
    const files = await readdir(dir, { recursive: true });
    expect(files.filter((name) => name.endsWith(".part"))).toEqual([]);
  });
});

describe("S3", () => {
  const objects = new Map<string, Buffer>();
  const seen: { authorization?: string; disposition?: string }[] = [];
  let server: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    server = await serve(async (request, response) => {
      const key = decodeURIComponent(new URL(request.url ?? "", "http://s3").pathname);
      const body = await bodyOf(request);
      if (request.method === "PUT") {
        seen.push({
          authorization: request.headers.authorization,
          disposition: request.headers["content-disposition"],
        });
        objects.set(key, body);
        response.writeHead(200, { etag: '"1"' }).end();
      } else if (request.method === "DELETE") {
        objects.delete(key);
        response.writeHead(204).end();
      } else if (request.url?.includes("list-type=2")) {
        const asked = new URL(request.url, "http://s3").searchParams;
        const [, bucket = ""] = key.split("/");
        const found = [...objects.keys()]
          .map((each) => each.slice(bucket.length + 2))
          .filter(
            (each) => each.startsWith(asked.get("prefix") ?? "") && each > (asked.get("start-after") ?? ""),
          )
          .sort()
          .slice(0, Number(asked.get("max-keys")));
        const contents = found.map((each) => `<Contents><Key>${each}</Key></Contents>`).join("");
        response.writeHead(200, { "content-type": "application/xml" });
        response.end(`<ListBucketResult>${contents}</ListBucketResult>`);
      } else if (objects.has(key)) {
        response.writeHead(200).end(objects.get(key));
      } else {
        response.writeHead(404, { "content-type": "application/xml" });
        response.end(
          "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>",
        );
      }
    });
  });
  afterAll(() => server.close());

  const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
  objectStoreContract(() =>
    s3Objects({ bucket: "knowledge", region: "eu-central-1", endpoint: server.url, credentials }),
  );

  it("signs its requests, stays in its bucket, and marks files as downloads", () => {
    expect(seen[0]?.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=key\/\d+\/eu-central-1\/s3/);
    expect(seen[0]?.disposition).toBe("attachment");
    expect([...objects.keys()].every((key) => key.startsWith("/knowledge/tenant/rag/"))).toBe(true);
  });

  it("says that it can't be reached", async () => {
    const store = s3Objects({
      bucket: "knowledge",
      region: "eu-central-1",
      endpoint: "http://127.0.0.1:9",
      credentials,
    });
    await expect(store.get("tenant/rag/a/b.txt")).rejects.toMatchObject({ kind: "unavailable" });
  });
});
