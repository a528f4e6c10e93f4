/** @module Agents at work and what they cost. */

import type { BudgetStanding } from "./budgets.ts";

export interface Usage {
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
  /** Millionths of a US dollar. */
  costMicroUsd: number;
}

export type RunStatus =
  | "requested"
  | "admitted"
  | "working"
  | "succeeded"
  | "failed"
  | "cancelled"
  | "awaiting_credits"
  | "awaiting_config";

export interface Run {
  ref: string;
  tenantRef: string;
  role: string;
  activityRef?: string;
  planRef?: string;
  title: string;
  status: RunStatus;
  adapter: string;
  model: string;
  attempt: number;
  usage?: Usage | null;
  credits: number;
  problem: string;
  errorClass?: string;
  /** Which of the role's models has it: 0 is the first, 1 the first fallback. */
  setupRank?: number;
  fallbackReason?: string;
  /** What stands behind `problem`; for the platform's people. */
  problemDetail?: string;
  /** Caps of its activity that are nearly full; for the platform's people. */
  activityCaps?: BudgetStanding[];
  requestedOn?: string | null;
  startedOn?: string | null;
  finishedOn?: string | null;
}

export interface RunEvent {
  sequence: number | string;
  occurredOn?: string;
  textDelta?: string;
  toolCall?: string;
  note?: string;
  /** The same with what it names; for the platform's people. */
  noteDetail?: string;
  usage?: Usage | null;
  attempt: number;
}

export interface Balance {
  available: number;
  reserved: number;
  spentThisMonth: number;
  monthlyCap: number;
}

export interface CreditEntry {
  ref: string;
  kind: "grant" | "reserve" | "settle" | "release";
  /** Change of what is free. */
  amount: number;
  runRef: string;
  note: string;
  createdOn?: string | null;
}

export interface Subscription {
  planCode: string;
  planName: string;
  monthlyCredits: number;
  weight: number;
  renewsOn?: string | null;
}
