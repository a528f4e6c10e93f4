import type { ContentTypeName } from "../../db.ts";
import { blogPost } from "./blog-post.ts";
import { socialPost } from "./social-post.ts";
import type { ActivityTemplate } from "./template.ts";

/** What each kind of content is made of. A new kind is one file and one line here. */
export const templates: Readonly<Record<ContentTypeName, ActivityTemplate>> = {
  blog_post: blogPost,
  social_post: socialPost,
};

/** Credits of one item. */
export function creditsOf(template: ActivityTemplate): number {
  return template.steps.reduce((sum, step) => sum + step.credits, 0);
}
