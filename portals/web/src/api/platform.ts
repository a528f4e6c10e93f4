import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { ApiError } from "./errors.ts";
import { http, p } from "./http.ts";
import type * as S from "./shapes.ts";

/** What is watched is asked again this often, milliseconds; events renew the rest. */
const WATCH_MS = 15_000;

/** What is under way is looked at this often, milliseconds. */
const UNDERWAY_MS = 4_000;

/** A tenant that never had one answers "not there", which is an answer. */
const orNone = <T>(asked: Promise<T>): Promise<T | null> =>
  asked.catch((cause: unknown) => {
    if (cause instanceof ApiError && cause.status === 404) return null;
    throw cause;
  });

/** What those who run the platform watch over all tenants, and what they do about it. */
export const platformQueries = {
  health: queryOptions({
    queryKey: ["health"],
    queryFn: ({ signal }) => http.get<{ items: S.ServiceHealth[] }>("/admin/v1/health", undefined, signal),
    refetchInterval: WATCH_MS,
  }),
  runFigures: (groupBy: "none" | "tenant" | "role" | "model" = "none", days = 14) =>
    queryOptions({
      queryKey: ["runs", "figures", groupBy, days],
      queryFn: ({ signal }) =>
        http.get<{ items: S.RunFigures[] }>(
          "/admin/v1/runs/figures",
          { days, groupBy: groupBy === "none" ? undefined : groupBy },
          signal,
        ),
    }),
  workFigures: (days = 14) =>
    queryOptions({
      queryKey: ["activities", "figures", days],
      queryFn: ({ signal }) =>
        http.get<{ items: S.WorkFigures[] }>("/admin/v1/work/figures", { days }, signal),
    }),
  troubles: queryOptions({
    queryKey: ["activities", "troubles"],
    queryFn: ({ signal }) => http.get<{ items: S.Trouble[] }>("/admin/v1/work/troubles", undefined, signal),
  }),
  standings: queryOptions({
    queryKey: ["credits", "standings"],
    queryFn: ({ signal }) => http.get<{ items: S.Standing[] }>("/admin/v1/credits", undefined, signal),
  }),
  balance: (tenantRef: string) =>
    queryOptions({
      queryKey: ["credits", tenantRef],
      queryFn: ({ signal }) =>
        http.get<S.Balance>(p`/admin/v1/tenants/${tenantRef}/credits`, undefined, signal),
    }),
  subscription: (tenantRef: string) =>
    queryOptions({
      queryKey: ["subscriptions", tenantRef],
      queryFn: ({ signal }) =>
        orNone(http.get<S.Subscription>(p`/admin/v1/tenants/${tenantRef}/subscription`, undefined, signal)),
      // A company that has just been made gets it in a moment.
      refetchInterval: ({ state }) => (state.data === null ? UNDERWAY_MS : false),
    }),
  offerings: queryOptions({
    queryKey: ["offerings"],
    queryFn: ({ signal }) => http.get<{ items: S.Offering[] }>("/admin/v1/offerings", undefined, signal),
  }),
  deletion: (tenantRef: string) =>
    queryOptions({
      queryKey: ["deletions", tenantRef],
      queryFn: ({ signal }) =>
        http
          .get<{ deletion: S.TenantDeletion | null }>(
            p`/admin/v1/tenants/${tenantRef}/deletion`,
            undefined,
            signal,
          )
          .then(({ deletion }) => deletion ?? null),
      refetchInterval: ({ state }) =>
        state.data && !["finished", "cancelled"].includes(state.data.status) ? UNDERWAY_MS : false,
    }),
  export: (tenantRef: string) =>
    queryOptions({
      queryKey: ["exports", tenantRef],
      queryFn: ({ signal }) =>
        orNone(http.get<S.TenantExport>(p`/admin/v1/tenants/${tenantRef}/export`, undefined, signal)),
      refetchInterval: ({ state }) => (state.data?.status === "working" ? UNDERWAY_MS : false),
    }),
  queues: queryOptions({
    queryKey: ["queues"],
    queryFn: ({ signal }) => http.get<{ items: S.Queue[] }>("/admin/v1/queues", undefined, signal),
    refetchInterval: WATCH_MS,
  }),
  run: (tenantRef: string, runRef: string) =>
    queryOptions({
      queryKey: ["runs", "one", tenantRef, runRef],
      queryFn: ({ signal }) =>
        http.get<S.Run>(p`/admin/v1/tenants/${tenantRef}/runs/${runRef}`, undefined, signal),
    }),
  runEvents: (tenantRef: string, runRef: string) =>
    queryOptions({
      queryKey: ["runs", "events", tenantRef, runRef],
      queryFn: ({ signal }) =>
        http.get<{ items: S.RunEvent[] }>(
          p`/admin/v1/tenants/${tenantRef}/runs/${runRef}/events`,
          undefined,
          signal,
        ),
    }),
  calls: (tenantRef: string, runRef: string) =>
    queryOptions({
      queryKey: ["runs", "calls", tenantRef, runRef],
      queryFn: ({ signal }) =>
        http.get<{ items: S.ModelCall[] }>(
          p`/admin/v1/tenants/${tenantRef}/runs/${runRef}/calls`,
          undefined,
          signal,
        ),
    }),
  roles: queryOptions({
    queryKey: ["roles"],
    queryFn: ({ signal }) => http.get<{ items: S.Role[] }>("/admin/v1/roles", undefined, signal),
    staleTime: 300_000,
  }),
  configs: (tenantRef: string) =>
    queryOptions({
      queryKey: ["configs", tenantRef],
      queryFn: ({ signal }) =>
        http.get<{ items: S.AgentConfig[] }>(p`/admin/v1/tenants/${tenantRef}/configs`, undefined, signal),
    }),
  userSessions: (userRef: string) =>
    queryOptions({
      queryKey: ["sessions", userRef],
      queryFn: ({ signal }) =>
        http.get<S.UserSessions>(p`/admin/v1/users/${userRef}/sessions`, undefined, signal),
    }),
  impersonations: (filter: { tenantRef?: string; live?: boolean } = {}) =>
    queryOptions({
      queryKey: ["impersonations", filter],
      queryFn: ({ signal }) =>
        http.get<S.Page<S.Impersonation>>("/admin/v1/impersonations", { ...filter, pageSize: 20 }, signal),
      refetchInterval: WATCH_MS,
    }),
  contracts: (tenantRef: string) =>
    queryOptions({
      queryKey: ["contract", tenantRef],
      queryFn: ({ signal }) =>
        http.get<{ items: S.Contract[] }>(p`/admin/v1/tenants/${tenantRef}/contracts`, undefined, signal),
    }),
  members: (tenantRef: string) =>
    queryOptions({
      queryKey: ["members", tenantRef],
      queryFn: ({ signal }) =>
        http.get<{ items: S.Member[] }>(p`/admin/v1/tenants/${tenantRef}/members`, undefined, signal),
    }),
  mailTemplates: queryOptions({
    queryKey: ["mail-templates"],
    queryFn: ({ signal }) =>
      http.get<{ items: S.MailTemplate[] }>("/admin/v1/notification-templates", undefined, signal),
    staleTime: 300_000,
  }),
  trail: (tenantRef: string, filter: { entityRef?: string; traceId?: string } = {}) =>
    infiniteQueryOptions({
      queryKey: ["audit", tenantRef, filter],
      queryFn: ({ pageParam, signal }) =>
        http.get<S.Page<S.AuditEntry>>(
          p`/admin/v1/tenants/${tenantRef}/audit`,
          { ...filter, pageSize: 50, pageToken: pageParam || undefined },
          signal,
        ),
      initialPageParam: "",
      getNextPageParam: (last) => last.nextPageToken || undefined,
    }),
};

