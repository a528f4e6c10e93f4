import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http, p } from "./http.ts";
import type * as S from "./shapes.ts";
import type { DecisionInput } from "./tenant.ts";

/** The client's review beyond a single decision, the calendar, and the contract before everything. */

/** Rows of the library fetched at a time. */
const LIBRARY_PAGE = 200;

export const clientQueries = {
  /** Everything in the making or out, newest first, page by page. */
  library: (filter: { status?: string; contentType?: string; planRef?: string }) =>
    infiniteQueryOptions({
      queryKey: ["activities", "library", filter],
      queryFn: ({ pageParam, signal }) =>
        http.get<S.Page<S.Activity>>(
          "/tenant/v1/activities",
          { ...filter, pageSize: LIBRARY_PAGE, pageToken: pageParam || undefined },
          signal,
        ),
      initialPageParam: "",
      getNextPageParam: (last) => last.nextPageToken || undefined,
    }),
  /** @param start @param end moments in ISO 8601; the end isn't included */
  calendar: (start: string, end: string) =>
    queryOptions({
      queryKey: ["activities", "calendar", start, end],
      queryFn: ({ signal }) => http.get<S.Calendar>("/tenant/v1/calendar", { start, end }, signal),
    }),
  approvalLinks: (activityRef: string) =>
    queryOptions({
      queryKey: ["approval-links", activityRef],
      queryFn: ({ signal }) =>
        http.get<{ items: S.ApprovalLink[] }>(
          p`/tenant/v1/activities/${activityRef}/approval-links`,
          undefined,
          signal,
        ),
    }),
  review: queryOptions({
    queryKey: ["client-review"],
    queryFn: ({ signal }) => http.get<S.ClientReview>("/tenant/v1/client-review", undefined, signal),
  }),
  strategyVersions: (ref: string) =>
    queryOptions({
      queryKey: ["strategies", ref, "versions"],
      queryFn: ({ signal }) =>
        http.get<{ items: S.StrategyVersion[] }>(p`/tenant/v1/strategies/${ref}/versions`, undefined, signal),
    }),
};

export const clientActions = {
  setReview: (body: { skips: S.ClientReviewSkip[]; version: number }) =>
    http.put<{ clientReview: S.ClientReview; returned: number }>("/tenant/v1/client-review", body),
  approveBundle: (approvals: readonly (DecisionInput & { activityRef: string })[]) =>
    http.post<{ items: S.BundledOutcome[] }>(
      "/tenant/v1/approvals/bundle",
      { approvals },
      { keepalive: true },
    ),
  markSeen: (activityRef: string, revisionRef: string) =>
    http.put(p`/tenant/v1/approvals/${activityRef}/seen`, { revisionRef }),
  hold: (activityRef: string, version: number) =>
    http.post<S.Activity>(p`/tenant/v1/activities/${activityRef}/hold`, { version }, { keepalive: true }),
  /** Answers a thread, or begins one. */
  say: (activityRef: string, text: string, threadRef?: string) =>
    http.post<S.Comment>(p`/tenant/v1/activities/${activityRef}/comments`, { text, threadRef }),
  /** @param publishOn a moment in ISO 8601; null takes the date away */
  reschedule: (
    activityRef: string,
    version: number,
    publishOn: string | null,
    {
      channelRef,
      dragged,
    }: {
      /** Moves that channel alone. */
      channelRef?: string | undefined;
      /** By a gesture that a company may not have. */
      dragged?: boolean | undefined;
    } = {},
  ) =>
    http.post<S.Activity>(p`/tenant/v1/activities/${activityRef}/reschedule`, {
      version,
      ...(publishOn ? { publishOn } : {}),
      ...(channelRef ? { channelRef } : {}),
      ...(dragged ? { dragged } : {}),
    }),
  /** Nothing goes out to these channels any more; the others go on. */
  leaveOut: (activityRef: string, version: number, channelRefs: string[]) =>
    http.post<S.Activity>(p`/tenant/v1/activities/${activityRef}/cancel`, { version, channelRefs }),
  revokeLinks: (activityRef: string) => http.del(p`/tenant/v1/activities/${activityRef}/approval-links`),
  acceptContract: (ref: string, documentHash: string) =>
    http.post<S.Contract>(p`/tenant/v1/contract/${ref}/accept`, { documentHash }),
  /** What a mailed link is about; needs no session. */
  openLink: (token: string) => http.post<S.LinkedDraft>("/auth/v1/approval-links/open", { token }),
  decideByLink: (body: { token: string; approved: boolean; note?: string; channels?: S.ChannelDecision[] }) =>
    http.post<{ approved: boolean }>("/auth/v1/approval-links/decide", body, { keepalive: true }),
};

/** Where a browser reads the contract. */
export const contractDocument = (ref: string): string => p`/api/tenant/v1/contract/${ref}/document`;
