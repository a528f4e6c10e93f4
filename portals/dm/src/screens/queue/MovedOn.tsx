"use client";
import { Button, DiffView, Icon, Status, toast } from "@leadmetrics/ui";
import { type ActivityDetail, withTitle } from "@leadmetrics/web";
import { useState } from "react";
import type { Standing } from "./edit-rules.ts";

interface Props {
  detail: ActivityDetail;
  standing: Exclude<Standing, "same">;
  title: string;
  body: string;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}

/** The draft moved on while it was edited: both texts are shown, and nothing is lost before the person has chosen. */
export function MovedOn({ detail, standing, title, body, onKeepMine, onTakeTheirs }: Props) {
  const [comparing, setComparing] = useState(false);
  const { activity, revisions } = detail;
  const theirs = revisions.find((one) => one.ref === activity.revisionRef) ?? revisions[0];
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(`# ${title}\n\n${body}`);
      toast("Your text is copied.", { tone: "ok" });
    } catch {
      toast("This browser doesn't let a page copy. Select the text and copy it yourself.", { tone: "bad" });
    }
  };
  return (
    <section role="alert" className="flex flex-col gap-3 rounded-panel border border-warn/60 p-4 text-sm">
      <p className="flex items-start gap-2">
        <Icon of="triangle-exclamation-point" className="mt-0.5 text-warn" />
        <span>
          {standing === "gone"
            ? "Somebody decided on this draft while you were editing. Your text is kept."
            : `Version ${activity.revisionNumber} took this draft's place while you were editing. Your text is kept.`}
        </span>
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <Status state={activity.status} className="mr-2" />
        <Button size="small" onPress={() => setComparing(!comparing)} aria-expanded={comparing}>
          {comparing ? "Hide what differs" : "Show what differs"}
        </Button>
        <Button size="small" onPress={onTakeTheirs}>
          Take theirs
        </Button>
        {standing === "changed" ? (
          <Button size="small" kind="primary" onPress={onKeepMine}>
            Keep mine
          </Button>
        ) : (
          <Button size="small" kind="primary" onPress={() => void copy()}>
            Copy my text
          </Button>
        )}
      </div>
      {comparing && theirs ? (
        <div className="max-h-[50dvh] overflow-auto border-t border-line pt-3">
          <p className="mb-2 text-xs text-muted">From theirs to yours</p>
          <DiffView before={withTitle(theirs)} after={withTitle({ title, body })} />
        </div>
      ) : null}
    </section>
  );
}
