import type { Template } from "./template.ts";

export const signInChanged: Template = {
  kind: "sign_in_changed",
  description: "Changes to how you sign in",
  title: "How you sign in has changed",
  body: "Hello {{name}}, {{what}}. If that wasn't you, set a new password at once and look at your sessions.",
  link: "/security",
  action: "See how you sign in",
  byDefault: { inApp: false, email: true },
  always: true,
};
