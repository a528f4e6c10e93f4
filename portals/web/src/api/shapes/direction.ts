/** @module Strategy, goals, plans: what is to be made. */
import type { Stamped } from "./common.ts";
import type { StepKind } from "./production.ts";

export interface GoalSnapshot {
  value: number;
  takenOn?: string;
}

export interface Goal {
  ref: string;
  name: string;
  metric: string;
  baseline: number;
  target: number;
  current: number;
  due: string | null;
  snapshots?: GoalSnapshot[];
}

export interface Strategy extends Stamped {
  ref: string;
  title: string;
  body: string;
  status: "draft" | "approved" | "archived";
  horizonMonths: number;
  goals: Goal[];
}

export type ContentType = "blog_post" | "social_post";

export interface Deliverable {
  ref?: string;
  contentType: ContentType;
  quantity: number;
  theme?: string;
  /** The first of `channelRefs`. */
  channelRef?: string;
  channelRefs?: string[];
  goalRef?: string;
}

export interface Plan extends Stamped {
  ref: string;
  title: string;
  start: string;
  end: string;
  status: "awaiting_approval" | "approved" | "completed";
  deliverables: Deliverable[];
  estimatedCredits: number;
  approvedOn?: string | null;
  plannerRunRef?: string;
  planningError?: string;
}

export interface Period {
  ref: string;
  planRef: string;
  deliverableRef: string;
  contentType: ContentType;
  start: string;
  end: string;
  targetCount: number;
  completedCount: number;
}

export interface ActivityTemplate {
  contentType: ContentType;
  name: string;
  steps: { kind: StepKind; agentRole: string; credits: number }[];
  credits: number;
}
