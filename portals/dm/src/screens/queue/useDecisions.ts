"use client";
import { type Activity, dmActions, type RejectReason, useDecide } from "@leadmetrics/web";
import { unreviewedText } from "./last-yes.ts";

const seen = ({ version, contentHash }: Activity) => ({ version, contentHash });
const named = (drafts: readonly Activity[]): string => {
  const [first] = drafts;
  return drafts.length === 1 && first ? `“${first.title}”` : `${drafts.length} drafts`;
};

/** All of them; the first refusal is said, the others go through. */
async function each(drafts: readonly Activity[], send: (draft: Activity) => Promise<unknown>): Promise<void> {
  const outcomes = await Promise.allSettled(drafts.map(send));
  const failed = outcomes.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
}

/** Decisions on one draft or several, each on the text that was read, with ten seconds to think better of it. */
export function useDecisions() {
  const decide = useDecide();
  return {
    approve: (drafts: readonly Activity[], despiteClaim = false) =>
      decide({
        ref: drafts.map(({ ref }) => ref),
        message: `Approved ${named(drafts)}${unreviewedText(drafts)}`,
        send: () =>
          each(drafts, (one) => dmActions.approve(one.tenantRef, one.ref, { ...seen(one), despiteClaim })),
      }),
    reject: (drafts: readonly Activity[], note: string, reasons: RejectReason[], despiteClaim = false) =>
      decide({
        ref: drafts.map(({ ref }) => ref),
        message: `Rejected ${named(drafts)}`,
        send: () =>
          each(drafts, (one) =>
            dmActions.reject(one.tenantRef, one.ref, { ...seen(one), note, reasons, despiteClaim }),
          ),
      }),
  };
}
