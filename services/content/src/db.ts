import type { ColumnType, Generated, Selectable } from "kysely";

/** A calendar day: text of the form 2026-12-31. */
type DayColumn = ColumnType<string, string, string>;

interface Stamped {
  created_by: string;
  created_on: Generated<Date>;
  updated_by: string | null;
  updated_on: Generated<Date>;
  version: Generated<number>;
}

export type ContentTypeName = "blog_post" | "social_post";
export type StepKindName = "research" | "brief" | "write" | "dm_review" | "client_review" | "publish";
export type StatusName =
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
export type RejectReasonName =
  | "off_brief"
  | "wrong_tone"
  | "factual_error"
  | "missing_source"
  | "repetitive"
  | "too_long"
  | "too_short"
  | "weak_structure"
  | "brand_rule"
  | "seo"
  | "other";
export type OwedByName = "agent" | "reviewer" | "client" | "channel" | "nobody";
export type PublicationStatusName =
  | "prepared"
  | "sending"
  | "accepted"
  | "confirmed"
  | "unconfirmed"
  | "failed";
export type TargetDecisionName = "pending" | "approved" | "declined";
export type ChannelStatusName = "connected" | "expired" | "unreachable" | "disconnected";

export interface ContentDb {
  tenant_standing: { tenant_id: string; suspended: boolean };
  strategy: Stamped & {
    id: string;
    tenant_id: string;
    title: string;
    body: string;
    status: Generated<"draft" | "approved" | "archived">;
    horizon_months: number;
  };
  strategy_version: {
    id: string;
    tenant_id: string;
    strategy_id: string;
    version: number;
    title: string;
    body: string;
    status: "draft" | "approved" | "archived";
    horizon_months: number;
    goals: ColumnType<unknown, string, string>;
    saved_by: string;
    saved_on: Generated<Date>;
  };
  goal: {
    id: string;
    tenant_id: string;
    strategy_id: string;
    position: number;
    name: string;
    metric: string;
    baseline: number;
    target: number;
    current: number;
    due: DayColumn | null;
  };
  goal_snapshot: { id: string; tenant_id: string; goal_id: string; value: number; taken_on: Generated<Date> };
  channel: Stamped & {
    id: string;
    tenant_id: string;
    kind: "wordpress";
    name: string;
    url: string;
    username: string;
    sealed_credentials: string | null;
    status: ChannelStatusName;
    problem: Generated<string>;
    tested_on: Date | null;
  };
  deliverable_plan: Stamped & {
    id: string;
    tenant_id: string;
    title: string;
    starts: DayColumn;
    ends: DayColumn;
    status: Generated<"awaiting_approval" | "approved" | "completed">;
    approved_on: Date | null;
    approved_by: string | null;
    planner_run_id: string | null;
    planning_error: Generated<string>;
  };
  deliverable: {
    id: string;
    tenant_id: string;
    plan_id: string;
    position: number;
    content_type: ContentTypeName;
    quantity: number;
    theme: string;
    channel_id: string | null;
    goal_id: string | null;
    channel_ids: Generated<string[]>;
  };
  deliverable_period: {
    id: string;
    tenant_id: string;
    plan_id: string;
    deliverable_id: string;
    starts: DayColumn;
    ends: DayColumn;
    target_count: number;
    completed_count: Generated<number>;
  };
  client_review: {
    tenant_id: string;
    skips: ColumnType<unknown, string, string>;
    set_by: string;
    set_on: Generated<Date>;
    version: Generated<number>;
  };
  activity: Stamped & {
    id: string;
    tenant_id: string;
    plan_id: string;
    deliverable_id: string;
    period_id: string;
    content_type: ContentTypeName;
    title: string;
    theme: string;
    status: StatusName;
    held_from: StatusName | null;
    owed_by: OwedByName;
    owed_since: Generated<Date>;
    promised_on: Date | null;
    current_step: StepKindName | null;
    run_id: string | null;
    revision_id: string | null;
    revision_number: Generated<number>;
    content_hash: Generated<string>;
    rejections: Generated<number>;
    escalated: Generated<boolean>;
    channel_id: string | null;
    publish_on: Date | null;
    published_url: Generated<string>;
    problem: Generated<string>;
    problem_detail: Generated<string>;
    template_number: Generated<number>;
    approved_by_setting: Generated<boolean>;
    traceparent: string | null;
  };
  activity_template: {
    content_type: ContentTypeName;
    number: number;
    steps: ColumnType<unknown, string, never>;
    note: string;
    published_by: string;
    published_on: Generated<Date>;
  };
  saved_filter: {
    user_ref: string;
    place: "queue" | "board";
    name: string;
    choices: ColumnType<unknown, string, string>;
    is_default: Generated<boolean>;
    saved_on: Generated<Date>;
  };
  activity_target: {
    id: string;
    tenant_id: string;
    activity_id: string;
    channel_id: string;
    position: number;
    decision: Generated<TargetDecisionName>;
    note: Generated<string>;
    decided_by: string | null;
    decided_on: Date | null;
    publish_on: Date | null;
  };
  activity_step: {
    id: string;
    tenant_id: string;
    activity_id: string;
    position: number;
    kind: StepKindName;
    agent_role: string;
    status: Generated<"pending" | "active" | "done" | "failed" | "skipped">;
    run_id: string | null;
    output: Generated<string>;
    started_on: Date | null;
    finished_on: Date | null;
  };
  revision: {
    id: string;
    tenant_id: string;
    activity_id: string;
    number: number;
    title: string;
    body: string;
    excerpt: string;
    slug: string;
    author: string;
    parent_id: string | null;
    content_hash: string;
    offline_draft: boolean;
    citations: ColumnType<unknown, string, string>;
    created_on: Generated<Date>;
  };
  approval: {
    id: string;
    tenant_id: string;
    activity_id: string;
    step: "dm_review" | "client_review";
    decision: "approved" | "edited_and_approved" | "rejected";
    revision_id: string;
    content_hash: string;
    note: string;
    decided_by: string;
    decided_on: Generated<Date>;
    reasons: Generated<RejectReasonName[]>;
    words_changed: number | null;
    words_total: number | null;
    channels: ColumnType<unknown, string | undefined, string>;
    by_setting: Generated<boolean>;
  };
  review_claim: {
    tenant_id: string;
    activity_id: string;
    claimed_by: string;
    claimed_on: Generated<Date>;
    lease_until: Date;
  };
  draft_edit: {
    tenant_id: string;
    activity_id: string;
    edited_by: string;
    base_content_hash: string;
    title: string;
    body: string;
    saved_on: Generated<Date>;
    version: Generated<number>;
  };
  comment: {
    id: string;
    tenant_id: string;
    activity_id: string;
    author: string;
    text: string;
    internal: boolean;
    thread_id: string | null;
    created_on: Generated<Date>;
  };
  revision_seen: {
    id: string;
    tenant_id: string;
    activity_id: string;
    revision_id: string;
    user_id: string;
    seen_on: Generated<Date>;
  };
  approval_link: {
    id: string;
    tenant_id: string;
    activity_id: string;
    revision_id: string;
    content_hash: string;
    user_id: string;
    token_hash: string;
    created_on: Generated<Date>;
    expires_on: Date;
    revoked_on: Date | null;
    used_on: Date | null;
    used_ip: string | null;
    used_agent: string | null;
  };
  publication: {
    id: string;
    tenant_id: string;
    activity_id: string;
    revision_id: string;
    channel_id: string;
    content_hash: string;
    status: Generated<PublicationStatusName>;
    slug: string;
    remote_id: Generated<string>;
    url: Generated<string>;
    problem: Generated<string>;
    attempts: Generated<number>;
    lookups: Generated<number>;
    fence: Generated<number>;
    lease_until: Date | null;
    next_try: Generated<Date>;
    confirmed_on: Date | null;
    traceparent: string | null;
    created_on: Generated<Date>;
    updated_on: Generated<Date>;
  };
}

export type ActivityRow = Selectable<ContentDb["activity"]>;
export type StepRow = Selectable<ContentDb["activity_step"]>;
export type RevisionRow = Selectable<ContentDb["revision"]>;
export type PlanRow = Selectable<ContentDb["deliverable_plan"]>;
export type DeliverableRow = Selectable<ContentDb["deliverable"]>;
export type PublicationRow = Selectable<ContentDb["publication"]>;
export type ChannelRow = Selectable<ContentDb["channel"]>;
