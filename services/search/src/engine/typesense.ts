import { createHmac } from "node:crypto";
import { Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import { asTenantId, type Ctx, errors, fromRef, type TenantId, toRef } from "@leadmetrics/kit";
import { Client, Errors, SearchClient } from "typesense";
import type { Collection } from "../collections/define.ts";
import type { Copy, EngineQuery, Found, Refused, SearchEngine } from "./port.ts";
import { isEverywhere } from "./scope.ts";

export interface TypesenseOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly collections: readonly Collection[];
  /** Notes that somebody looked across all tenants. */
  readonly audit: (ctx: Ctx) => Promise<void>;
  /** Put before every collection's name, for a server that several installations share. */
  readonly prefix?: string;
}

/** A document as Typesense keeps it; refs, because filters are easier to read with them. */
interface Stored {
  id: string;
  tenant: string;
  source: string;
  title: string;
  keywords: string;
  body: string;
  status: string;
  internal: boolean;
  updated_on: number;
}

const TIMEOUT_S = 5;
/** Documents of one collection a search brings at most. */
const PER_COLLECTION = 50;

/**
 * Typesense. Tenants are kept apart by its scoped keys: the filter is signed into the key a search is made with, so no
 * parameter of the search can widen it.
 */
export function typesenseEngine(options: TypesenseOptions): SearchEngine {
  const prefix = options.prefix ?? "leadmetrics_";
  const connection = {
    nodes: [{ url: options.url }],
    connectionTimeoutSeconds: TIMEOUT_S,
    numRetries: 2,
    retryIntervalSeconds: 0.2,
    // What fails is thrown, and logged once by whoever catches it.
    logLevel: "silent" as const,
    httpAgent: new Agent({ keepAlive: true }),
    httpsAgent: new TlsAgent({ keepAlive: true }),
  };
  const client = new Client({ ...connection, apiKey: options.apiKey });
  let preparing: Promise<string> | undefined;
  /** @returns the key that may do nothing but search, of which scoped ones are made */
  const prepared = () => {
    preparing ??= prepare(client, options, prefix).catch((error: unknown) => {
      preparing = undefined;
      throw error;
    });
    return preparing;
  };
  const sumOver = (work: (collection: string) => Promise<number>) =>
    reaching(async () => {
      await prepared();
      let all = 0;
      for (const { name } of options.collections) all += await work(`${prefix}${name}`);
      return all;
    });

  return {
    name: `Typesense at ${options.url}`,
    candidates: (ctx, query) =>
      reaching(async () => {
        const filter = await scopeOf(ctx, query, options.audit);
        if (filter === undefined) return [];
        const searchKey = await prepared();
        const apiKey =
          filter === "" ? searchKey : client.keys().generateScopedSearchKey(searchKey, { filter_by: filter });
        const { results } = await new SearchClient({ ...connection, apiKey }).multiSearch.perform<Stored[]>({
          searches: query.collections.map(({ name, weights }) => ({
            collection: `${prefix}${name}`,
            q: query.terms.join(" "),
            query_by: "title,keywords,body",
            query_by_weights: [weights.title, weights.keywords, weights.body]
              .map((weight) => Math.round(weight * 100))
              .join(","),
            // As `relevance` counts mistakes: none in bodies.
            num_typos: "2,2,0",
            min_len_1typo: 4,
            min_len_2typo: 8,
            per_page: Math.min(PER_COLLECTION, query.limit),
            highlight_fields: "none",
          })),
        });
        return results.flatMap((result, index) => {
          const collection = query.collections[index];
          if (!collection) return [];
          if ("error" in result) throw new Error(`searching ${collection.name}: ${String(result.error)}`);
          return (result.hits ?? []).map(({ document }) => found(collection, document));
        });
      }),
    copy: (documents) =>
      reaching(async () => {
        await prepared();
        const refused: Refused[] = [];
        for (const { name } of options.collections) {
          const own = documents.filter((document) => document.collection === name);
          if (own.length > 0) refused.push(...(await copyInto(client, `${prefix}${name}`, own)));
        }
        return refused;
      }),
    copies: {
      count: (tenantId) =>
        sumOver(async (name) => {
          const { found } = await client
            .collections<Stored>(name)
            .documents()
            .search({ q: "*", filter_by: ofTenant(tenantId), per_page: 0 }, {});
          return found;
        }),
      remove: (tenantId) =>
        sumOver(async (name) => {
          const { num_deleted } = await client
            .collections<Stored>(name)
            .documents()
            .delete({ filter_by: ofTenant(tenantId) });
          return num_deleted;
        }),
    },
  };
}

