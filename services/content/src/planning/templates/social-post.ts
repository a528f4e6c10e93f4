import { type ActivityTemplate, agentStep, reviewAndPublish } from "./template.ts";

export const socialPost: ActivityTemplate = {
  contentType: "social_post",
  name: "Social post",
  steps: [
    agentStep("brief", "content-brief-writer", 1),
    agentStep("write", "social-post-writer", 2),
    ...reviewAndPublish,
  ],
};
