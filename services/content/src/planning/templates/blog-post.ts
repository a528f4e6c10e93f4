import { type ActivityTemplate, agentStep, reviewAndPublish } from "./template.ts";

export const blogPost: ActivityTemplate = {
  contentType: "blog_post",
  name: "Blog post",
  steps: [
    agentStep("research", "topic-researcher", 2),
    agentStep("brief", "content-brief-writer", 1),
    agentStep("write", "blog-writer", 5),
    ...reviewAndPublish,
  ],
};
