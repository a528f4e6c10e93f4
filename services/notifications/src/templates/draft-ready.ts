import type { Template } from "./template.ts";

export const draftReady: Template = {
  kind: "draft_ready",
  description: "A draft waits for your review",
  title: '"{{activity.title}}" waits for review',
  body: "A new draft is ready{{#if activity.escalated}}. It was rejected three times and needs a person{{/if}}.",
  link: "/queue?activity={{activity.ref}}",
  action: "Review",
  byDefault: { inApp: true, email: false },
};
