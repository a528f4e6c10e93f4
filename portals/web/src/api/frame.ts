import { queryOptions } from "@tanstack/react-query";
import { http } from "./http.ts";
import type * as S from "./shapes.ts";

/**
 * What the frames of the portals ask, on every page. It stands by itself because a page's script carries whole lists of calls:
 * the long ones come with the pages that use them.
 */

/** What is set is looked at again this often, milliseconds: nobody is told of it live. */
const LOOK_MS = 30_000;

export const frameQueries = {
  me: queryOptions({
    queryKey: ["me"],
    queryFn: ({ signal }) => http.get<S.Me>("/auth/v1/me", undefined, signal),
    staleTime: 60_000,
  }),
  platform: queryOptions({
    queryKey: ["platform-now"],
    queryFn: ({ signal }) => http.get<S.PlatformNow>("/auth/v1/platform", undefined, signal),
    refetchInterval: LOOK_MS,
    staleTime: LOOK_MS,
  }),
  features: queryOptions({
    queryKey: ["features", "own"],
    queryFn: ({ signal }) => http.get<{ items: S.FeatureName[] }>("/tenant/v1/features", undefined, signal),
    refetchInterval: LOOK_MS,
    staleTime: LOOK_MS,
  }),
  notifications: (portal: "tenant" | "dm" = "tenant") =>
    queryOptions({
      queryKey: ["notifications"],
      queryFn: ({ signal }) =>
        http.get<S.Page<S.Notification> & { unread: number }>(
          `/${portal}/v1/notifications`,
          { pageSize: 50 },
          signal,
        ),
    }),
  tenant: queryOptions({
    queryKey: ["tenant"],
    queryFn: ({ signal }) => http.get<S.Tenant>("/tenant/v1/tenant", undefined, signal),
    staleTime: 60_000,
  }),
  members: queryOptions({
    queryKey: ["members"],
    queryFn: ({ signal }) => http.get<S.Page<S.Member>>("/tenant/v1/members", { pageSize: 200 }, signal),
  }),
  approvals: queryOptions({
    queryKey: ["approvals"],
    queryFn: ({ signal }) =>
      http.get<S.Page<S.Activity> & { total: number }>("/tenant/v1/approvals", { pageSize: 200 }, signal),
  }),
  contract: queryOptions({
    queryKey: ["contract"],
    queryFn: ({ signal }) =>
      http.get<{ contract?: S.Contract | null; waiting: boolean }>("/tenant/v1/contract", undefined, signal),
    staleTime: 300_000,
  }),
  /** How many drafts wait for a reviewer, of one tenant or of all. */
  waiting: (tenantRef?: string) =>
    queryOptions({
      queryKey: ["queue", "waiting", tenantRef ?? ""],
      queryFn: ({ signal }) =>
        http.get<S.Page<S.Activity> & { total: number }>(
          "/dm/v1/queue",
          { tenantRefs: tenantRef, pageSize: 1 },
          signal,
        ),
    }),
  runs: (filter: { status?: string } = {}) =>
    queryOptions({
      queryKey: ["runs", filter],
      queryFn: ({ signal }) => http.get<S.Page<S.Run>>("/dm/v1/runs", { ...filter, pageSize: 100 }, signal),
    }),
  deadLetters: queryOptions({
    queryKey: ["dead-letters"],
    queryFn: ({ signal }) =>
      http.get<S.Page<S.DeadLetter>>("/admin/v1/dead-letters", { pageSize: 100 }, signal),
  }),
  pauses: queryOptions({
    queryKey: ["pauses"],
    queryFn: ({ signal }) => http.get<{ items: S.Pause[] }>("/admin/v1/pauses", undefined, signal),
  }),
};

/** What the palette finds. */
export const search = (portal: "tenant" | "dm", q: string, signal: AbortSignal) =>
  http.get<{ items: S.SearchHit[] }>(`/${portal}/v1/search`, { q, limit: 8 }, signal);
