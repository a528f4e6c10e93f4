import type { RejectReason } from "@leadmetrics/web";

/** What a reviewer finds wrong, in words; the order of the keys 1 to 9, 0 and -. */
export const reasonWords: Record<RejectReason, string> = {
  off_brief: "Off the brief",
  wrong_tone: "Wrong tone",
  factual_error: "Factual error",
  missing_source: "Missing source",
  repetitive: "Repetitive",
  too_long: "Too long",
  too_short: "Too short",
  weak_structure: "Weak structure",
  brand_rule: "Breaks a brand rule",
  seo: "SEO",
  other: "Something else",
};
