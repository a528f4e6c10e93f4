"use client";
import { Banner } from "@leadmetrics/ui";
import { useQuery } from "@tanstack/react-query";
import { frameQueries } from "../api/frame.ts";
import type { FeatureName } from "../api/shapes.ts";

/** What the platform's own people say over every page, planned maintenance for instance. */
export function PlatformBanner() {
  const text = useQuery(frameQueries.platform).data?.banner;
  return text ? <Banner tone="warn">{text}</Banner> : null;
}

/** Whether the person's company has a feature; not before it is known. */
export function useFeature(name: FeatureName): boolean {
  return useQuery(frameQueries.features).data?.items.includes(name) ?? false;
}
