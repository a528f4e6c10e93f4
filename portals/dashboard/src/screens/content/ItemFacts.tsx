"use client";
import { AppLink, Code, countWords, Facts, readingMinutes } from "@leadmetrics/ui";
import { type ActivityDetail, channelNames, contentTypes, stepsDone, useFormat } from "@leadmetrics/web";

function BySetting() {
  return (
    <AppLink href="/settings#approval" className="text-accent hover:underline">
      By your setting
    </AppLink>
  );
}

/** What is known about an item, beside it. */
export function ItemFacts({ detail }: { detail: ActivityDetail }) {
  const format = useFormat();
  const { activity, steps, revisions } = detail;
  const words = revisions[0] ? countWords(revisions[0].body) : 0;
  const progress = stepsDone(steps);
  return (
    <Facts
      items={[
        ["Kind", contentTypes[activity.contentType].one],
        ["Theme", activity.theme],
        [activity.targets.length > 1 ? "Channels" : "Channel", channelNames(activity.targets) || undefined],
        ["Version", activity.revisionNumber || undefined],
        ["Length", words > 0 ? `${format.number(words)} words, ${readingMinutes(words)} min` : undefined],
        ["Steps", progress.of > 0 ? `${progress.done} of ${progress.of} done` : undefined],
        ["Rejected", activity.rejections > 0 ? `${activity.rejections} ×` : undefined],
        ["Approved", activity.approvedBySetting ? <BySetting key="approved" /> : undefined],
        ["Promised", format.dateTime(activity.promisedOn ?? undefined)],
        ["Goes out", format.dateTime(activity.publishOn ?? undefined)],
        ["Planned", format.dateTime(activity.createdOn)],
        [
          "Plan",
          activity.planRef ? (
            <AppLink key="plan" href={`/plans/${activity.planRef}`} className="text-accent hover:underline">
              Open the plan
            </AppLink>
          ) : undefined,
        ],
        ["Reference", <Code key="ref">{activity.ref}</Code>],
      ]}
    />
  );
}
