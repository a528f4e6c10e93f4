import { fromRef, newId, systemCtx, toRef } from "@leadmetrics/kit";
import type { ServiceTest } from "@leadmetrics/kit/testing";
import type { ContentDb, ContentTypeName, StatusName } from "../src/db.ts";
import { contentHash, slugOf } from "../src/production/rules.ts";
import { addTargets } from "../src/targets/store.ts";

export interface DraftOptions {
  readonly status?: StatusName;
  /** Without one it says that it rests. */
  readonly body?: string;
  readonly contentType?: ContentTypeName;
  readonly promisedOn?: Date;
  readonly escalated?: boolean;
  readonly publishOn?: Date;
  /** How many channels of its own it goes to, which nobody can reach. */
  readonly channels?: number;
  /** Connected channels it goes to instead. */
  readonly channelRefs?: readonly string[];
}

/** A post of the tenant with a text; one that doesn't wait for its reviewer has their yes. */
export async function draft(t: ServiceTest<ContentDb>, title: string, options: DraftOptions = {}) {
  const ctx = systemCtx("test", { tenantId: t.tenantA });
  const [plan, deliverable, period, activity, revision] = [newId(), newId(), newId(), newId(), newId()];
  const made = Array.from({ length: options.channels ?? 0 }, () => newId());
  const channels = options.channelRefs?.map((ref) => fromRef(ref)) ?? made;
  const own = { tenant_id: t.tenantA, created_by: "system:test", updated_by: null };
  const text = { title, body: options.body ?? `# ${title}\n\nIt rests.` };
  const status = options.status ?? "client_review";
  const type = options.contentType ?? "blog_post";
  const step = status === "dm_review" ? "dm_review" : "client_review";
  const slug = slugOf(title);
  const hash = contentHash(text);
  await t.db.withTenant(ctx, async (tx) => {
    for (const id of made)
      await tx
        .insertInto("channel")
        .values({
          id,
          ...own,
          kind: "wordpress",
          name: "Site",
          url: "https://site.example",
          username: "ed",
          sealed_credentials: null,
          status: "connected",
          tested_on: null,
        })
        .execute();
    const dates = { starts: "2026-12-01", ends: "2026-12-31" };
    await tx
      .insertInto("deliverable_plan")
      .values({
        id: plan,
        ...own,
        ...dates,
        title: "December",
        status: "approved",
        approved_on: null,
        approved_by: null,
        planner_run_id: null,
      })
      .execute();
    await tx
      .insertInto("deliverable")
      .values({
        id: deliverable,
        tenant_id: t.tenantA,
        plan_id: plan,
        position: 0,
        content_type: type,
        quantity: 1,
        theme: "",
        channel_id: null,
        goal_id: null,
      })
      .execute();
    await tx
      .insertInto("deliverable_period")
      .values({
        id: period,
        tenant_id: t.tenantA,
        plan_id: plan,
        deliverable_id: deliverable,
        ...dates,
        target_count: 1,
      })
      .execute();
    await tx
      .insertInto("activity")
      .values({
        id: activity,
        ...own,
        plan_id: plan,
        deliverable_id: deliverable,
        period_id: period,
        content_type: type,
        title,
        theme: "",
        status,
        held_from: null,
        owed_by: status === "dm_review" ? "reviewer" : "client",
        promised_on: options.promisedOn ?? new Date(Date.now() + 48 * 3_600_000),
        current_step: step,
        escalated: options.escalated ?? false,
        run_id: null,
        revision_id: revision,
        revision_number: 1,
        content_hash: hash,
        channel_id: channels[0] ?? null,
        publish_on: options.publishOn ?? null,
        traceparent: null,
      })
      .execute();
    await addTargets(tx, { id: activity, tenant_id: t.tenantA }, channels);
    for (const [position, kind] of (["write", "dm_review", "client_review"] as const).entries())
      await tx
        .insertInto("activity_step")
        .values({
          id: newId(),
          tenant_id: t.tenantA,
          activity_id: activity,
          position,
          kind,
          agent_role: kind === "write" ? "blog-writer" : "",
          status: kind === "write" || (kind === "dm_review" && step !== kind) ? "done" : "pending",
          run_id: null,
          started_on: null,
          finished_on: null,
        })
        .execute();
    await tx
      .insertInto("revision")
      .values({
        id: revision,
        tenant_id: t.tenantA,
        activity_id: activity,
        number: 1,
        ...text,
        excerpt: "",
        slug,
        author: "agent:blog-writer",
        parent_id: null,
        content_hash: hash,
        offline_draft: true,
        citations: "[]",
      })
      .execute();
    if (step === "dm_review") return;
    await tx
      .insertInto("approval")
      .values({
        id: newId(),
        tenant_id: t.tenantA,
        activity_id: activity,
        step: "dm_review",
        decision: "approved",
        revision_id: revision,
        content_hash: hash,
        note: "",
        decided_by: "user:reviewer",
      })
      .execute();
  });
  return {
    id: activity,
    ref: toRef(activity),
    planRef: toRef(plan),
    revisionRef: toRef(revision),
    hash,
    slug,
  };
}
