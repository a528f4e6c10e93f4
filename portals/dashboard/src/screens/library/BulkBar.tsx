"use client";
import { Button, Dialog, toast } from "@leadmetrics/ui";
import { type Activity, clientActions, tenantActions, useAction, useFeature } from "@leadmetrics/web";
import { useState } from "react";
import { type BulkAction, offers } from "./rules.ts";

const words: Record<BulkAction, string> = {
  approve: "Approve",
  hold: "Put on hold",
  resume: "Resume",
  retry: "Try again",
  cancel: "Cancel",
};

/** How many calls of a bulk action are under way at a time. */
const AT_ONCE = 4;

/** Rises from the bottom while items are picked: what can be done to them, and to how many. */
export function BulkBar({ picked, onDone }: { picked: readonly Activity[]; onDone: () => void }) {
  const together = useFeature("bundle_approvals");
  const [cancelling, setCancelling] = useState<readonly Activity[]>();
  const run = useAction(
    async ({ action, items }: { action: BulkAction; items: readonly Activity[] }) => {
      const problems = await carryOut(action, items);
      return { action, done: items.length - problems.length, problems };
    },
    {
      renews: ["activities", "approvals"],
      done: ({ action, done, problems }) => {
        onDone();
        const said = `${words[action]}: ${done} done.`;
        toast(problems.length > 0 ? `${said} ${problems[0]}` : said, {
          tone: problems.length > 0 ? "bad" : "plain",
          lastsMs: problems.length > 0 ? 9_000 : 5_000,
        });
      },
    },
  );
  if (picked.length === 0) return null;
  return (
    <section
      aria-label="With what is picked"
      className="fixed inset-x-0 bottom-0 z-30 mx-auto mb-4 flex w-fit max-w-[calc(100vw-32px)] flex-wrap items-center gap-2 rounded-panel border border-line bg-raised px-4 py-2 shadow-lift max-md:mb-[calc(72px+env(safe-area-inset-bottom))]"
    >
      <span className="tabular mr-2 text-sm">{picked.length} picked</span>
      {offers(picked, together).map(({ action, items }) => (
        <Button
          key={action}
          kind={action === "approve" ? "primary" : action === "cancel" ? "danger" : "plain"}
          isPending={run.isPending}
          onPress={() => (action === "cancel" ? setCancelling(items) : run.mutate({ action, items }))}
        >
          {words[action]} {items.length === picked.length ? "" : items.length}
        </Button>
      ))}
      <Button kind="quiet" onPress={onDone}>
        Pick none
      </Button>
      <Dialog
        title={`Cancel ${cancelling?.length ?? 0} items?`}
        isOpen={cancelling !== undefined}
        onClose={() => setCancelling(undefined)}
        footer={
          <>
            <Button onPress={() => setCancelling(undefined)}>Keep them</Button>
            <Button
              kind="danger"
              onPress={() => {
                if (cancelling) run.mutate({ action: "cancel", items: cancelling });
                setCancelling(undefined);
              }}
            >
              Cancel items
            </Button>
          </>
        }
      >
        <p className="text-sm">
          Their work ends here and doesn't come back. What is written can still be read.
        </p>
      </Dialog>
    </section>
  );
}

/** Does it to each; what one is refused for doesn't keep the others. @returns the refusals */
async function carryOut(action: BulkAction, items: readonly Activity[]): Promise<string[]> {
  if (action === "approve") {
    const approvals = items.map(({ ref, version, contentHash }) => ({
      activityRef: ref,
      version,
      contentHash,
    }));
    const { items: outcomes } = await clientActions.approveBundle(approvals);
    return outcomes.flatMap((one) => (one.problem ? [one.problem] : []));
  }
  const problems: string[] = [];
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item; item = waiting.shift()) {
      await tenantActions
        .changeActivity(item.ref, action, item.version)
        .catch((cause: unknown) => problems.push(cause instanceof Error ? cause.message : "It was refused."));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return problems;
}
