import type { ColumnType, Generated, Selectable } from "kysely";
import type { AdapterName } from "./adapters/port.ts";
import type { Metric, Scope } from "./budgets/rules.ts";
import type { RunInput } from "./prompt/material.ts";
import type { CreditState, Lane, RunStatus, WorkGroup } from "./runs/rules.ts";
import type { FallbackStep } from "./settings/setup.ts";

interface Counted {
  input_tokens: Generated<number>;
  output_tokens: Generated<number>;
  cached_tokens: Generated<number>;
  cost_micro_usd: Generated<number>;
}

interface FallbackColumns {
  role: string;
  steps: ColumnType<FallbackStep[], string, string>;
  set_by: string;
  set_on: Generated<Date>;
  version: Generated<number>;
}

/** 0 is no limit. */
interface CapColumns {
  scope: Scope;
  role: Generated<string>;
  max_micro_usd: number;
  max_tokens: number;
  max_runs: number;
  set_by: string;
  set_on: Generated<Date>;
  version: Generated<number>;
}

export interface AgentsDb {
  agent_run: Counted & {
    id: string;
    tenant_id: string;
    role: string;
    work_group: WorkGroup;
    lane: Lane;
    activity_id: string | null;
    step_id: string | null;
    plan_id: string | null;
    work_key: string;
    title: string;
    wake_reason: string;
    input: ColumnType<RunInput, string, never>;
    traceparent: string | null;
    status: RunStatus;
    status_since: Generated<Date>;
    problem: Generated<string>;
    error_class: Generated<string>;
    attempt: Generated<number>;
    fence: Generated<number>;
    not_before: Generated<Date>;
    held_until: Date | null;
    lease_until: Date | null;
    worker: string | null;
    adapter: Generated<AdapterName | "">;
    model: Generated<string>;
    credits: Generated<number>;
    credit_state: Generated<CreditState>;
    /** Taken aside against the caps while dispatcher or worker have it. */
    reserved_micro_usd: Generated<number>;
    reserved_tokens: Generated<number>;
    reserved_runs: Generated<number>;
    /** 0 is the role's first model, 1 its first fallback. */
    setup_rank: Generated<number>;
    /** The attempt with which that model began. */
    setup_attempt: Generated<number>;
    fallback_reason: Generated<string>;
    last_sequence: Generated<number>;
    requested_on: Generated<Date>;
    started_on: Date | null;
    finished_on: Date | null;
    created_by: string;
    updated_on: Generated<Date>;
  };
  run_event: {
    tenant_id: string;
    run_id: string;
    sequence: number;
    attempt: number;
    kind: "text" | "tool" | "note";
    body: string;
    plain: string | null;
    input_tokens: number | null;
    output_tokens: number | null;
    cached_tokens: number | null;
    cost_micro_usd: number | null;
    occurred_on: Generated<Date>;
  };
  llm_call: {
    id: string;
    tenant_id: string;
    run_id: string;
    attempt: number;
    adapter: string;
    model: string;
    outcome: string;
    input_tokens: number;
    output_tokens: number;
    cached_tokens: number;
    cost_micro_usd: number;
    duration_ms: number;
    prompt_hash: string;
    response_hash: string;
    provider_ref: string | null;
    created_on: Generated<Date>;
  };
  agent_config: {
    id: string;
    tenant_id: string;
    role: string;
    adapter: AdapterName;
    model: string;
    base_url: string;
    sealed_key: string | null;
    created_by: string;
    created_on: Generated<Date>;
    updated_by: string | null;
    updated_on: Generated<Date>;
    version: Generated<number>;
  };
  tenant_terms: {
    tenant_id: string;
    weight: Generated<number>;
    local_only: Generated<boolean>;
    suspended: Generated<boolean>;
    time_zone: Generated<string>;
    zone_known: Generated<boolean>;
    credited_on: Date | null;
    updated_on: Generated<Date>;
  };
  fallback_default: FallbackColumns;
  fallback: FallbackColumns & { tenant_id: string };
  budget_default: CapColumns;
  budget: CapColumns & { tenant_id: string; author: "platform" | "tenant" };
  budget_use: {
    tenant_id: string;
    scope: Scope;
    key: Generated<string>;
    /** 2026-12, where the tenant is; empty for an activity. */
    month: string;
    used_micro_usd: Generated<number>;
    used_tokens: Generated<number>;
    used_runs: Generated<number>;
    reserved_micro_usd: Generated<number>;
    reserved_tokens: Generated<number>;
    reserved_runs: Generated<number>;
    near_told: Generated<Metric[]>;
    reached_told: Generated<Metric[]>;
  };
  /** Without a tenant: everybody's. Without a role: every role's. */
  agent_pause: {
    id: string;
    about_tenant: string | null;
    role: string | null;
    reason: string;
    created_by: string;
    created_on: Generated<Date>;
  };
  skill: {
    name: string;
    number: Generated<number>;
    draft_title: string | null;
    draft_body: string | null;
    draft_by: string | null;
    draft_on: Date | null;
    version: Generated<number>;
  };
  skill_version: {
    name: string;
    number: number;
    title: string;
    body: string;
    note: string;
    published_by: string;
    published_on: Generated<Date>;
  };
  run_skill: { tenant_id: string; run_id: string; attempt: number; name: string; number: number };
  agent_worker: { id: string; work_group: WorkGroup; slots: number; seen_on: Generated<Date> };
}

export type RunRow = Selectable<AgentsDb["agent_run"]>;
export type FallbackRow = Selectable<FallbackColumns>;
export type CapRow = Selectable<CapColumns>;
export type UseRow = Selectable<AgentsDb["budget_use"]>;
export type PauseRow = Selectable<AgentsDb["agent_pause"]>;
export type RunEventRow = Selectable<AgentsDb["run_event"]>;
export type ConfigRow = Selectable<AgentsDb["agent_config"]>;
