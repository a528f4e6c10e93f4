import { ContentType } from "@leadmetrics/proto/content/v1/plans";
import { collection } from "./define.ts";
import { postFeeds } from "./posts.ts";

/** Blog posts by title and text, from the first draft on. */
export const blogPosts = collection("blog_posts", { boost: 1.1, feeds: postFeeds(ContentType.BLOG_POST) });
