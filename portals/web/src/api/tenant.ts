import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http, p } from "./http.ts";
import type * as S from "./shapes.ts";

/** What a client user can read and do. Keys start with the name of the record, so that events can renew them. */

type Paged<T> = S.Page<T>;
const all = 200;

function pages<T>(
  key: readonly unknown[],
  path: string,
  query: Record<string, string | undefined> = {},
  pageSize = 50,
) {
  return infiniteQueryOptions({
    queryKey: [...key, query],
    queryFn: ({ pageParam, signal }) =>
      http.get<Paged<T>>(path, { ...query, pageSize, pageToken: pageParam || undefined }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextPageToken || undefined,
  });
}

export const tenantQueries = {
  invitations: queryOptions({
    queryKey: ["invitations"],
    queryFn: ({ signal }) =>
      http.get<Paged<S.Invitation>>("/tenant/v1/invitations", { pageSize: all }, signal),
  }),
  context: (version?: number) =>
    queryOptions({
      queryKey: ["context", version ?? "now"],
      queryFn: ({ signal }) => http.get<S.ContextVersion>("/tenant/v1/context", { version }, signal),
    }),
  contextVersions: queryOptions({
    queryKey: ["context", "versions"],
    queryFn: ({ signal }) =>
      http.get<Paged<S.ContextVersion>>("/tenant/v1/context/versions", { pageSize: 50 }, signal),
  }),
  files: queryOptions({
    queryKey: ["files"],
    queryFn: ({ signal }) => http.get<Paged<S.KnowledgeFile>>("/tenant/v1/files", { pageSize: all }, signal),
  }),
  channels: queryOptions({
    queryKey: ["channels"],
    queryFn: ({ signal }) => http.get<Paged<S.Channel>>("/tenant/v1/channels", { pageSize: all }, signal),
  }),
  strategies: queryOptions({
    queryKey: ["strategies"],
    queryFn: ({ signal }) => http.get<Paged<S.Strategy>>("/tenant/v1/strategies", { pageSize: 50 }, signal),
  }),
  strategy: (ref: string) =>
    queryOptions({
      queryKey: ["strategies", ref],
      queryFn: ({ signal }) => http.get<S.Strategy>(p`/tenant/v1/strategies/${ref}`, undefined, signal),
    }),
  goals: queryOptions({
    queryKey: ["goals"],
    queryFn: ({ signal }) => http.get<{ items: S.Goal[] }>("/tenant/v1/goals", undefined, signal),
  }),
  plans: queryOptions({
    queryKey: ["plans"],
    queryFn: ({ signal }) => http.get<Paged<S.Plan>>("/tenant/v1/plans", { pageSize: 50 }, signal),
  }),
  plan: (ref: string) =>
    queryOptions({
      queryKey: ["plans", ref],
      queryFn: ({ signal }) => http.get<S.Plan>(p`/tenant/v1/plans/${ref}`, undefined, signal),
    }),
  periods: (planRef?: string) =>
    queryOptions({
      queryKey: ["periods", planRef ?? "all"],
      queryFn: ({ signal }) =>
        http.get<Paged<S.Period>>("/tenant/v1/periods", { planRef, pageSize: all }, signal),
    }),
  templates: queryOptions({
    queryKey: ["templates"],
    queryFn: ({ signal }) =>
      http.get<{ items: S.ActivityTemplate[] }>("/tenant/v1/activity-templates", undefined, signal),
    staleTime: 600_000,
  }),
  activities: (filter: { status?: string; planRef?: string; contentType?: string } = {}) =>
    pages<S.Activity>(["activities"], "/tenant/v1/activities", filter),
  activity: (ref: string) =>
    queryOptions({
      queryKey: ["activities", ref],
      queryFn: ({ signal }) => http.get<S.ActivityDetail>(p`/tenant/v1/activities/${ref}`, undefined, signal),
    }),
  comments: (ref: string) =>
    queryOptions({
      queryKey: ["comments", ref],
      queryFn: ({ signal }) =>
        http.get<Paged<S.Comment>>(p`/tenant/v1/activities/${ref}/comments`, { pageSize: all }, signal),
    }),
  runs: (filter: { activityRef?: string; status?: string } = {}) =>
    queryOptions({
      queryKey: ["runs", filter],
      queryFn: ({ signal }) => http.get<Paged<S.Run>>("/tenant/v1/runs", { ...filter, pageSize: 50 }, signal),
    }),
  runEvents: (ref: string) =>
    queryOptions({
      queryKey: ["run-events", ref],
      queryFn: ({ signal }) =>
        http.get<{ items: S.RunEvent[] }>(p`/tenant/v1/runs/${ref}/events`, undefined, signal),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  credits: queryOptions({
    queryKey: ["credits"],
    queryFn: ({ signal }) => http.get<S.Balance>("/tenant/v1/credits", undefined, signal),
  }),
  creditEntries: pages<S.CreditEntry>(["credits", "entries"], "/tenant/v1/credits/entries"),
  subscription: queryOptions({
    queryKey: ["credits", "subscription"],
    queryFn: ({ signal }) => http.get<S.Subscription>("/tenant/v1/subscription", undefined, signal),
  }),
  preferences: queryOptions({
    queryKey: ["preferences"],
    queryFn: ({ signal }) =>
      http.get<{ items: S.NotificationPreference[] }>("/tenant/v1/preferences", undefined, signal),
  }),
  audit: (filter: { entityRef?: string; traceId?: string } = {}) =>
    pages<S.AuditEntry>(["audit"], "/tenant/v1/audit", filter),
};

export interface GoalInput {
  /** Of a goal that is there already: what was measured stays with it. */
  ref?: string;
  name: string;
  metric: string;
  baseline: number;
  target: number;
  current: number;
  due: string;
}

export interface StrategyInput {
  title: string;
  body: string;
  horizonMonths: number;
  goals: GoalInput[];
}

export interface PlanInput {
  title: string;
  start: string;
  end: string;
  deliverables: Omit<S.Deliverable, "ref">[];
}

/** A decision on one revision: the version and hash say which, so that a later edit can't be approved unseen. */
export interface DecisionInput {
  version: number;
  contentHash: string;
}

/** A yes; naming no channel is for all of them. */
export interface ApprovalInput extends DecisionInput {
  channels?: S.ChannelDecision[];
}

export const tenantActions = {
  saveTenant: (body: Pick<S.Tenant, "name" | "timeZone" | "locale" | "currency" | "localOnly" | "version">) =>
    http.put<S.Tenant>("/tenant/v1/tenant", body),
  invite: (body: { email: string; role: S.TenantRole }) =>
    http.post<S.Invitation>("/tenant/v1/invitations", body),
  revokeInvitation: (ref: string) => http.del(p`/tenant/v1/invitations/${ref}`),
  changeRole: (userRef: string, body: { role: S.TenantRole; version: number }) =>
    http.patch<S.Member>(p`/tenant/v1/members/${userRef}`, body),
  removeMember: (userRef: string) => http.del(p`/tenant/v1/members/${userRef}`),
  saveContext: (body: { context: S.ClientContext; version: number }) =>
    http.put<S.ContextVersion>("/tenant/v1/context", body),
  deleteFile: (ref: string) => http.del(p`/tenant/v1/files/${ref}`),
  askKnowledge: (query: string) =>
    http.post<{ chunks: S.KnowledgeChunk[] }>("/tenant/v1/knowledge/ask", { query, limit: 6 }),
  /** @param body.channelRef the channel of that site to be connected again; a new one when left out */
  connectWordPress: (body: {
    channelRef?: string;
    name?: string;
    siteUrl: string;
    username: string;
    applicationPassword: string;
  }) => http.post<S.Channel>("/tenant/v1/channels", { kind: "wordpress", ...body }),
  testChannel: (ref: string) => http.post<S.Channel>(p`/tenant/v1/channels/${ref}/test`),
  disconnectChannel: (ref: string) => http.del(p`/tenant/v1/channels/${ref}`),
  createStrategy: (body: StrategyInput) => http.post<S.Strategy>("/tenant/v1/strategies", body),
  saveStrategy: (ref: string, body: StrategyInput & { version: number }) =>
    http.put<S.Strategy>(p`/tenant/v1/strategies/${ref}`, body),
  approveStrategy: (ref: string, version: number) =>
    http.post<S.Strategy>(p`/tenant/v1/strategies/${ref}/approve`, { version }),
  createPlan: (body: PlanInput) => http.post<S.Plan>("/tenant/v1/plans", body),
  savePlan: (ref: string, body: PlanInput & { version: number }) =>
    http.put<S.Plan>(p`/tenant/v1/plans/${ref}`, body),
  approvePlan: (ref: string, version: number) =>
    http.post<S.Plan>(p`/tenant/v1/plans/${ref}/approve`, { version }),
  changeActivity: (ref: string, what: "hold" | "resume" | "cancel" | "retry", version: number) =>
    http.post<S.Activity>(p`/tenant/v1/activities/${ref}/${what}`, { version }),
  comment: (ref: string, text: string) =>
    http.post<S.Comment>(p`/tenant/v1/activities/${ref}/comments`, { text }),
  approve: (ref: string, body: ApprovalInput) =>
    http.post<S.Activity>(p`/tenant/v1/approvals/${ref}/approve`, body, { keepalive: true }),
  reject: (ref: string, body: DecisionInput & { note: string }) =>
    http.post<S.Activity>(p`/tenant/v1/approvals/${ref}/reject`, body, { keepalive: true }),
  settle: (publicationRef: string, body: { published: boolean; url?: string }) =>
    http.post(p`/tenant/v1/publications/${publicationRef}/settle`, body),
  markRead: (refs: string[], portal: "tenant" | "dm" = "tenant") =>
    http.post<{ unread: number }>(`/${portal}/v1/notifications/read`, { notificationRefs: refs }),
  savePreference: (body: { kind: string; inApp: boolean; email: boolean }) =>
    http.put<S.NotificationPreference>("/tenant/v1/preferences", body),
};
