import type { Template } from "./template.ts";

export const budgetNear: Template = {
  kind: "budget_near",
  description: "What agents may use in a month is nearly or wholly used",
  title: "Agents have used most of {{cap}}",
  body: "{{used}} of {{limit}} are used or taken aside. At the cap new work waits until it is raised or the month turns.",
  link: "/billing",
  action: "See what is used",
  byDefault: { inApp: true, email: true },
};

export const budgetReached: Template = {
  ...budgetNear,
  title: "Agents wait: {{cap}} is reached",
  body: "{{used}} of {{limit}} are used. New work waits and goes on by itself when the cap is raised or the month turns.",
};
