import type { Template } from "./template.ts";

export const contextProposed: Template = {
  kind: "context_proposed",
  description: "What agents should know about your company is proposed",
  title: "Your client context is ready to read",
  body: "We have read {{website}} and propose what agents should know about your company. Correct it and take over what is right: every draft is written by it.",
  link: "/onboarding?step=context",
  action: "Read the proposal",
  byDefault: { inApp: true, email: true },
};
