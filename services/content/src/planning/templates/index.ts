import type { ContentTypeName } from "../../db.ts";
import { blogPost } from "./blog-post.ts";
import { socialPost } from "./social-post.ts";
import type { ActivityTemplate } from "./template.ts";

/** What each kind of content is made of as the build brings it along. A new kind is one file and one line here. */
export const templates: Readonly<Record<ContentTypeName, ActivityTemplate>> = {
  blog_post: blogPost,
  social_post: socialPost,
};