export const platformActions = {
  changePlan: (tenantRef: string, planCode: string) =>
    http.put<S.Subscription>(p`/admin/v1/tenants/${tenantRef}/subscription`, { planCode }),
  deleteTenant: (tenantRef: string, body: { tenantName: string; reason: string }) =>
    http.post<S.TenantDeletion>(p`/admin/v1/tenants/${tenantRef}/deletion`, body),
  cancelDeletion: (tenantRef: string, reason: string) =>
    http.post<S.TenantDeletion>(p`/admin/v1/tenants/${tenantRef}/deletion/cancel`, { reason }),
  startExport: (tenantRef: string) => http.post<S.TenantExport>(p`/admin/v1/tenants/${tenantRef}/export`),
  retryActivity: (trouble: Pick<S.Trouble, "tenantRef" | "ref" | "version">) =>
    http.post(p`/admin/v1/tenants/${trouble.tenantRef}/activities/${trouble.ref}/retry`, {
      version: trouble.version,
    }),
  testChannel: (tenantRef: string, channelRef: string) =>
    http.post<S.Channel>(p`/admin/v1/tenants/${tenantRef}/channels/${channelRef}/test`),
  cancelRun: (tenantRef: string, runRef: string, reason: string) =>
    http.post<S.Run>(p`/admin/v1/tenants/${tenantRef}/runs/${runRef}/cancel`, { reason }),
  setConfig: (
    tenantRef: string,
    config: { role: string; adapter: string; model?: string; baseUrl?: string; apiKey?: string },
  ) => http.put<S.AgentConfig>(p`/admin/v1/tenants/${tenantRef}/configs`, config),
  /** @param step a fallback, stored or not; the role's stored first model when left out */
  testAdapter: (tenantRef: string, role: string, step?: S.FallbackStep) =>
    http.post<{ items: S.AdapterCheck[] }>(p`/admin/v1/tenants/${tenantRef}/configs/${role}/test`, step),
  pause: (body: { tenantRef?: string; role?: string; reason: string }) =>
    http.post<S.Pause>("/admin/v1/pauses", body),
  resume: (pauseRef: string) => http.del(p`/admin/v1/pauses/${pauseRef}`),
  endSessions: (userRef: string, reason: string) =>
    http.post<{ ended: number }>(p`/admin/v1/users/${userRef}/sessions/end`, { reason }),
  resetSecondFactor: (userRef: string, reason: string) =>
    http.post(p`/admin/v1/users/${userRef}/second-factor/reset`, { reason }),
  impersonate: (body: { userRef?: string; tenantRef?: string; reason: string }) =>
    http.post<S.ImpersonationTicket>("/admin/v1/impersonations", body),
  endImpersonation: (ref: string) => http.del(p`/admin/v1/impersonations/${ref}`),
  sendTestMail: (kind: string) =>
    http.post<{ sentTo: string }>(p`/admin/v1/notification-templates/${kind}/test`),
};
