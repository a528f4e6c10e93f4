import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Actor, type Id, toRef } from "@leadmetrics/kit";
import * as act from "@leadmetrics/proto/content/v1/activities";
import { ChannelKind, ChannelSchema, ChannelStatus } from "@leadmetrics/proto/content/v1/channels";
import * as plans from "@leadmetrics/proto/content/v1/plans";
import { ActorKind, ActorSchema, type Day, DaySchema, StampSchema } from "@leadmetrics/proto/type/v1/type";
import type { Selectable } from "kysely";
import type {
  ActivityRow,
  ChannelRow,
  ChannelStatusName,
  ContentDb,
  ContentTypeName,
  DeliverableRow,
  OwedByName,
  PlanRow,
  PublicationRow,
  PublicationStatusName,
  RejectReasonName,
  RevisionRow,
  StatusName,
  StepKindName,
  StepRow,
} from "./db.ts";

const ACTORS: Record<string, ActorKind> = {
  user: ActorKind.USER,
  agent: ActorKind.AGENT,
  service: ActorKind.SERVICE,
  system: ActorKind.SYSTEM,
};
const { ActivityStatus: S, OwedBy: O, PublicationStatus: P } = act;
const { StepKind: K } = plans;

export const CONTENT_TYPES: Record<ContentTypeName, plans.ContentType> = {
  blog_post: plans.ContentType.BLOG_POST,
  social_post: plans.ContentType.SOCIAL_POST,
};
export const STATUSES: Record<StatusName, act.ActivityStatus> = {
  planned: S.PLANNED,
  queued: S.QUEUED,
  working: S.WORKING,
  dm_review: S.DM_REVIEW,
  client_review: S.CLIENT_REVIEW,
  changes_requested: S.CHANGES_REQUESTED,
  approved: S.APPROVED,
  scheduled: S.SCHEDULED,
  publishing: S.PUBLISHING,
  unconfirmed: S.UNCONFIRMED,
  published: S.PUBLISHED,
  publish_failed: S.PUBLISH_FAILED,
  failed: S.FAILED,
  on_hold: S.ON_HOLD,
  cancelled: S.CANCELLED,
};
export const OWED: Record<OwedByName, act.OwedBy> = {
  agent: O.AGENT,
  reviewer: O.REVIEWER,
  client: O.CLIENT,
  channel: O.CHANNEL,
  nobody: O.NOBODY,
};
export const STEP_KINDS: Record<StepKindName, plans.StepKind> = {
  research: K.RESEARCH,
  brief: K.BRIEF,
  write: K.WRITE,
  dm_review: K.DM_REVIEW,
  client_review: K.CLIENT_REVIEW,
  publish: K.PUBLISH,
};
export const REJECT_REASONS: Record<RejectReasonName, act.RejectReason> = {
  off_brief: act.RejectReason.OFF_BRIEF,
  wrong_tone: act.RejectReason.WRONG_TONE,
  factual_error: act.RejectReason.FACTUAL_ERROR,
  missing_source: act.RejectReason.MISSING_SOURCE,
  repetitive: act.RejectReason.REPETITIVE,
  too_long: act.RejectReason.TOO_LONG,
  too_short: act.RejectReason.TOO_SHORT,
  weak_structure: act.RejectReason.WEAK_STRUCTURE,
  brand_rule: act.RejectReason.BRAND_RULE,
  seo: act.RejectReason.SEO,
  other: act.RejectReason.OTHER,
};
const STEP_STATUSES = {
  pending: act.StepStatus.PENDING,
  active: act.StepStatus.ACTIVE,
  done: act.StepStatus.DONE,
  failed: act.StepStatus.FAILED,
  skipped: act.StepStatus.SKIPPED,
};
export const PUBLICATION: Record<PublicationStatusName, act.PublicationStatus> = {
  prepared: P.PREPARED,
  sending: P.SENDING,
  accepted: P.ACCEPTED,
  confirmed: P.CONFIRMED,
  unconfirmed: P.UNCONFIRMED,
  failed: P.FAILED,
};
const CHANNEL: Record<ChannelStatusName, ChannelStatus> = {
  connected: ChannelStatus.CONNECTED,
  expired: ChannelStatus.EXPIRED,
  unreachable: ChannelStatus.UNREACHABLE,
  disconnected: ChannelStatus.DISCONNECTED,
};

