import type { Template } from "./template.ts";

export const publicationTrouble: Template = {
  kind: "publication_trouble",
  description: "A publication failed or can't be confirmed",
  title: '"{{activity.title}}" could not be published',
  body: "{{publication.problem}}",
  link: "/content/{{activity.ref}}",
  action: "See what to do",
  byDefault: { inApp: true, email: true },
};
