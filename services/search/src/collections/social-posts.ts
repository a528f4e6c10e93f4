import { ContentType } from "@leadmetrics/proto/content/v1/plans";
import { collection } from "./define.ts";
import { postFeeds } from "./posts.ts";

/** Social posts by title and text, from the first draft on. */
export const socialPosts = collection("social_posts", {
  boost: 1.05,
  feeds: postFeeds(ContentType.SOCIAL_POST),
});
