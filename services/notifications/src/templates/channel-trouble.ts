import { publicationTrouble } from "./publication-trouble.ts";
import type { Template } from "./template.ts";

/** Ahead of the hour at which something goes out there. */
export const channelTrouble: Template = {
  ...publicationTrouble,
  title: "{{channel.name}} has to be connected again",
  body: "Something is to go out there on {{needed}}, and it doesn't take us as it is. {{channel.problem}}",
  link: "/channels",
  action: "Connect it again",
};
