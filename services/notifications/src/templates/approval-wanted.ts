import type { Template } from "./template.ts";

export const approvalWanted: Template = {
  kind: "approval_wanted",
  description: "Content waits for your approval",
  title: '"{{activity.title}}" waits for your approval',
  body: "Your team has reviewed it. With your yes it is published.",
  link: "/approvals?activity={{activity.ref}}",
  // After the "#": what stands there reaches no server and no log.
  mailLink: "/decide#{{token}}",
  action: "Read and approve",
  byDefault: { inApp: true, email: true },
};
