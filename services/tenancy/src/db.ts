import type { Id } from "@leadmetrics/kit";
import type { ColumnType, Generated } from "kysely";
import type { OnboardingStatus, ResearchStatus, Steps } from "./onboarding/rules.ts";

export type RoleName = "owner" | "admin" | "member" | "viewer";

export interface TenantRow {
  id: string;
  tenant_id: string;
  name: string;
  status: Generated<"active" | "suspended">;
  time_zone: string;
  locale: string;
  currency: string;
  local_only: Generated<boolean>;
  created_by: string;
  created_on: Generated<Date>;
  updated_by: string | null;
  updated_on: Generated<Date>;
  version: Generated<number>;
}

export interface TenancyDb {
  tenant: TenantRow;
  tenant_member: {
    id: string;
    tenant_id: string;
    user_id: string;
    email: string;
    name: string;
    role: RoleName;
    joined_on: Generated<Date>;
    version: Generated<number>;
  };
  invitation: {
    id: string;
    tenant_id: string;
    email: string;
    role: RoleName;
    token_hash: string | null;
    expires_on: Date;
    accepted_on: Date | null;
    revoked_on: Date | null;
    created_by: string;
    created_on: Generated<Date>;
  };
  reviewer_assignment: {
    id: string;
    tenant_id: string;
    user_id: string;
    assigned_by: string;
    assigned_on: Generated<Date>;
  };
  client_context_version: {
    id: string;
    tenant_id: string;
    version: number;
    context: unknown;
    created_by: string;
    created_on: Generated<Date>;
  };
  contract: {
    id: string;
    tenant_id: string;
    title: string;
    document: Buffer;
    document_hash: string;
    offered_by: string;
    offered_on: Generated<Date>;
  };
  contract_acceptance: {
    id: string;
    tenant_id: string;
    contract_id: string;
    document_hash: string;
    user_id: string;
    accepted_on: Generated<Date>;
    remote_ip: string;
    user_agent: string;
  };
  platform_setting: SettingRow;
  feature_share: FeatureShareRow;
  tenant_feature: {
    id: string;
    tenant_id: string;
    name: string;
    enabled: boolean;
    set_by: string;
    set_on: Generated<Date>;
  };
  onboarding_run: {
    id: string;
    tenant_id: string;
    status: Generated<OnboardingStatus>;
    steps: ColumnType<Steps, string | undefined, string>;
    research_status: Generated<ResearchStatus>;
    website: Generated<string>;
    crawl_id: Id | null;
    run_id: Id | null;
    proposal: unknown;
    problem: Generated<string>;
    problem_reason: Generated<string>;
    accepted: Generated<unknown>;
    accepted_version: Generated<number>;
    begun: Generated<Date[]>;
    asked_by: Generated<string>;
    created_by: string;
    created_on: Generated<Date>;
    updated_by: string | null;
    updated_on: Generated<Date>;
    version: Generated<number>;
  };
  tenant_deletion: DeletionRow;
  tenant_deletion_step: DeletionStepRow;
  tenant_export: ExportRow;
  tenant_export_piece: { tenant_id: string; export_id: string; ordinal: number; bytes: Buffer };
  audit_entry: AuditRow;
  audit_head: { chain: string; sequence: number; hash: string };
}

export interface SettingRow {
  name: string;
  /** Null: the default. */
  value: unknown;
  version: Generated<number>;
  updated_by: string;
  updated_on: Generated<Date>;
}

export interface FeatureShareRow {
  name: string;
  share: number;
  version: Generated<number>;
  updated_by: string;
  updated_on: Generated<Date>;
}

export interface AuditRow {
  id: string;
  chain: string;
  sequence: number;
  event_id: string;
  action: string;
  actor_kind: string;
  actor_id: string;
  entity_kind: string;
  entity_ref: string;
  summary: string;
  trace_id: string;
  request_id: string;
  occurred_on: Date;
  previous_hash: string;
  hash: string;
}

export type DeletionStatus = "requested" | "grace" | "erasing" | "verifying" | "finished" | "cancelled";

export interface DeletionRow {
  id: string;
  about_tenant: string;
  name: string;
  status: DeletionStatus;
  reason: string;
  requested_by: string;
  requested_on: Generated<Date>;
  erase_after: Date;
  previous_status: "active" | "suspended";
  /** [{userId, email}], see migration 0020. */
  people: Generated<unknown>;
  chain_sequence: Generated<number>;
  chain_hash: Generated<string>;
  empty_since: Date | null;
  ended_on: Date | null;
  problem: Generated<string>;
  next_try: Generated<Date>;
  report: Generated<string>;
  report_hash: Generated<string>;
  version: Generated<number>;
}

export interface DeletionStepRow {
  deletion_id: string;
  holder: string;
  position: number;
  status: Generated<"waiting" | "erased" | "verified">;
  /** [{name, rule, reason, before, erased, after}] */
  stores: Generated<unknown>;
}

export interface ExportRow {
  id: string;
  tenant_id: string;
  status: Generated<"working" | "ready" | "failed" | "expired">;
  requested_by: string;
  requested_on: Generated<Date>;
  finished_on: Date | null;
  expires_on: Date | null;
  attempts: Generated<number>;
  bytes: Generated<number>;
  records: Generated<number>;
  files: Generated<number>;
  sha256: Generated<string>;
  problem: Generated<string>;
}
