"use client";
import { EmptyState, Page, SkeletonText } from "@leadmetrics/ui";
import { dmQueries, Failure } from "@leadmetrics/web";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Mails and messages name an activity without its tenant: it is looked for in those assigned to the reviewer. */
export function FindActivity({ refOf }: { refOf: string }) {
  const router = useRouter();
  const tenants = useQuery(dmQueries.tenants);
  const asked = useQueries({
    queries: (tenants.data?.items ?? []).map((tenant) => ({
      ...dmQueries.activity(tenant.ref, refOf),
      queryKey: ["find", tenant.ref, refOf],
      retry: false,
    })),
  });
  const found = asked.find((one) => one.data)?.data?.activity;
  useEffect(() => {
    if (found) router.replace(`/activities/${found.tenantRef}/${found.ref}`);
  }, [found, router]);
  const done = tenants.data !== undefined && asked.every((one) => !one.isPending);
  return (
    <Page title="Activity">
      {tenants.error ? (
        <Failure of={tenants.error} />
      ) : done && !found ? (
        <EmptyState title="This activity is not there">
          It was removed, or its tenant is not assigned to you any more.
        </EmptyState>
      ) : (
        <SkeletonText />
      )}
    </Page>
  );
}
