import { type ActivityTemplate, reviewAndPublish } from "./template.ts";

export const socialPost: ActivityTemplate = {
  contentType: "social_post",
  name: "Social post",
  steps: [
    { kind: "brief", agentRole: "content-brief-writer", credits: 1 },
    { kind: "write", agentRole: "social-post-writer", credits: 2 },
    ...reviewAndPublish,
  ],
};
