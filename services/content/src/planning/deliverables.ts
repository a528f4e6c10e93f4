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
  const items = plan.deliverables;
  const [channels, goals] = await Promise.all([
    there(tx, "channel", items.flatMap(channelRefsOf)),
    there(
      tx,
      "goal",
      items.map(({ goalRef }) => goalRef),
    ),
  ]);
  const rows = items.map((item, position) => {
    const field = `deliverables[${position}]`;
    const contentType: ContentTypeName = nameOf(CONTENT_TYPES, item.contentType) ?? "blog_post";
    const listed = item.channelRefs.length > 0;
    const channelIds = channelRefsOf(item).flatMap(
      (ref, index) =>
        idOf("channel", channels, ref, listed ? `${field}.channel_refs[${index}]` : `${field}.channel_ref`) ??
        [],
    );
    return {
      id: newId(),
      tenant_id: ctx.tenantId,
      plan_id: planId,
      position,
      content_type: contentType,
      quantity: item.quantity,
      theme: item.theme,
      channel_id: channelIds[0] ?? null,
      channel_ids: [...new Set(channelIds)],
      goal_id: idOf("goal", goals, item.goalRef, `${field}.goal_ref`),
    };
  });
  await tx.deleteFrom("deliverable").where("plan_id", "=", planId).execute();
  await tx.insertInto("deliverable").values(rows).execute();
}

/** The channels of a deliverable: its list, or the single one of callers that know no list. */
const channelRefsOf = (item: Deliverable): readonly string[] =>
  item.channelRefs.length > 0 ? item.channelRefs : [item.channelRef];

/** Those of the named things that are there. */
async function there(
  tx: Tx<ContentDb>,
  table: "channel" | "goal",
  refs: readonly string[],
): Promise<ReadonlySet<string>> {
  const ids = refs.map((ref) => tryFromRef(ref)).filter((id) => id !== undefined);
  if (ids.length === 0) return new Set();
  const rows = await tx.selectFrom(table).select("id").where("id", "in", ids).execute();
  return new Set(rows.map(({ id }) => id));
}

/** The id of a named thing, null when none is named. @throws AppError invalid when it isn't among those that are there */
function idOf(what: "channel" | "goal", ids: ReadonlySet<string>, ref: string, field: string): string | null {
  if (ref === "") return null;
  const id = tryFromRef(ref);
  if (id && ids.has(id)) return id;
  throw errors.invalid(`${field}: there is no such ${what}.`, [{ field, description: `no such ${what}` }]);
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
