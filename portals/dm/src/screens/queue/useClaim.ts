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
/** Milliseconds after a draft was left until its claim is let go of, if nobody here has come back to it. */
const LEAVE_MS = 1_000;

/** Claims of drafts that were left a moment ago. */
const leaving = new Map<string, ReturnType<typeof setTimeout>>();

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
  const put = useCallback(
    (claim: ReviewClaim) =>
      client.setQueryData(reviewQueries.claims.queryKey, (now) => ({
        nextPageToken: null,
        ...now,
        items: [...(now?.items ?? []).filter((one) => one.activityRef !== claim.activityRef), claim],
      })),
    [client],
  );
  const waits = status === "dm_review";
  useEffect(() => {
    if (!waits) return;
    // From reading to editing and back it stays one's own.
    const kept = leaving.get(ref);
    clearTimeout(kept);
    leaving.delete(ref);
    let mine = kept !== undefined;
    let gone = false;
    const claim = async () => {
      if (document.hidden) return;
      try {
        const answer = await reviewActions.claim(tenantRef, ref);
        // Somebody else's stands in the answer: it is shown from here, whatever the list still says.
        if (answer.claim && !answer.mine) put(answer.claim);
        else if (answer.mine !== mine) renew();
        mine = answer.mine;
        if (gone && mine) await reviewActions.release(tenantRef, ref);
      } catch {
        // A claim is a courtesy: without it decisions are still checked against what was read.
        mine = false;
      }
    };
    const start = setTimeout(claim, DWELL_MS);
    const beat = setInterval(claim, HEARTBEAT_MS);
    const letGo = () => {
      if (mine) void reviewActions.release(tenantRef, ref).catch(() => undefined);
      mine = false;
    };
    const letGoSoon = () => {
      if (!mine) return;
      const last = setTimeout(() => {
        leaving.delete(ref);
        letGo();
      }, LEAVE_MS);
      leaving.set(ref, last);
    };
    // A closed tab lets go too, and one that comes back out of the browser's memory claims again.
    const leave = ({ persisted }: PageTransitionEvent) => {
      gone = !persisted;
      letGo();
    };
    window.addEventListener("pagehide", leave);
    return () => {
      gone = true;
      clearTimeout(start);
      clearInterval(beat);
      window.removeEventListener("pagehide", leave);
      letGoSoon();
    };
  }, [tenantRef, ref, waits, renew, put]);
  return async () => {
    await reviewActions.claim(tenantRef, ref, true);
    renew();
  };
}
