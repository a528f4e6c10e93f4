"use client";
import { onboardingQueries, useMe } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Kept for the tab: whoever has seen the onboarding may look at the home page as well. */
const SEEN = "onboarding-seen";

export const rememberLanding = (): void => sessionStorage.setItem(SEEN, "yes");

/** Takes those who set a new company up to its onboarding, once for each time they come. */
export function useLanding(): void {
  const router = useRouter();
  const role = useMe()?.membership?.role;
  const { data } = useQuery(onboardingQueries.onboarding);
  const lands = data?.status === "open" && (role === "owner" || role === "admin");
  useEffect(() => {
    if (lands && !sessionStorage.getItem(SEEN)) router.replace("/onboarding");
  }, [lands, router]);
}
