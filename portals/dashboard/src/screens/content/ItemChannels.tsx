"use client";
import { AppLink, ErrorNote, Icon, IconButton, Menu, OwesChip, Status } from "@leadmetrics/ui";
import {
  type Activity,
  clientActions,
  momentOf,
  type Target,
  targetOwes,
  targetState,
  useDecide,
  useFormat,
  useMayEdit,
} from "@leadmetrics/web";
import { useState } from "react";
import { MomentDialog } from "../calendar/MomentDialog.tsx";
import { useReschedule } from "../calendar/useReschedule.ts";
import { SettleNote } from "./SettleNote.tsx";
import { canLeaveOut, canMove } from "./targets.ts";

/** Each channel of an item: what became of it there, who owes the next move, and what can still be changed. */
export function ItemChannels({ activity }: { activity: Activity }) {
  return (
    <section aria-label="Channels" className="border-y border-line">
      <ul className="divide-y divide-line">
        {activity.targets.map((target) => (
          <ChannelLine key={target.channelRef} activity={activity} target={target} />
        ))}
      </ul>
    </section>
  );
}

function ChannelLine({ activity, target }: { activity: Activity; target: Target }) {
  const format = useFormat();
  const state = targetState(target, activity, Date.now());
  const moment = momentOf(target, activity);
  return (
    <li className="flex flex-col gap-2 py-3">
      <div className="flex items-start gap-2">
        <div className="flex min-h-8 min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
          <h3 className="min-w-0 truncate text-sm font-semibold" dir="auto">
            {target.channelName}
          </h3>
          <Status state={state} />
          <OwesChip owed={targetOwes(target, activity, state)} />
          <span className="ml-auto text-sm text-muted">
            {target.confirmedOn
              ? format.dateTime(target.confirmedOn)
              : moment && target.decision !== "declined"
                ? `Goes out ${format.dateTime(moment)}`
                : null}
          </span>
        </div>
        <Changes activity={activity} target={target} moment={moment} />
      </div>
      {target.url ? (
        <a
          href={target.url}
          target="_blank"
          rel="noopener noreferrer"
          className="inline-flex min-w-0 items-center gap-1.5 text-sm text-accent hover:underline max-md:min-h-11"
        >
          <Icon of="external-link" size={14} className="shrink-0" />
          <span className="truncate">{target.url}</span>
        </a>
      ) : null}
      {target.decision === "declined" && target.note ? (
        <p className="text-sm text-muted" dir="auto">
          “{target.note}”
        </p>
      ) : null}
      {target.publicationStatus === "failed" && target.decision !== "declined" ? (
        <>
          <ErrorNote message={target.problem} />
          <AppLink href="/channels" className="self-start text-sm text-accent hover:underline max-md:py-3">
            Look at the channel
          </AppLink>
        </>
      ) : null}
      {target.publicationStatus === "unconfirmed" ? (
        <SettleNote publicationRef={target.publicationRef} channelName={target.channelName} />
      ) : null}
    </li>
  );
}

/** A date of its own, or no publication here after all. */
function Changes({
  activity,
  target,
  moment,
}: {
  activity: Activity;
  target: Target;
  moment: string | undefined;
}) {
  const mayEdit = useMayEdit();
  const reschedule = useReschedule();
  const decide = useDecide();
  const [asking, setAsking] = useState(false);
  const movable = canMove(target, activity);
  const leavable = canLeaveOut(target, activity);
  if (!mayEdit || !(movable || leavable)) return null;
  const leaveOut = () =>
    decide({
      ref: activity.ref,
      message: `“${activity.title}” doesn't go to ${target.channelName}`,
      send: () => clientActions.leaveOut(activity.ref, activity.version, [target.channelRef]),
    });
  return (
    <>
      <Menu
        label={`${target.channelName}: more`}
        trigger={
          <IconButton label={`${target.channelName}: more actions`}>
            <Icon of="ellipsis" />
          </IconButton>
        }
        actions={[
          ...(movable
            ? [
                {
                  id: "move",
                  label: "Set its own date…",
                  icon: "calendar-clock" as const,
                  onAction: () => setAsking(true),
                },
              ]
            : []),
          ...(leavable
            ? [
                {
                  id: "out",
                  label: "Leave this channel out",
                  icon: "circle-slash" as const,
                  danger: true,
                  onAction: leaveOut,
                },
              ]
            : []),
        ]}
      />
      {asking ? (
        <MomentDialog
          title={`${activity.title} · ${target.channelName}`}
          slot={moment}
          clear={target.publishOn ? "Together with the others" : undefined}
          onClose={() => setAsking(false)}
          onMove={(when) => {
            setAsking(false);
            reschedule(activity, when, target);
          }}
        />
      ) : null}
    </>
  );
}
