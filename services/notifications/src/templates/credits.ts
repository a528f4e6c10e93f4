import type { Template } from "./template.ts";

export const creditsLow: Template = {
  kind: "credits_low",
  description: "Credits are running low or out",
  title: "Credits are running low",
  body: "{{available}} credits are left.",
  link: "/billing",
  action: "See credits",
  byDefault: { inApp: true, email: true },
};

export const creditsExhausted: Template = {
  ...creditsLow,
  title: "Credits are used up",
  body: "Agents wait and go on by themselves when credits come.",
};
