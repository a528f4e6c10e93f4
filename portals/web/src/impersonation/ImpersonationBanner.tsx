"use client";
import { lazy, Suspense } from "react";
import { useMe } from "../app/useMe.tsx";

const ImpersonationStrip = lazy(() => import("./ImpersonationStrip.tsx"));

/** Over every page while a super admin looks in a client's place. */
export function ImpersonationBanner() {
  const impersonation = useMe()?.impersonation;
  if (!impersonation) return null;
  return (
    <Suspense>
      <ImpersonationStrip impersonation={impersonation} />
    </Suspense>
  );
}