/** The name of an enum's number; undefined for unspecified. */
export function nameOf<N extends string>(table: Readonly<Record<N, number>>, value: number): N | undefined {
  return (Object.keys(table) as N[]).find((name) => table[name] === value);
}

export const refOf = (id: string | null | undefined): string => (id ? toRef(id as Id) : "");
export const actorText = (actor: Actor): string => `${actor.kind}:${actor.id}`;

export function actorView(text: string | null) {
  if (!text) return undefined;
  const split = text.indexOf(":");
  return create(ActorSchema, {
    kind: ACTORS[text.slice(0, split)] ?? ActorKind.UNSPECIFIED,
    id: text.slice(split + 1),
  });
}

export function stampView(row: {
  created_by: string;
  created_on: Date;
  updated_by: string | null;
  updated_on: Date;
  version: number;
}) {
  return create(StampSchema, {
    createdBy: actorView(row.created_by),
    createdOn: timestampFromDate(row.created_on),
    updatedBy: actorView(row.updated_by),
    updatedOn: timestampFromDate(row.updated_on),
    version: row.version,
  });
}

const time = (date: Date | null) => (date ? timestampFromDate(date) : undefined);

export function dayView(text: string) {
  const [year, month, day] = text.split("-").map(Number);
  return create(DaySchema, { year, month, day });
}

export function dayText(day: Day | undefined): string {
  if (!day) return "";
  return `${String(day.year).padStart(4, "0")}-${String(day.month).padStart(2, "0")}-${String(day.day).padStart(2, "0")}`;
}

export function activityView(row: ActivityRow, targets: MessageInitShape<typeof act.TargetSchema>[]) {
  return create(act.ActivitySchema, {
    ref: refOf(row.id),
    tenantRef: refOf(row.tenant_id),
    planRef: refOf(row.plan_id),
    contentType: CONTENT_TYPES[row.content_type],
    title: row.title,
    status: STATUSES[row.status],
    owedBy: OWED[row.owed_by],
    owedSince: time(row.owed_since),
    promisedOn: time(row.promised_on),
    currentStep: row.current_step ? STEP_KINDS[row.current_step] : K.UNSPECIFIED,
    runRef: refOf(row.run_id),
    revisionRef: refOf(row.revision_id),
    revisionNumber: row.revision_number,
    contentHash: row.content_hash,
    rejections: row.rejections,
    escalated: row.escalated,
    channelRef: refOf(row.channel_id),
    publishOn: time(row.publish_on),
    publishedUrl: row.published_url,
    problem: row.problem,
    problemDetail: row.problem_detail,
    theme: row.theme,
    stamp: stampView(row),
    targets,
    approvedBySetting: row.approved_by_setting,
  });
}

export function stepView(row: StepRow) {
  return create(act.ActivityStepSchema, {
    ref: refOf(row.id),
    kind: STEP_KINDS[row.kind],
    agentRole: row.agent_role,
    status: STEP_STATUSES[row.status],
    runRef: refOf(row.run_id),
    startedOn: time(row.started_on),
    finishedOn: time(row.finished_on),
    output: row.output,
  });
}

interface StoredCitation {
  number: number;
  fileRef: string;
  title: string;
  locator: string;
  excerpt: string;
}

export function revisionView(row: RevisionRow) {
  return create(act.RevisionSchema, {
    ref: refOf(row.id),
    number: row.number,
    title: row.title,
    body: row.body,
    excerpt: row.excerpt,
    slug: row.slug,
    author: actorView(row.author),
    parentRef: refOf(row.parent_id),
    contentHash: row.content_hash,
    offlineDraft: row.offline_draft,
    citations: row.citations as StoredCitation[],
    createdOn: time(row.created_on),
  });
}

