import type { Generated } from "kysely";

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
  audit_entry: AuditRow;
  audit_head: { chain: string; sequence: number; hash: string };
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
