import { type ActivityTemplate, reviewAndPublish } from "./template.ts";

export const blogPost: ActivityTemplate = {
  contentType: "blog_post",
  name: "Blog post",
  steps: [
    { kind: "research", agentRole: "topic-researcher", credits: 2 },
    { kind: "brief", agentRole: "content-brief-writer", credits: 1 },
    { kind: "write", agentRole: "blog-writer", credits: 5 },
    ...reviewAndPublish,
  ],
};
