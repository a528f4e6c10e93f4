"use client";
import { dmQueries, type Run, standingText, useAmount } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";

/** Caps of the run's activity that are nearly or wholly used: its next run may have to wait. */
export function ActivityCaps({ run }: { run: Pick<Run, "activityCaps"> | undefined }) {
  const amount = useAmount();
  const caps = run?.activityCaps ?? [];
  if (caps.length === 0) return null;
  return (
    <ul aria-label="Caps" className="flex flex-col gap-1 border-l-2 border-warn py-1 pl-3 text-sm">
      {caps.map((cap) => (
        <li key={cap.metric}>{standingText(cap, amount)}</li>
      ))}
    </ul>
  );
}

/** The same by the reference of the activity's last run. */
export function CapsOfRun({ tenantRef, runRef }: { tenantRef: string; runRef: string }) {
  return <ActivityCaps run={useQuery(dmQueries.run(tenantRef, runRef)).data} />;
}
