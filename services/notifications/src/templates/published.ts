import type { Template } from "./template.ts";

export const published: Template = {
  kind: "published",
  description: "Something was published",
  title: '"{{activity.title}}" is published',
  body: "It is at {{publication.url}}.",
  link: "/content/{{activity.ref}}",
  action: "See it",
  byDefault: { inApp: true, email: true },
};
