"use client";
import { type Activity, type ReviewClaim, reviewActions, reviewQueries, useMe } from "@leadmetrics/web";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { heldByOther } from "./claims.ts";

/** Milliseconds on a draft before it counts as being read: paging through with j claims nothing. */
const DWELL_MS = 1_200;
/** Milliseconds between two signs of life; a claim outlasts two that are missed. */
const HEARTBEAT_MS = 30_000;
const TICK_MS = 15_000;

/** Claims of others, by draft; a draft is free again by itself when its claim runs out. */
export function useOthersClaims(): ReadonlyMap<string, ReviewClaim> {
  const me = useMe()?.user.ref;
  const claims = useQuery(reviewQueries.claims);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return new Map(
    (claims.data?.items ?? [])
      .filter((claim) => heldByOther(claim, me, Math.max(now, claims.dataUpdatedAt)))
      .map((claim) => [claim.activityRef, claim]),
  );
}

/** Claims the draft somebody dwells on and lets go of it when they leave. Answers with the way to take it over. */
export function useClaim({ tenantRef, ref, status }: Activity): () => Promise<void> {
  const client = useQueryClient();
  const renew = useCallback(() => void client.invalidateQueries({ queryKey: ["claims"] }), [client]);
  const waits = status === "dm_review";
  useEffect(() => {
    if (!waits) return;
    let mine = false;
    let gone = false;
    const claim = async () => {
      if (document.hidden) return;
      try {
        const answer = await reviewActions.claim(tenantRef, ref);
        if (answer.mine !== mine) renew();
        mine = answer.mine;
        if (gone && mine) await reviewActions.release(tenantRef, ref);
      } catch {
        // A claim is a courtesy: without it decisions are still checked against what was read.
        mine = false;
      }
    };
    const start = setTimeout(claim, DWELL_MS);
    const beat = setInterval(claim, HEARTBEAT_MS);
    return () => {
      gone = true;
      clearTimeout(start);
      clearInterval(beat);
      if (mine) void reviewActions.release(tenantRef, ref).catch(() => undefined);
    };
  }, [tenantRef, ref, waits, renew]);
  return async () => {
    await reviewActions.claim(tenantRef, ref, true);
    renew();
  };
}
