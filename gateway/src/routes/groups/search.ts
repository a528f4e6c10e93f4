import { SearchService } from "@leadmetrics/proto/search/v1/search";
import type { RouteGroups } from "../route.ts";

export const searchRoutes: RouteGroups = {
  own: [
    {
      method: "GET",
      path: "/search",
      rpc: SearchService.method.search,
      target: "search",
      list: "hits",
      alias: { q: "query" },
      summary: "Find anything",
    },
  ],
};
