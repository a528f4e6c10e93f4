import { type ServedService, service, tenantCtx, toRef } from "@leadmetrics/kit";
import { RetrieveService } from "@leadmetrics/proto/rag/v1/files";
import { type RetrieveDeps, retrieve } from "./retrieve.ts";

/** Passages when the caller doesn't say how many. */
const DEFAULT_LIMIT = 6;

/** RetrieveService on its stores. */
export function retrieveRpc(deps: RetrieveDeps): ServedService {
  return service(RetrieveService, {
    async retrieve({ query, limit }, hc) {
      const found = await retrieve(deps, tenantCtx(hc), query, limit || DEFAULT_LIMIT);
      return {
        chunks: found.map((each) => ({
          ref: toRef(each.id),
          fileRef: toRef(each.file_id),
          fileName: each.file_name,
          locator: each.locator,
          text: each.text,
          score: each.score,
          sourceUrl: each.source_url,
        })),
      };
    },
  });
}
