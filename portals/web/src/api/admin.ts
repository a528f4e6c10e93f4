import { queryOptions } from "@tanstack/react-query";
import { http, p } from "./http.ts";
import type * as S from "./shapes.ts";

/** What a super admin can read and do. */

export const adminQueries = {
  tenants: queryOptions({
    queryKey: ["tenants"],
    queryFn: ({ signal }) => http.get<S.Page<S.Tenant>>("/admin/v1/tenants", { pageSize: 200 }, signal),
  }),
  reviewers: (tenantRef: string) =>
    queryOptions({
      queryKey: ["reviewers", tenantRef],
      queryFn: ({ signal }) =>
        http.get<{ items: S.Assignment[] }>(p`/admin/v1/tenants/${tenantRef}/reviewers`, undefined, signal),
    }),
  audit: (tenantRef: string) =>
    queryOptions({
      queryKey: ["audit", tenantRef],
      queryFn: ({ signal }) =>
        http.get<S.Page<S.AuditEntry>>(p`/admin/v1/tenants/${tenantRef}/audit`, { pageSize: 100 }, signal),
    }),
  users: (platformRole?: string) =>
    queryOptions({
      queryKey: ["users", platformRole ?? "all"],
      queryFn: ({ signal }) =>
        http.get<S.Page<S.User>>("/admin/v1/users", { platformRole, pageSize: 200 }, signal),
    }),
  runs: (filter: { status?: string } = {}) =>
    queryOptions({
      queryKey: ["runs", filter],
      queryFn: ({ signal }) =>
        http.get<S.Page<S.Run>>("/admin/v1/runs", { ...filter, pageSize: 200 }, signal),
    }),
};

export const adminActions = {
  createTenant: (body: {
    name: string;
    timeZone?: string;
    locale?: string;
    currency?: string;
    ownerEmail: string;
  }) => http.post<S.Tenant>("/admin/v1/tenants", body),
  setStatus: (ref: string, body: { status: S.Tenant["status"]; reason: string }) =>
    http.post<S.Tenant>(p`/admin/v1/tenants/${ref}/status`, body),
  assign: (tenantRef: string, userRef: string) =>
    http.put(p`/admin/v1/tenants/${tenantRef}/reviewers/${userRef}`, {}),
  unassign: (tenantRef: string, userRef: string) =>
    http.del(p`/admin/v1/tenants/${tenantRef}/reviewers/${userRef}`),
  grantCredits: (tenantRef: string, body: { credits: number; note: string }) =>
    http.post<S.Balance>(p`/admin/v1/tenants/${tenantRef}/credits`, body),
  verifyAudit: (tenantRef: string) =>
    http.get<{ entries: number; intact: boolean; brokenAt: number }>(
      p`/admin/v1/tenants/${tenantRef}/audit/verify`,
    ),
  createUser: (body: { email: string; name: string; platformRole: "reviewer" | "super_admin" }) =>
    http.post<S.User>("/admin/v1/users", body),
  replay: (sequence: number) => http.post(p`/admin/v1/dead-letters/${String(sequence)}/replay`),
};
