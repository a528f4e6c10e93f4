import type { Template } from "./template.ts";

export const resetPassword: Template = {
  kind: "reset_password",
  description: "Setting a new password",
  title: "Set your password",
  body: "Hello {{name}}, use this link to set your password. It works once, for an hour. If you didn't ask for it, nothing has changed.",
  link: "/reset-password?token={{token}}",
  action: "Set password",
  byDefault: { inApp: false, email: true },
  always: true,
};
