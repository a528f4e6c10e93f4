"use client";
import { type Activity, frameQueries, type Link, tenantQueries, useUndecided } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { inOrder } from "./rules.ts";

const NONE: readonly Activity[] = [];

/**
 * What waits for the client, as far as it is loaded. An item that a link led to and that isn't among it is fetched by itself
 * and comes before the others.
 */
export function useInbox(link: Link) {
  const approvals = useQuery(frameQueries.approvals);
  const undecided = useUndecided();
  const all = approvals.data?.items;
  const loaded = useMemo(
    () => (all ? inOrder(all.filter((one) => !undecided.has(one.ref))) : NONE),
    [all, undecided],
  );
  const away = link.ref !== undefined && all !== undefined && !loaded.some((one) => one.ref === link.ref);
  // Also while a decision can still be taken back: what it is then is known anew before it could come back.
  const found = useQuery({ ...tenantQueries.activity(link.ref ?? ""), enabled: away });
  const asked = away ? found.data?.activity : undefined;
  const pinned = asked && asked.status === "client_review" && !undecided.has(asked.ref) ? asked : undefined;
  const items = useMemo(() => (pinned ? [pinned, ...loaded] : loaded), [pinned, loaded]);
  return {
    approvals,
    /** In the order they are gone through. */
    items,
    /** The first of them, when it isn't among those that are loaded. */
    pinned,
    found,
    /** How many wait beyond these. */
    more: Math.max(0, (approvals.data?.total ?? 0) - (all?.length ?? 0) - (pinned ? 1 : 0)),
  };
}
