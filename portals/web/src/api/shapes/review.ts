/** @module What reviewers work with beside the drafts. */
import type { Activity, ActivityStatus } from "./production.ts";

export const rejectReasons = [
  "off_brief",
  "wrong_tone",
  "factual_error",
  "missing_source",
  "repetitive",
  "too_long",
  "too_short",
  "weak_structure",
  "brand_rule",
  "seo",
  "other",
] as const;
export type RejectReason = (typeof rejectReasons)[number];

/** Who is at which draft. */
export interface ReviewClaim {
  activityRef: string;
  tenantRef: string;
  claimedBy?: { kind: string; id: string } | null;
  /** Empty when it can't be told right now. */
  name: string;
  claimedOn?: string | null;
  expiresOn?: string | null;
}

/** An edit that isn't finished. */
export interface DraftEdit {
  activityRef: string;
  /** The text it began from. */
  baseContentHash: string;
  title: string;
  body: string;
  savedOn?: string | null;
  version: number;
}

export interface SimilarItem {
  activityRef: string;
  title: string;
  status?: ActivityStatus | null;
  likeness?: "duplicate" | "similar" | null;
  /** 0 to 1. */
  share: number;
  passage: string;
}

export interface ReviewStats {
  /** Oldest first. */
  days: { day?: string | null; approved: number; edited: number; rejected: number }[];
  reasons: { reason?: RejectReason | null; count: number }[];
  wordsChanged: number;
  wordsTotal: number;
}

/** One activity, and where it stands in the queue. */
export interface QueuePlace {
  activity: Activity;
  /** 1 for the oldest promise; 0 when it doesn't wait for a reviewer. */
  position: number;
  /** How many wait. */
  total: number;
}
