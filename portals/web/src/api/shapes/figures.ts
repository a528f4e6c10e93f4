/** @module What is counted and watched over all tenants. */

import type { Actor } from "./people.ts";
import type { Balance, Usage } from "./runs.ts";
import type { Session } from "./security.ts";

export interface RunFigures {
  /** 2026-12-31, in UTC. */
  day: string;
  /** Ref of the tenant, name of the role or the model; empty without a grouping. */
  key: string;
  runs: number;
  succeeded: number;
  failed: number;
  credits: number;
  usage?: Usage | null;
}

export interface WorkFigures {
  day: string;
  drafts: number;
  publications: number;
}

export interface ModelCall {
  ref: string;
  attempt: number;
  adapter: string;
  model: string;
  outcome: string;
  usage?: Usage | null;
  durationMs: number;
  promptHash: string;
  responseHash: string;
  providerRef: string;
  createdOn?: string;
}

export interface Trouble {
  kind: "activity" | "channel";
  tenantRef: string;
  ref: string;
  title: string;
  state: string;
  problem: string;
  since?: string;
  version: number;
}

export interface Standing {
  tenantRef: string;
  planCode: string;
  monthlyCredits: number;
  balance?: Balance | null;
}

export interface Offering {
  planCode: string;
  name: string;
  monthlyCredits: number;
  weight: number;
  price?: { minorUnits: number; currency: string } | null;
}

export interface ServiceHealth {
  service: string;
  state: "ready" | "not_ready" | "down";
  p95Ms: number | null;
}

export interface Queue {
  name: string;
  messages: number;
  bytes: number;
  /** 0 means no limit. */
  maxBytes: number;
  readers: { name: string; lag: number; inHand: number; redelivered: number }[];
}

export interface Role {
  name: string;
  title: string;
  group: string;
  lane: string;
  credits: number;
  defaultAdapter: string;
  skills: string[];
}

export interface AgentConfig {
  role: string;
  adapter: string;
  model: string;
  baseUrl: string;
  hasApiKey: boolean;
}

export interface AdapterCheck {
  name: string;
  passed: boolean;
  hint: string;
}

export interface Pause {
  ref: string;
  tenantRef: string;
  role: string;
  reason: string;
  createdBy: string;
  createdOn?: string;
}

export interface MailTemplate {
  kind: string;
  description: string;
  title: string;
  body: string;
  action: string;
  inAppByDefault: boolean;
  emailByDefault: boolean;
  always: boolean;
  exampleSubject: string;
  exampleHtml: string;
}

export interface UserSessions {
  items: Session[];
  totpOn: boolean;
  passkeys: number;
}

export type DeletionStatus = "requested" | "grace" | "erasing" | "verifying" | "finished" | "cancelled";

export interface TenantDeletion {
  ref: string;
  tenantRef: string;
  /** Empty once it is finished. */
  tenantName: string;
  status: DeletionStatus;
  reason: string;
  requestedBy?: Actor | null;
  requestedOn?: string | null;
  /** End of the grace period. */
  eraseAfter?: string | null;
  endedOn?: string | null;
  steps: {
    holder: string;
    status: "waiting" | "erased" | "verified";
    stores: { name: string; before: number; erased: number; after: number; reason: string }[];
  }[];
  problem: string;
  reportHash: string;
  reportJson: string;
}

export interface TenantExport {
  ref: string;
  status: "working" | "ready" | "failed" | "expired";
  requestedOn?: string | null;
  finishedOn?: string | null;
  expiresOn?: string | null;
  bytes: number;
  records: number;
  files: number;
  sha256: string;
  problem: string;
}
