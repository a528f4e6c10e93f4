import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http, p } from "./http.ts";
import type * as S from "./shapes.ts";

/** What the reviewers' queue is narrowed to. */
export interface QueueFilter {
  tenantRef?: string;
  contentType?: S.ContentType;
  escalated?: boolean;
  overdue?: boolean;
  title?: string;
}

type QueuePage = S.Page<S.Activity> & { total: number };

const asQuery = ({ tenantRef, ...rest }: QueueFilter) => ({
  ...(tenantRef ? { tenantRefs: tenantRef } : {}),
  ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value)),
});

/** Rows asked for at once: more than a screen, less than a person reviews before the next page is there. */
const PAGE = 100;
/** Claims are prolonged without being told; those that ended are found by asking again. */
const CLAIMS_MS = 45_000;

export const reviewQueries = {
  /** Oldest promise first. */
  queue: (filter: QueueFilter = {}) =>
    infiniteQueryOptions({
      queryKey: ["queue", "list", filter],
      queryFn: ({ pageParam, signal }) =>
        http.get<QueuePage>(
          "/dm/v1/queue",
          { ...asQuery(filter), pageSize: PAGE, pageToken: pageParam },
          signal,
        ),
      initialPageParam: "",
      getNextPageParam: (last) => last.nextPageToken ?? undefined,
    }),
  /** One draft by its reference alone, in whatever state, and where it stands in the queue. */
  find: (ref: string) =>
    queryOptions({
      queryKey: ["queue", "find", ref],
      queryFn: ({ signal }) => http.get<S.QueuePlace>(p`/dm/v1/queue/${ref}`, undefined, signal),
    }),
  claims: queryOptions({
    queryKey: ["claims"],
    queryFn: ({ signal }) => http.get<S.Page<S.ReviewClaim>>("/dm/v1/claims", undefined, signal),
    refetchInterval: CLAIMS_MS,
  }),
  edit: (tenantRef: string, ref: string) =>
    queryOptions({
      queryKey: ["draft-edit", ref],
      queryFn: ({ signal }) =>
        http.get<{ edit?: S.DraftEdit | null }>(
          p`/dm/v1/tenants/${tenantRef}/reviews/${ref}/edit`,
          undefined,
          signal,
        ),
      staleTime: 0,
      gcTime: 0,
    }),
  /** By the text, so that a new revision is looked at anew. */
  similar: (tenantRef: string, ref: string, contentHash: string) =>
    queryOptions({
      queryKey: ["similar", ref, contentHash],
      queryFn: ({ signal }) =>
        http.get<{ items: S.SimilarItem[] }>(
          p`/dm/v1/tenants/${tenantRef}/reviews/${ref}/similar`,
          undefined,
          signal,
        ),
      staleTime: 300_000,
    }),
  stats: (days: number, timeZone: string) =>
    queryOptions({
      queryKey: ["review-stats", days, timeZone],
      queryFn: ({ signal }) => http.get<S.ReviewStats>("/dm/v1/review-stats", { days, timeZone }, signal),
    }),
};

export const reviewActions = {
  claim: (tenantRef: string, ref: string, takeOver = false) =>
    http.put<{ claim?: S.ReviewClaim | null; mine: boolean }>(
      p`/dm/v1/tenants/${tenantRef}/reviews/${ref}/claim`,
      { takeOver },
    ),
  release: (tenantRef: string, ref: string) =>
    http.del<void>(p`/dm/v1/tenants/${tenantRef}/reviews/${ref}/claim`, { keepalive: true }),
  saveEdit: (
    tenantRef: string,
    ref: string,
    body: { baseContentHash: string; title: string; body: string; version: number },
  ) => http.put<S.DraftEdit>(p`/dm/v1/tenants/${tenantRef}/reviews/${ref}/edit`, body),
  edit: (tenantRef: string, ref: string) =>
    http.get<{ edit?: S.DraftEdit | null }>(p`/dm/v1/tenants/${tenantRef}/reviews/${ref}/edit`),
  discardEdit: (tenantRef: string, ref: string) =>
    http.del<void>(p`/dm/v1/tenants/${tenantRef}/reviews/${ref}/edit`),
};
