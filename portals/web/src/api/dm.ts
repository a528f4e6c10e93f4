import { queryOptions } from "@tanstack/react-query";
import { http, p } from "./http.ts";
import type * as S from "./shapes.ts";
import type { DecisionInput } from "./tenant.ts";

/** Activities of one tenant that are asked for at once, the newest. */
export const ACTIVITIES_PAGE = 100;

/** What a reviewer can read and do, over the tenants assigned to them. */

export const dmQueries = {
  tenants: queryOptions({
    queryKey: ["tenants"],
    queryFn: ({ signal }) => http.get<S.Page<S.Tenant>>("/dm/v1/tenants", { pageSize: 200 }, signal),
    staleTime: 60_000,
  }),
  context: (tenantRef: string) =>
    queryOptions({
      queryKey: ["context", tenantRef],
      queryFn: ({ signal }) =>
        http.get<S.ContextVersion>(p`/dm/v1/tenants/${tenantRef}/context`, undefined, signal),
    }),
  members: (tenantRef: string) =>
    queryOptions({
      queryKey: ["members", tenantRef],
      queryFn: ({ signal }) =>
        http.get<S.Page<S.Member>>(p`/dm/v1/tenants/${tenantRef}/members`, { pageSize: 200 }, signal),
      staleTime: 300_000,
    }),
  files: (tenantRef: string) =>
    queryOptions({
      queryKey: ["files", tenantRef],
      queryFn: ({ signal }) =>
        http.get<S.Page<S.KnowledgeFile>>(p`/dm/v1/tenants/${tenantRef}/files`, { pageSize: 100 }, signal),
    }),
  plans: (tenantRef: string) =>
    queryOptions({
      queryKey: ["plans", tenantRef],
      queryFn: ({ signal }) =>
        http.get<S.Page<S.Plan>>(p`/dm/v1/tenants/${tenantRef}/plans`, { pageSize: 50 }, signal),
    }),
  /** @param filter.title a part of it */
  activities: (tenantRef: string, filter: { status?: string; title?: string } = {}) =>
    queryOptions({
      queryKey: ["activities", "of", tenantRef, filter],
      queryFn: ({ signal }) =>
        http.get<S.Page<S.Activity>>(
          p`/dm/v1/tenants/${tenantRef}/activities`,
          { ...filter, pageSize: ACTIVITIES_PAGE },
          signal,
        ),
    }),
  activity: (tenantRef: string, ref: string) =>
    queryOptions({
      queryKey: ["activities", ref],
      queryFn: ({ signal }) =>
        http.get<S.ActivityDetail>(p`/dm/v1/tenants/${tenantRef}/activities/${ref}`, undefined, signal),
    }),
  comments: (tenantRef: string, ref: string) =>
    queryOptions({
      queryKey: ["comments", ref],
      queryFn: ({ signal }) =>
        http.get<S.Page<S.Comment>>(
          p`/dm/v1/tenants/${tenantRef}/activities/${ref}/comments`,
          { pageSize: 200 },
          signal,
        ),
    }),
  run: (tenantRef: string, ref: string) =>
    queryOptions({
      queryKey: ["runs", ref],
      queryFn: ({ signal }) => http.get<S.Run>(p`/dm/v1/tenants/${tenantRef}/runs/${ref}`, undefined, signal),
    }),
  runEvents: (tenantRef: string, ref: string) =>
    queryOptions({
      queryKey: ["run-events", ref],
      queryFn: ({ signal }) =>
        http.get<{ items: S.RunEvent[] }>(
          p`/dm/v1/tenants/${tenantRef}/runs/${ref}/events`,
          undefined,
          signal,
        ),
      staleTime: Number.POSITIVE_INFINITY,
    }),
};

/** `despiteClaim`: also when another reviewer is at the draft. */
type ReviewDecision = DecisionInput & { despiteClaim?: boolean };

export const dmActions = {
  approve: (tenantRef: string, ref: string, body: ReviewDecision) =>
    http.post<S.Activity>(p`/dm/v1/tenants/${tenantRef}/reviews/${ref}/approve`, body, { keepalive: true }),
  editAndApprove: (tenantRef: string, ref: string, body: ReviewDecision & { title: string; body: string }) =>
    http.post<S.Activity>(p`/dm/v1/tenants/${tenantRef}/reviews/${ref}/edit-and-approve`, body),
  reject: (
    tenantRef: string,
    ref: string,
    body: ReviewDecision & { note: string; reasons?: S.RejectReason[] },
  ) => http.post<S.Activity>(p`/dm/v1/tenants/${tenantRef}/reviews/${ref}/reject`, body, { keepalive: true }),
  changeActivity: (
    tenantRef: string,
    ref: string,
    what: "hold" | "resume" | "cancel" | "retry",
    version: number,
    /** What the agent should mind, for `retry` alone. */
    note?: string,
  ) =>
    http.post<S.Activity>(p`/dm/v1/tenants/${tenantRef}/activities/${ref}/${what}`, {
      version,
      ...(note ? { note } : {}),
    }),
  cancelRun: (tenantRef: string, ref: string, reason?: string) =>
    http.post<S.Run>(p`/dm/v1/tenants/${tenantRef}/runs/${ref}/cancel`, { reason }),
  comment: (tenantRef: string, ref: string, body: { text: string; internal: boolean }) =>
    http.post<S.Comment>(p`/dm/v1/tenants/${tenantRef}/activities/${ref}/comments`, body),
};
