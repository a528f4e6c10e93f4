"use client";
import { EmptyState, Page, SkeletonText } from "@leadmetrics/ui";
import { ApiError, Failure, reviewQueries } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Mails and messages name an activity without its tenant: it is looked for in those assigned to the reviewer. */
export function FindActivity({ refOf }: { refOf: string }) {
  const router = useRouter();
  const { data, error, refetch } = useQuery(reviewQueries.find(refOf));
  const found = data?.activity;
  useEffect(() => {
    if (found) router.replace(`/activities/${found.tenantRef}/${found.ref}`);
  }, [found, router]);
  const isGone = error instanceof ApiError && error.status === 404;
  return (
    <Page title="Activity">
      {isGone ? (
        <EmptyState title="This activity is not there">
          It was removed, or its tenant is not assigned to you any more.
        </EmptyState>
      ) : error ? (
        <Failure of={error} onRetry={() => void refetch()} />
      ) : (
        <SkeletonText />
      )}
    </Page>
  );
}
