import type { Template } from "./template.ts";

export const invitation: Template = {
  kind: "invitation",
  description: "Invitations to a company",
  title: "You are invited to {{tenantName}}",
  body: "{{#if invitedByName}}{{invitedByName}} invites you{{else}}You are invited{{/if}} to work with {{tenantName}} on Leadmetrics. The link works for 14 days.",
  link: "/register?invitation={{token}}",
  action: "Join {{tenantName}}",
  byDefault: { inApp: false, email: true },
  always: true,
};
