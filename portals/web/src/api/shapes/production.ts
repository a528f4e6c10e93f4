/** @module Activities and what becomes of them. */
import type { Stamped } from "./common.ts";
import type { ContentType } from "./direction.ts";
import type { Actor } from "./people.ts";
import type { RejectReason } from "./review.ts";

export interface Channel extends Stamped {
  ref: string;
  kind: "wordpress";
  name: string;
  url: string;
  username: string;
  status: "connected" | "expired" | "unreachable" | "disconnected";
  problem: string;
  testedOn?: string | null;
}

export type StepKind = "plan" | "research" | "brief" | "write" | "dm_review" | "client_review" | "publish";

export type ActivityStatus =
  | "planned"
  | "queued"
  | "working"
  | "dm_review"
  | "client_review"
  | "changes_requested"
  | "approved"
  | "scheduled"
  | "publishing"
  | "unconfirmed"
  | "published"
  | "publish_failed"
  | "failed"
  | "on_hold"
  | "cancelled";

export type Party = "agent" | "reviewer" | "client" | "channel" | "nobody";

/** One channel an item goes to: what the client decided about it, and what became of it there. */
export interface Target {
  channelRef: string;
  channelName: string;
  channelUrl: string;
  decision: "pending" | "approved" | "declined";
  /** Why it was declined. */
  note: string;
  decidedBy?: Actor | null;
  decidedOn?: string | null;
  /** Its own moment; without one it goes with the item's. */
  publishOn?: string | null;
  /** Empty before there is a publication. */
  publicationRef: string;
  publicationStatus?: Publication["status"] | null;
  url: string;
  problem: string;
  confirmedOn?: string | null;
  owedBy?: Party | null;
}

/** What a client decides about one channel. */
export interface ChannelDecision {
  channelRef: string;
  approved: boolean;
  note: string;
}

export interface Activity extends Stamped {
  ref: string;
  tenantRef: string;
  planRef: string;
  contentType: ContentType;
  title: string;
  status: ActivityStatus;
  owedBy?: Party | null;
  owedSince?: string | null;
  promisedOn?: string | null;
  currentStep?: StepKind | null;
  runRef?: string;
  revisionRef?: string;
  revisionNumber: number;
  contentHash: string;
  rejections: number;
  escalated: boolean;
  channelRef?: string;
  publishOn?: string | null;
  publishedUrl?: string;
  problem?: string;
  /** What stands behind it; for the platform's people. */
  problemDetail?: string;
  theme?: string;
  /** In the order of the plan. */
  targets: Target[];
  /** The client's yes is their setting's. */
  approvedBySetting: boolean;
  /** While it waits for a reviewer: their yes is the last, the client's setting asks for none of theirs. */
  skipsClientReview: boolean;
}

export interface Step {
  ref: string;
  kind: StepKind;
  agentRole: string;
  status: "pending" | "active" | "done" | "failed" | "skipped";
  runRef?: string;
  startedOn?: string | null;
  finishedOn?: string | null;
  output: string;
}

export interface SourceCitation {
  number: number;
  fileRef: string;
  title: string;
  locator: string;
  excerpt: string;
}

export interface Revision {
  ref: string;
  number: number;
  title: string;
  body: string;
  excerpt: string;
  slug: string;
  author?: Actor | null;
  contentHash: string;
  offlineDraft: boolean;
  citations: SourceCitation[];
  createdOn?: string;
}

export interface Approval {
  ref: string;
  step: StepKind;
  decision: "approved" | "edited_and_approved" | "rejected";
  revisionRef: string;
  note: string;
  decidedBy?: Actor | null;
  decidedOn?: string;
  /** Of a reviewer's rejection. */
  reasons?: RejectReason[];
  /** Of a client's approval. */
  channels?: ChannelDecision[];
  /** The client's setting approved it; `decidedBy` is who set it. */
  bySetting?: boolean;
}

export interface Publication {
  ref: string;
  channelRef: string;
  revisionRef: string;
  status: "prepared" | "sending" | "accepted" | "confirmed" | "unconfirmed" | "failed";
  remoteId: string;
  url: string;
  problem: string;
  confirmedOn?: string | null;
}

export interface ActivityDetail {
  activity: Activity;
  steps: Step[];
  /** Newest first. */
  revisions: Revision[];
  approvals: Approval[];
  publications: Publication[];
  /** The newest revision the asking client has read before the present one. */
  lastSeenRevisionRef?: string;
}

export interface Comment {
  ref: string;
  author?: Actor | null;
  text: string;
  internal: boolean;
  createdOn?: string;
  /** The comment that began the thread; empty for one that begins a thread. */
  threadRef?: string;
}
