"use client";
import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useMemo } from "react";
import { dmQueries } from "../api/dm.ts";
import { frameQueries } from "../api/frame.ts";
import type { Member } from "../api/shapes.ts";
import { useMe } from "../app/useMe.tsx";

export const NamesContext = createContext<ReadonlyMap<string, string>>(new Map());

function useNamesOf(members: readonly Member[] | undefined): ReadonlyMap<string, string> {
  const me = useMe();
  return useMemo(() => {
    const names = new Map((members ?? []).map((one) => [one.userRef, one.name || one.email]));
    if (me) names.set(me.user.ref, me.user.name || me.user.email);
    return names;
  }, [members, me]);
}

/** The names of the people of the signed-in person's company. */
export function CompanyNames({ children }: { children: ReactNode }) {
  const members = useQuery({ ...frameQueries.members, staleTime: 300_000 });
  return <NamesContext value={useNamesOf(members.data?.items)}>{children}</NamesContext>;
}

/** The names of the people of one tenant, for a reviewer. */
export function TenantNames({ tenantRef, children }: { tenantRef: string; children: ReactNode }) {
  const members = useQuery(dmQueries.members(tenantRef));
  return <NamesContext value={useNamesOf(members.data?.items)}>{children}</NamesContext>;
}
