"use client";
import { SkeletonText } from "@leadmetrics/ui";
import { type Activity, dmQueries, Failure, type Revision, reviewQueries } from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { EditingDesk } from "./EditingDesk.tsx";
import { localKey, readLocal, startOf } from "./edit-rules.ts";

export interface EditDraftProps {
  activity: Activity;
  revision: Revision;
  despiteClaim: boolean;
  /** Back to reading; what is unfinished stays kept. */
  onClose: () => void;
  /** Approved. */
  onDone: () => void;
}

/** Takes up the edit that was kept last, or begins one. */
export function EditDraft(props: EditDraftProps) {
  const { activity, revision } = props;
  const kept = useQuery(reviewQueries.edit(activity.tenantRef, activity.ref));
  const detail = useQuery(dmQueries.activity(activity.tenantRef, activity.ref));
  const [local] = useState(() => readLocal(localStorage.getItem(localKey(activity.ref))));
  /** Counts up when another text is opened in the editor's place. */
  const [opened, setOpened] = useState<{
    round: number;
    version: number;
    start: ReturnType<typeof startOf>;
  }>();
  if (kept.isPending)
    return (
      <div className="p-10">
        <SkeletonText lines={12} />
      </div>
    );
  // Without the server's copy this machine's still serves; the next save tells whether they agree.
  if (kept.error && !local)
    return (
      <div className="p-10">
        <Failure of={kept.error} onRetry={() => void kept.refetch()} />
      </div>
    );
  const server = kept.data?.edit;
  const from = opened ?? {
    round: 0,
    version: server?.version ?? 0,
    start: startOf(revision, server ? { ...server, savedOn: server.savedOn ?? "" } : undefined, local),
  };
  return (
    <EditingDesk
      key={from.round}
      {...props}
      start={from.start}
      version={from.version}
      detail={detail.data}
      onOpenOther={async () => {
        const { data } = await kept.refetch();
        const edit = data?.edit;
        if (!edit) return;
        setOpened({
          round: from.round + 1,
          version: edit.version,
          start: {
            title: edit.title,
            body: edit.body,
            base: edit.baseContentHash,
            keptOn: edit.savedOn ?? "",
          },
        });
      }}
    />
  );
}
