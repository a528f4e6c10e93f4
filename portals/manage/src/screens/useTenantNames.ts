"use client";
import { adminQueries } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";

/** The name of a tenant by its ref: nothing while names are being fetched, the ref where there is none. */
export function useTenantNames(): (ref: string) => string {
  const { data } = useQuery(adminQueries.tenants);
  return useCallback((ref) => (data ? (data.items.find((one) => one.ref === ref)?.name ?? ref) : ""), [data]);
}
