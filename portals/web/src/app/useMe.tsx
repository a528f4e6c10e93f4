"use client";
import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useMemo } from "react";
import { frameQueries } from "../api/frame.ts";
import type { Me, Tenant } from "../api/shapes.ts";
import { browserManner, createFormat, type Format } from "../format/format.ts";

const FormatContext = createContext<{ readonly format: Format; readonly known: boolean }>({
  format: createFormat({ locale: "en", timeZone: "UTC", currency: "EUR" }),
  known: true,
});

/** Writes dates and money the way of the person's company; the browser's way until it is known. */
export function FormatProvider({ ofTenant, children }: { ofTenant: boolean; children: ReactNode }) {
  const { data, isFetched } = useQuery({ ...frameQueries.tenant, enabled: ofTenant });
  const known = isFetched || !ofTenant;
  const written = useMemo(() => ({ format: createFormat(mannerOf(data)), known }), [data, known]);
  return <FormatContext value={written}>{children}</FormatContext>;
}

function mannerOf(tenant: Tenant | undefined) {
  const browser = browserManner();
  if (!tenant) return browser;
  return {
    locale: tenant.locale || browser.locale,
    timeZone: tenant.timeZone || browser.timeZone,
    currency: tenant.currency || browser.currency,
  };
}

export const useFormat = (): Format => use(FormatContext).format;

/** Whether {@link useFormat} is the company's by now, for what would be other days in another zone. */
export const useFormatKnown = (): boolean => use(FormatContext).known;

/** The signed-in person; undefined while it is being asked. */
export function useMe(): Me | undefined {
  return useQuery(frameQueries.me).data;
}

/** Whether the person's role lets them change things. Viewers look. */
export function useMayEdit(): boolean {
  const role = useMe()?.membership?.role;
  return role === "owner" || role === "admin" || role === "member";
}
