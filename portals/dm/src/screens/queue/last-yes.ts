import { type Activity, channelNames, momentOf } from "@leadmetrics/web";

type Draft = Pick<Activity, "skipsClientReview" | "targets" | "publishOn">;

/** What a reviewer's yes does when nobody decides after it. */
export interface LastYes {
  /** On the button. */
  readonly verb: string;
  /** Where it goes, and when. */
  readonly line: string;
}

/**
 * What is said where a draft is approved whose client has switched their review off; undefined when the client decides next.
 *
 * @param write a moment in the reader's words
 */
export function lastYes(
  { skipsClientReview, targets, publishOn }: Draft,
  now: number,
  write: (iso: string) => string,
): LastYes | undefined {
  if (!skipsClientReview) return undefined;
  if (targets.length === 0) return { verb: "Approve", line: "Yours is the last yes. It goes to no channel." };
  const moments = Map.groupBy(targets, (target) => {
    const moment = momentOf(target, { publishOn });
    return moment && Date.parse(moment) > now ? moment : "";
  });
  const parts = [...moments]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(
      ([moment, own]) =>
        `to ${channelNames(own)} ${moment ? `on ${write(moment)}` : "as soon as you approve"}`,
    );
  return {
    verb: moments.has("") ? "Approve and publish" : "Approve and schedule",
    line: `Yours is the last yes. It goes out ${parts.join(", and ")}.`,
  };
}

/** The end of a message that names what was approved; empty when the client decides about all of it. */
export function unreviewedText(drafts: readonly Pick<Activity, "skipsClientReview">[]): string {
  const count = drafts.filter((one) => one.skipsClientReview).length;
  if (count === 0) return "";
  if (count === drafts.length) return `. ${count === 1 ? "It goes" : "All go"} out without client review`;
  return `. ${count} ${count === 1 ? "goes" : "go"} out without client review`;
}