const ofTenant = (tenantId: TenantId) => `tenant:=[\`${toRef(tenantId)}\`]`;

/** The filter a caller's searches carry; undefined for a caller who may see nothing, empty for one who may see all. */
async function scopeOf(
  ctx: Ctx,
  { internal }: EngineQuery,
  audit: TypesenseOptions["audit"],
): Promise<string | undefined> {
  if (isEverywhere(ctx)) {
    await audit(ctx);
    return "";
  }
  if (ctx.tenantIds.length === 0) return undefined;
  const own = `tenant:=[${ctx.tenantIds.map((id) => `\`${toRef(id)}\``).join(",")}]`;
  return internal ? own : `${own} && internal:=false`;
}

async function copyInto(client: Client, name: string, documents: readonly Copy[]): Promise<Refused[]> {
  const target = client.collections<Stored>(name).documents();
  const gone = documents.filter((document) => document.gone);
  if (gone.length > 0)
    await target.delete({ filter_by: `id:=[${gone.map(({ documentId }) => documentId).join(",")}]` });
  const present = documents.filter((document) => !document.gone);
  if (present.length === 0) return [];
  const answers = await target.import(present.map(stored), { action: "upsert" }).catch((error: unknown) => {
    // Some lines failed: the others were taken.
    if (error instanceof Errors.ImportError) return error.importResults;
    throw error;
  });
  return present.flatMap(({ documentId }, index) => {
    const answer = answers[index];
    return answer?.success ? [] : [{ documentId, message: answer?.error ?? "no answer" }];
  });
}

function stored(document: Copy): Stored {
  return {
    id: document.documentId,
    tenant: toRef(document.tenantId),
    source: toRef(document.sourceId),
    title: document.title,
    keywords: document.keywords,
    body: document.body,
    status: document.status,
    internal: document.internal,
    updated_on: document.updatedOn.getTime(),
  };
}

function found({ name }: Collection, document: Stored): Found {
  return {
    collection: name,
    tenantId: asTenantId(fromRef(document.tenant)),
    sourceId: fromRef(document.source),
    title: document.title,
    keywords: document.keywords,
    body: document.body,
    status: document.status,
    updatedOn: new Date(document.updated_on),
  };
}

async function prepare(
  client: Client,
  { apiKey, collections }: TypesenseOptions,
  prefix: string,
): Promise<string> {
  for (const { name } of collections) {
    await unlessThere(
      client.collections().create({
        name: `${prefix}${name}`,
        fields: [
          { name: "tenant", type: "string" },
          { name: "title", type: "string" },
          { name: "keywords", type: "string" },
          { name: "body", type: "string" },
          { name: "internal", type: "bool" },
          { name: "updated_on", type: "int64" },
          { name: "source", type: "string", index: false, optional: true },
          { name: "status", type: "string", index: false, optional: true },
        ],
        default_sorting_field: "updated_on",
      }),
    );
  }
  // Typesense tells a key once, when it is made; a value of our own choosing needs no place to keep it in.
  const value = createHmac("sha256", apiKey).update(`search:${prefix}`).digest("hex");
  await unlessThere(
    client.keys().create({
      description: `search in ${prefix}*`,
      actions: ["documents:search"],
      collections: [`${prefix}.*`],
      value,
    }),
  );
  return value;
}

async function unlessThere(creation: Promise<unknown>): Promise<void> {
  await creation.catch((error: unknown) => {
    if (!(error instanceof Errors.ObjectAlreadyExists)) throw error;
  });
}

function reaching<T>(work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    throw errors.unavailable("The search engine could not be reached. Try again in a moment.", error);
  });
}
