import {
  ActivityTransitionedSchema,
  PublicationConfirmedSchema,
  RevisionCreatedSchema,
} from "@leadmetrics/proto/content/events/v1/events";
import {
  type Activity,
  ActivityStatus,
  ActivityStatusSchema,
} from "@leadmetrics/proto/content/v1/activities";
import type { ContentType } from "@leadmetrics/proto/content/v1/plans";
import { type Change, type Feed, feed, word } from "./define.ts";

/** States in which the draft has passed a reviewer: from here on the client may read it. */
const REVIEWED: ReadonlySet<ActivityStatus> = new Set([
  ActivityStatus.CLIENT_REVIEW,
  ActivityStatus.APPROVED,
  ActivityStatus.SCHEDULED,
  ActivityStatus.PUBLISHING,
  ActivityStatus.UNCONFIRMED,
  ActivityStatus.PUBLISHED,
  ActivityStatus.PUBLISH_FAILED,
]);

/** The content items of one type: an activity's title, state and, with its revisions, the text itself. */
export function postFeeds(type: ContentType): Feed[] {
  return [
    feed(RevisionCreatedSchema, ({ activity, revision }) => {
      if (activity?.contentType !== type || !revision) return undefined;
      return {
        ...head(activity),
        title: revision.title || activity.title,
        keywords: [
          activity.theme,
          revision.slug.replaceAll("-", " "),
          revision.excerpt,
          ...channelsOf(activity),
        ],
        body: { text: revision.body, version: revision.number },
      };
    }),
    feed(ActivityTransitionedSchema, ({ activity }) =>
      activity?.contentType === type ? head(activity) : undefined,
    ),
    feed(PublicationConfirmedSchema, ({ activity }) =>
      activity?.contentType === type ? head(activity) : undefined,
    ),
  ];
}

/** Where it goes, so that it is found by its channels, too. */
export const channelsOf = ({ targets }: Activity): string[] => targets.map((target) => target.channelName);

function head(activity: Activity) {
  return {
    kind: "put",
    ref: activity.ref,
    version: activity.stamp?.version ?? 0,
    title: activity.title,
    keywords: [activity.theme, ...channelsOf(activity)],
    status: word(ActivityStatusSchema, activity.status),
    internal: !REVIEWED.has(activity.status),
    findable: "with_body",
  } as const satisfies Change;
}
