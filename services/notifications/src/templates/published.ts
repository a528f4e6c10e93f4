import type { Template } from "./template.ts";

export const published: Template = {
  kind: "published",
  description: "Something was published",
  title: '"{{activity.title}}" is published{{on}}',
  body: "{{where}}{{#if rest}}\n{{rest}}{{/if}}",
  link: "/content/{{activity.ref}}",
  action: "See it",
  byDefault: { inApp: true, email: true },
};
