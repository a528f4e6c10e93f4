"use client";
import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useMemo } from "react";
import { dmQueries } from "../api/dm.ts";
import type { Actor, Member } from "../api/shapes.ts";
import { tenantQueries } from "../api/tenant.ts";
import { useMe } from "../app/useMe.tsx";
import { actorName } from "./words.ts";

const NamesContext = createContext<ReadonlyMap<string, string>>(new Map());

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
  const members = useQuery({ ...tenantQueries.members, staleTime: 300_000 });
  return <NamesContext value={useNamesOf(members.data?.items)}>{children}</NamesContext>;
}

/** The names of the people of one tenant, for a reviewer. */
export function TenantNames({ tenantRef, children }: { tenantRef: string; children: ReactNode }) {
  const members = useQuery(dmQueries.members(tenantRef));
  return <NamesContext value={useNamesOf(members.data?.items)}>{children}</NamesContext>;
}

/** Who did something, by name where the name is known here. */
export function useActorName(): (actor: Actor | null | undefined) => string {
  const names = use(NamesContext);
  return (actor) => (actor?.kind === "user" && names.get(actor.id)) || actorName(actor);
}