const DECISIONS = {
  approved: act.Decision.APPROVED,
  edited_and_approved: act.Decision.EDITED_AND_APPROVED,
  rejected: act.Decision.REJECTED,
};

interface StoredDecision {
  channelId: string;
  approved: boolean;
  note: string;
}

export function approvalView(row: Selectable<ContentDb["approval"]>) {
  return create(act.ApprovalSchema, {
    ref: refOf(row.id),
    step: STEP_KINDS[row.step],
    decision: DECISIONS[row.decision],
    revisionRef: refOf(row.revision_id),
    contentHash: row.content_hash,
    note: row.note,
    decidedBy: actorView(row.decided_by),
    decidedOn: time(row.decided_on),
    reasons: row.reasons.map((reason) => REJECT_REASONS[reason]),
    channels: (row.channels as StoredDecision[]).map(({ channelId, approved, note }) => ({
      channelRef: refOf(channelId),
      approved,
      note,
    })),
    bySetting: row.by_setting,
  });
}

export function publicationView(row: PublicationRow) {
  return create(act.PublicationSchema, {
    ref: refOf(row.id),
    channelRef: refOf(row.channel_id),
    revisionRef: refOf(row.revision_id),
    status: PUBLICATION[row.status],
    remoteId: row.remote_id,
    url: row.url,
    problem: row.problem,
    confirmedOn: time(row.confirmed_on),
  });
}

export function commentView(row: Selectable<ContentDb["comment"]>) {
  return create(act.CommentSchema, {
    ref: refOf(row.id),
    author: actorView(row.author),
    text: row.text,
    internal: row.internal,
    threadRef: refOf(row.thread_id),
    createdOn: time(row.created_on),
  });
}

export function channelView(row: ChannelRow) {
  return create(ChannelSchema, {
    ref: refOf(row.id),
    kind: ChannelKind.WORDPRESS,
    name: row.name,
    url: row.url,
    username: row.username,
    status: CHANNEL[row.status],
    problem: row.problem,
    testedOn: time(row.tested_on),
    stamp: stampView(row),
  });
}

const PLAN = {
  awaiting_approval: plans.PlanStatus.AWAITING_APPROVAL,
  approved: plans.PlanStatus.APPROVED,
  completed: plans.PlanStatus.COMPLETED,
};

/** Where a deliverable goes; a row of the version before knows one channel only. */
export function channelsOf(item: Pick<DeliverableRow, "channel_id" | "channel_ids">): readonly string[] {
  if (item.channel_ids.length > 0) return item.channel_ids;
  return item.channel_id ? [item.channel_id] : [];
}

export function planView(
  row: PlanRow,
  deliverables: readonly DeliverableRow[],
  creditsOf: (type: ContentTypeName) => number,
) {
  return create(plans.PlanSchema, {
    ref: refOf(row.id),
    title: row.title,
    start: dayView(row.starts),
    end: dayView(row.ends),
    status: PLAN[row.status],
    deliverables: deliverables.map((item) => ({
      ref: refOf(item.id),
      contentType: CONTENT_TYPES[item.content_type],
      quantity: item.quantity,
      theme: item.theme,
      channelRef: refOf(item.channel_id),
      channelRefs: channelsOf(item).map(refOf),
      goalRef: refOf(item.goal_id),
    })),
    estimatedCredits: deliverables.reduce(
      (sum, item) => sum + item.quantity * creditsOf(item.content_type),
      0,
    ),
    approvedOn: time(row.approved_on),
    approvedBy: actorView(row.approved_by),
    plannerRunRef: refOf(row.planner_run_id),
    planningError: row.planning_error,
    stamp: stampView(row),
  });
}

export function periodView(row: Selectable<ContentDb["deliverable_period"]>, contentType: ContentTypeName) {
  return create(plans.DeliverablePeriodSchema, {
    ref: refOf(row.id),
    planRef: refOf(row.plan_id),
    deliverableRef: refOf(row.deliverable_id),
    contentType: CONTENT_TYPES[contentType],
    start: dayView(row.starts),
    end: dayView(row.ends),
    targetCount: row.target_count,
    completedCount: row.completed_count,
  });
}
