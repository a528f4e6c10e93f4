import { errors, newId, type TenantCtx, type Tx, tryFromRef } from "@leadmetrics/kit";
import type { Deliverable } from "@leadmetrics/proto/content/v1/plans";
import type { ContentDb, ContentTypeName, PlanRow } from "../db.ts";
import { CONTENT_TYPES, nameOf } from "../views.ts";
import { periodsOf } from "./rules.ts";

/** Writes what a plan promises anew. @throws AppError invalid when a channel or goal isn't there */
export async function replaceDeliverables(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  planId: string,
  plan: { readonly deliverables: readonly Deliverable[] },
): Promise<void> {
  await tx.deleteFrom("deliverable").where("plan_id", "=", planId).execute();
  for (const [position, item] of plan.deliverables.entries()) {
    const contentType: ContentTypeName = nameOf(CONTENT_TYPES, item.contentType) ?? "blog_post";
    const channelIds = await knownChannels(tx, item, `deliverables[${position}]`);
    const goalId = await known(tx, "goal", item.goalRef, `deliverables[${position}].goal_ref`);
    await tx
      .insertInto("deliverable")
      .values({
        id: newId(),
        tenant_id: ctx.tenantId,
        plan_id: planId,
        position,
        content_type: contentType,
        quantity: item.quantity,
        theme: item.theme,
        channel_id: channelIds[0] ?? null,
        channel_ids: channelIds,
        goal_id: goalId,
      })
      .execute();
  }
}

/** The channels of a deliverable: its list, or the single one of callers that know no list. */
async function knownChannels(tx: Tx<ContentDb>, item: Deliverable, field: string): Promise<string[]> {
  const refs = item.channelRefs.length > 0 ? item.channelRefs : [item.channelRef];
  const found: string[] = [];
  for (const [index, ref] of refs.entries()) {
    const at = item.channelRefs.length > 0 ? `${field}.channel_refs[${index}]` : `${field}.channel_ref`;
    const id = await known(tx, "channel", ref, at);
    if (id && !found.includes(id)) found.push(id);
  }
  return found;
}

async function known(
  tx: Tx<ContentDb>,
  table: "channel" | "goal",
  ref: string,
  field: string,
): Promise<string | null> {
  if (ref === "") return null;
  const id = tryFromRef(ref);
  const row = id
    ? await tx.selectFrom(table).select("id").where("id", "=", id).executeTakeFirst()
    : undefined;
  if (!row)
    throw errors.invalid(`${field}: there is no such ${table}.`, [
      { field, description: `no such ${table}` },
    ]);
  return row.id;
}

/** Opens the months or quarters in which the deliverables of an approved plan are counted. */
export async function openPeriods(tx: Tx<ContentDb>, ctx: TenantCtx, plan: PlanRow): Promise<void> {
  const items = await tx.selectFrom("deliverable").selectAll().where("plan_id", "=", plan.id).execute();
  const rows = items.flatMap((item) =>
    periodsOf(plan.starts, plan.ends, item.quantity).map((period) => ({
      id: newId(),
      tenant_id: ctx.tenantId,
      plan_id: plan.id,
      deliverable_id: item.id,
      starts: period.starts,
      ends: period.ends,
      target_count: period.targetCount,
    })),
  );
  await tx.insertInto("deliverable_period").values(rows).execute();
}
