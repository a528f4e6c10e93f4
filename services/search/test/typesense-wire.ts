import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { matchOf, wordsOf } from "../src/engine/words.ts";

interface StoredDocument {
  id: string;
  tenant: string;
  title: string;
  keywords: string;
  body: string;
  internal: boolean;
}

/** As much of Typesense's protocol as the adapter uses, scoped keys included, over documents in memory. */
export async function typesenseWire(apiKey: string) {
  const collections = new Map<string, Map<string, StoredDocument>>();
  const searchKeys = new Set<string>();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://typesense");
    const key = String(request.headers["x-typesense-api-key"] ?? url.searchParams.get("x-typesense-api-key"));
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, {
        "content-type": typeof body === "string" ? "text/plain" : "application/json",
      });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    };
    const text = await textOf(request);
    if (url.pathname === "/multi_search") {
      const filter = filterOf(key, searchKeys);
      if (filter === undefined)
        return reply(401, { message: "Forbidden - a valid `x-typesense-api-key` header must be sent." });
      const { searches } = JSON.parse(text);
      return reply(200, {
        results: searches.map((search: Search) => answer(search, collections.get(search.collection), filter)),
      });
    }
    if (key !== apiKey)
      return reply(401, { message: "Forbidden - a valid `x-typesense-api-key` header must be sent." });
    const [, , name = ""] = url.pathname.split("/");
    if (url.pathname === "/collections") {
      const schema = JSON.parse(text);
      if (collections.has(schema.name))
        return reply(409, { message: "A collection with that name already exists." });
      collections.set(schema.name, new Map());
      return reply(201, schema);
    }
    if (url.pathname === "/keys") {
      const { value } = JSON.parse(text);
      if (searchKeys.has(value)) return reply(409, { message: "API key generation conflict." });
      searchKeys.add(value);
      return reply(201, { id: 1, value });
    }
    const documents = collections.get(name);
    if (!documents) return reply(404, { message: "Not Found" });
    const filter = url.searchParams.get("filter_by") ?? "";
    const tenant = /^tenant:=\[`(.*)`\]$/.exec(filter)?.[1];
    const theirs = [...documents.values()].filter((document) => document.tenant === tenant);
    if (url.pathname.endsWith("/documents/search"))
      return reply(200, { found: theirs.length, hits: [], out_of: documents.size, page: 1 });
    if (request.method === "DELETE" && tenant) {
      for (const { id } of theirs) documents.delete(id);
      return reply(200, { num_deleted: theirs.length });
    }
    if (request.method === "DELETE") {
      const ids = /^id:=\[(.*)\]$/.exec(filter)?.[1]?.split(",") ?? [];
      return reply(200, { num_deleted: ids.filter((id) => documents.delete(id)).length });
    }
    const lines = text.split("\n").map((line) => JSON.parse(line));
    for (const document of lines) documents.set(document.id, document);
    return reply(200, lines.map(() => '{"success":true}').join("\n"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve()).closeAllConnections()),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request) text += piece;
  return text;
}

/** The filter signed into a key; "" for the plain search key, undefined for a key nobody made. */
function filterOf(key: string, searchKeys: ReadonlySet<string>): string | undefined {
  if (searchKeys.has(key)) return "";
  const decoded = Buffer.from(key, "base64").toString();
  const [digest, prefix, params] = [decoded.slice(0, 44), decoded.slice(44, 48), decoded.slice(48)];
  const parent = [...searchKeys].find((each) => each.startsWith(prefix));
  if (!parent || createHmac("sha256", parent).update(params).digest("base64") !== digest) return undefined;
  return JSON.parse(params).filter_by;
}

interface Search {
  collection: string;
  q: string;
  query_by: string;
  num_typos: string;
  per_page: number;
}

function answer(search: Search, documents: ReadonlyMap<string, StoredDocument> | undefined, filter: string) {
  if (!documents) return { code: 404, error: "Not found." };
  const tenants = /tenant:=\[(.*?)\]/
    .exec(filter)?.[1]
    ?.split(",")
    .map((each) => each.replaceAll("`", ""));
  const seen = [...documents.values()].filter(
    (document) =>
      (!tenants || tenants.includes(document.tenant)) &&
      !(filter.includes("internal:=false") && document.internal),
  );
  const fields = search.query_by.split(",") as ("title" | "keywords" | "body")[];
  const typos = search.num_typos.split(",").map(Number);
  const has = (document: StoredDocument, term: string) =>
    fields.some((field, index) =>
      wordsOf(document[field]).some((word) => {
        const match = matchOf(term, word);
        return match !== undefined && (match !== "similar" || (typos[index] ?? 0) > 0);
      }),
    );
  // Tokens are dropped, from the right, only when there would be no result.
  for (let terms = search.q.split(" "); terms.length > 0; terms = terms.slice(0, -1)) {
    const hits = seen.filter((document) => terms.every((term) => has(document, term)));
    if (hits.length > 0)
      return { found: hits.length, hits: hits.slice(0, search.per_page).map((document) => ({ document })) };
  }
  return { found: 0, hits: [] };
}
