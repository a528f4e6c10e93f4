import type { Template } from "./template.ts";

export const websiteChanged: Template = {
  kind: "website_read",
  description: "Your website was read again and has changed, or could not be read",
  title: "{{website}} has changed since it was last read",
  body: "{{changes}}. Agents use what the website says now.",
  link: "/knowledge",
  action: "See what has changed",
  byDefault: { inApp: true, email: true },
};

export const websiteFailed: Template = {
  ...websiteChanged,
  title: "{{website}} could not be read again",
  body: "{{problem}} Agents go on with what they knew of it.",
  action: "See your websites",
};
