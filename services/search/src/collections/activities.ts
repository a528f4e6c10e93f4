import {
  ActivityCreatedSchema,
  ActivityTransitionedSchema,
  PublicationConfirmedSchema,
} from "@leadmetrics/proto/content/events/v1/events";
import { type Activity, ActivityStatusSchema } from "@leadmetrics/proto/content/v1/activities";
import { ContentTypeSchema } from "@leadmetrics/proto/content/v1/plans";
import { type Change, collection, feed, word } from "./define.ts";
import { channelsOf } from "./posts.ts";

/** Units of work, by title and theme. */
export const activities = collection("activities", {
  feeds: [
    feed(ActivityCreatedSchema, ({ activity }) => changeOf(activity)),
    feed(ActivityTransitionedSchema, ({ activity }) => changeOf(activity)),
    feed(PublicationConfirmedSchema, ({ activity }) => changeOf(activity)),
  ],
});

function changeOf(activity: Activity | undefined): Change | undefined {
  return (
    activity && {
      kind: "put",
      ref: activity.ref,
      version: activity.stamp?.version ?? 0,
      title: activity.title,
      keywords: [
        activity.theme,
        word(ContentTypeSchema, activity.contentType).replaceAll("_", " "),
        ...channelsOf(activity),
      ],
      status: word(ActivityStatusSchema, activity.status),
    }
  );
}
