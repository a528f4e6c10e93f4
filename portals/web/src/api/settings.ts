import { queryOptions } from "@tanstack/react-query";
import { http, p } from "./http.ts";
import type * as S from "./shapes.ts";

export const settingsQueries = {
  settings: queryOptions({
    queryKey: ["settings"],
    queryFn: ({ signal }) =>
      http.get<{ items: S.PlatformSetting[] }>("/admin/v1/settings", undefined, signal),
  }),
  allFeatures: queryOptions({
    queryKey: ["features", "all"],
    queryFn: ({ signal }) => http.get<{ items: S.Feature[] }>("/admin/v1/features", undefined, signal),
  }),
};

export const settingsActions = {
  change: (name: string, body: { value: string; version: number }) =>
    http.put<S.PlatformSetting>(p`/admin/v1/settings/${name}`, body),
  reset: (name: string, version: number) =>
    http.del<S.PlatformSetting>(p`/admin/v1/settings/${name}`, { query: { version } }),
  setShare: (name: string, body: { share: number; version: number }) =>
    http.put<S.Feature>(p`/admin/v1/features/${name}`, body),
  setForTenant: (tenantRef: string, name: string, state: S.TenantFeatureState) =>
    http.put<S.Feature>(p`/admin/v1/tenants/${tenantRef}/features/${name}`, { state }),
};
