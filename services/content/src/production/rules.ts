import { createHash } from "node:crypto";
import type { OwedByName, StatusName } from "../db.ts";

/** Rejected drafts after which a person takes over from the agent. */
export const REJECTIONS_BEFORE_ESCALATION = 3;

const BEFORE_PUBLISHING: readonly StatusName[] = [
  "planned",
  "queued",
  "working",
  "failed",
  "dm_review",
  "client_review",
  "changes_requested",
  "approved",
  "scheduled",
];

/** The state machine: which state may follow which. */
const NEXT: Readonly<Record<StatusName, readonly StatusName[]>> = {
  planned: ["queued"],
  queued: ["working", "failed"],
  working: ["queued", "dm_review", "failed"],
  failed: ["queued"],
  dm_review: ["client_review", "approved", "changes_requested", "dm_review"],
  client_review: ["approved", "changes_requested", "dm_review"],
  changes_requested: ["queued"],
  // From here on the state follows the publications, of which each channel has its own.
  // Back to the client when it was their setting that approved it, and they took that back.
  approved: ["scheduled", "publishing", "published", "client_review"],
  scheduled: ["publishing", "approved", "published", "client_review"],
  publishing: ["published", "unconfirmed", "publish_failed", "scheduled", "approved"],
  unconfirmed: ["published", "approved", "scheduled", "publishing", "publish_failed"],
  publish_failed: ["approved", "cancelled", "scheduled", "publishing", "published"],
  published: [],
  // With what is out already, when the rest is not to go out any more.
  on_hold: ["published"],
  cancelled: [],
};

export function mayFollow(from: StatusName, to: StatusName): boolean {
  if (to === "on_hold" || to === "cancelled")
    return BEFORE_PUBLISHING.includes(from) || from === "on_hold" || NEXT[from].includes(to);
  return NEXT[from].includes(to) || (from === "on_hold" && BEFORE_PUBLISHING.includes(to));
}

const OWED: Readonly<Record<StatusName, OwedByName>> = {
  planned: "agent",
  queued: "agent",
  working: "agent",
  changes_requested: "agent",
  dm_review: "reviewer",
  failed: "reviewer",
  on_hold: "reviewer",
  unconfirmed: "reviewer",
  publish_failed: "reviewer",
  client_review: "client",
  approved: "channel",
  scheduled: "channel",
  publishing: "channel",
  published: "nobody",
  cancelled: "nobody",
};

/** Who owes the next move; approved content without a channel waits for nobody: it is done. */
export function owedBy(status: StatusName, hasChannel: boolean): OwedByName {
  return status === "approved" && !hasChannel ? "nobody" : OWED[status];
}

export interface ReviewedActivity {
  readonly status: StatusName;
  readonly version: number;
  readonly content_hash: string;
}

/** Whether a decision was taken on what there is now: the state that waits for it, this version, this very text. */
export function isCurrent(
  activity: ReviewedActivity,
  waiting: StatusName,
  seen: { version: number; contentHash: string },
): boolean {
  return (
    activity.status === waiting &&
    activity.version === seen.version &&
    activity.content_hash === seen.contentHash
  );
}

/** What a rejection leads to: the agent again, or a person after the third. */
export function afterRejection(rejectionsBefore: number): {
  status: "changes_requested" | "dm_review";
  escalated: boolean;
} {
  return rejectionsBefore + 1 >= REJECTIONS_BEFORE_ESCALATION
    ? { status: "dm_review", escalated: true }
    : { status: "changes_requested", escalated: false };
}

/** What an approval is bound to: a changed letter makes another hash. */
export function contentHash(content: { title: string; body: string }): string {
  return createHash("sha256")
    .update(JSON.stringify([content.title, content.body]))
    .digest("hex");
}

/** A slug of the title, for channels that name posts by one: lower-case letters, digits and dashes, at most 80. */
export function slugOf(title: string): string {
  const plain = title
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();
  return (
    plain
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 80)
      .replace(/-+$/, "") || "post"
  );
}
