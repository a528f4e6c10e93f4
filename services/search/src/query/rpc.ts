import { requestCtx, type ServedService, service, TENANT_HEADER, tenantCtx, toRef } from "@leadmetrics/kit";
import { SearchService } from "@leadmetrics/proto/search/v1/search";
import type { Collection } from "../collections/define.ts";
import type { SearchEngine } from "../engine/port.ts";
import { search } from "./search.ts";

const DEFAULT_LIMIT = 10;

/** SearchService over an engine. The scope is the caller's; naming a tenant only narrows it. */
export function searchRpc(engine: SearchEngine, collections: readonly Collection[]): ServedService {
  return service(SearchService, {
    async search({ query, collections: names, limit }, hc) {
      const ctx = hc.requestHeader.has(TENANT_HEADER) ? tenantCtx(hc) : requestCtx(hc);
      const hits = await search(engine, collections, ctx, {
        query,
        collections: names,
        limit: limit || DEFAULT_LIMIT,
      });
      return {
        hits: hits.map(({ sourceId, tenantId, ...hit }) => ({
          ...hit,
          ref: toRef(sourceId),
          tenantRef: toRef(tenantId),
        })),
      };
    },
  });
}
