import type { Template } from "./template.ts";

export const verifyEmail: Template = {
  kind: "verify_email",
  description: "Confirming your e-mail address",
  title: "Confirm your e-mail address",
  body: "Hello {{name}}, please confirm that this address is yours. The link works once, for 24 hours.",
  link: "/verify-email?token={{token}}",
  action: "Confirm address",
  byDefault: { inApp: false, email: true },
  always: true,
};
