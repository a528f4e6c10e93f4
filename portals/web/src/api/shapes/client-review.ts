/** @module What a client's review, calendar and contract add. */
import type { ContentType, Goal, Strategy } from "./direction.ts";
import type { Actor } from "./people.ts";
import type { Activity, SourceCitation } from "./production.ts";

export interface BundledOutcome {
  activityRef: string;
  activity?: Activity | null;
  /** Why it isn't approved, in one sentence; empty when it is. */
  problem: string;
}

/** Content that is published without the client's own approval. */
export interface ClientReviewSkip {
  /** Without one it is every type. */
  contentType?: ContentType | null;
  /** Empty for every channel, and for content that goes to none. */
  channelRef: string;
}

export interface ClientReview {
  skips: ClientReviewSkip[];
  /** 0 while nobody has set anything. */
  version: number;
  changedBy?: Actor | null;
  changedOn?: string | null;
}

/** A mailed link that can still decide. */
export interface ApprovalLink {
  ref: string;
  userRef: string;
  createdOn?: string;
  expiresOn?: string;
}

/** What the page behind a mailed link shows. */
export interface LinkedDraft {
  contentType: ContentType;
  title: string;
  body: string;
  excerpt: string;
  slug: string;
  citations: SourceCitation[];
  offlineDraft: boolean;
  channelName: string;
  channelUrl: string;
  revisionNumber: number;
  expiresOn?: string;
  publishOn?: string | null;
  channels: LinkedChannel[];
}

export interface LinkedChannel {
  channelRef: string;
  name: string;
  url: string;
  /** Its own moment; without one it goes with the others. */
  publishOn?: string | null;
}

export interface ScheduleConflict {
  kind: "crowded" | "not_approved" | "channel_down" | "on_hold";
  withActivityRef: string;
  withTitle: string;
}

export interface CalendarEntry {
  activity: Activity;
  slot: string;
  conflicts: ScheduleConflict[];
  /** Where it goes at this moment; an item has an entry for each of its moments. */
  channelRefs: string[];
}

export interface Calendar {
  entries: CalendarEntry[];
  /** Without a date and not out yet. */
  undated: Activity[];
}

export interface StrategyVersion {
  version: number;
  title: string;
  body: string;
  status: Strategy["status"];
  horizonMonths: number;
  goals: Pick<Goal, "name" | "metric" | "baseline" | "target" | "due">[];
  savedBy?: Actor | null;
  savedOn?: string;
}

export interface Contract {
  ref: string;
  title: string;
  documentHash: string;
  bytes: number;
  offeredOn?: string;
  acceptance?: {
    userRef: string;
    /** Empty when they have left the company. */
    userName: string;
    acceptedOn?: string;
    remoteIp: string;
    userAgent: string;
  } | null;
}
