import type { Template } from "./template.ts";

export const publicationTrouble: Template = {
  kind: "publication_trouble",
  description: "A publication failed or can't be confirmed",
  title: '"{{activity.title}}" could not be published{{on}}',
  body: "{{why}}",
  link: "/content/{{activity.ref}}",
  action: "See what to do",
  byDefault: { inApp: true, email: true },
};

/** For whoever looks whether it is there. */
export const publicationUnsure: Template = {
  ...publicationTrouble,
  title: 'It isn\'t known whether "{{activity.title}}" is published{{on}}',
};
