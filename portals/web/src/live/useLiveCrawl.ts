"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { onboardingQueries } from "../api/onboarding.ts";
import type { Crawl } from "../api/shapes.ts";
import { useLive } from "./LiveProvider.tsx";

/** A crawl as it is now: asked for once, then told by its events. */
export function useLiveCrawl(ref: string | undefined) {
  const client = useQueryClient();
  useLive((event) => {
    const { crawl } = event.data;
    if (ref && event.type.startsWith("rag.crawl.") && isCrawl(crawl) && crawl.ref === ref)
      client.setQueryData(onboardingQueries.crawl(ref).queryKey, crawl);
  });
  return useQuery({ ...onboardingQueries.crawl(ref ?? ""), enabled: ref !== undefined, retry: 5 });
}

/** The event's data follow the same contract as the answer; what is looked at here is which crawl it is. */
const isCrawl = (value: unknown): value is Crawl =>
  typeof value === "object" && value !== null && "ref" in value && "status" in value;
