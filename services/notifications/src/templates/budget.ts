import type { Template } from "./template.ts";

export const budgetNear: Template = {
  kind: "budget_near",
  description: "What agents may use is nearly or wholly used",
  title: "Agents have used most of {{cap}}",
  body: "{{used}} of {{limit}} are used or taken aside. At the cap new work waits until it is raised{{#unless standing.activityRef}} or the month turns{{/unless}}.",
  link: "{{#if standing.activityRef}}/content/{{standing.activityRef}}{{else}}/billing{{/if}}",
  action: "See what is used",
  byDefault: { inApp: true, email: true },
};

export const budgetReached: Template = {
  ...budgetNear,
  title: "Agents wait: {{cap}} is reached",
  body: "{{used}} of {{limit}} are used. New work waits and goes on by itself when the cap is raised{{#unless standing.activityRef}} or the month turns{{/unless}}.",
};
