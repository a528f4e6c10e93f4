import { approvalWanted } from "./approval-wanted.ts";
import { budgetNear } from "./budget.ts";
import { contextProposed } from "./context-proposed.ts";
import { creditsLow } from "./credits.ts";
import { draftReady } from "./draft-ready.ts";
import { invitation } from "./invitation.ts";
import { publicationTrouble } from "./publication-trouble.ts";
import { published } from "./published.ts";
import { resetPassword } from "./reset-password.ts";
import { signInChanged } from "./sign-in-changed.ts";
import type { Template } from "./template.ts";
import { verifyEmail } from "./verify-email.ts";
import { websiteChanged } from "./website-read.ts";

/** One of each kind, in the order the preferences show them. */
export const templates: readonly Template[] = [
  draftReady,
  approvalWanted,
  published,
  publicationTrouble,
  contextProposed,
  websiteChanged,
  creditsLow,
  budgetNear,
  invitation,
  verifyEmail,
  resetPassword,
  signInChanged,
];
