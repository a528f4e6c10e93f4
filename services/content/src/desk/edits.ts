import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { errors, type TenantCtx, type Tx } from "@leadmetrics/kit";
import { DraftEditSchema } from "@leadmetrics/proto/content/v1/review_desk";
import type { Selectable } from "kysely";
import type { ContentDb } from "../db.ts";
import { actorText, refOf } from "../views.ts";

type EditRow = Selectable<ContentDb["draft_edit"]>;

export function editView(row: EditRow) {
  return create(DraftEditSchema, {
    activityRef: refOf(row.activity_id),
    baseContentHash: row.base_content_hash,
    title: row.title,
    body: row.body,
    savedOn: timestampFromDate(row.saved_on),
    version: row.version,
  });
}

export function editOf(tx: Tx<ContentDb>, activityId: string, by: string): Promise<EditRow | undefined> {
  return tx
    .selectFrom("draft_edit")
    .selectAll()
    .where("activity_id", "=", activityId)
    .where("edited_by", "=", by)
    .executeTakeFirst();
}

/**
 * Keeps an edit. The caller has locked the activity, so two windows take turns.
 *
 * @throws AppError conflict `edit_changed` when another window of the same person has kept a later one
 */
export async function saveEdit(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activityId: string,
  edit: { baseContentHash: string; title: string; body: string; version: number },
): Promise<EditRow> {
  const by = actorText(ctx.actor);
  const before = await editOf(tx, activityId, by);
  if ((before?.version ?? 0) !== edit.version)
    throw errors.conflict(
      "edit_changed",
      "You have gone on with this edit in another window. Load it to see what is kept.",
      { version: String(before?.version ?? 0) },
    );
  const values = {
    base_content_hash: edit.baseContentHash,
    title: edit.title,
    body: edit.body,
    saved_on: new Date(),
    version: edit.version + 1,
  };
  return tx
    .insertInto("draft_edit")
    .values({ tenant_id: ctx.tenantId, activity_id: activityId, edited_by: by, ...values })
    .onConflict((oc) => oc.columns(["tenant_id", "activity_id", "edited_by"]).doUpdateSet(values))
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function discardEdit(tx: Tx<ContentDb>, activityId: string, by: string): Promise<void> {
  await tx
    .deleteFrom("draft_edit")
    .where("activity_id", "=", activityId)
    .where("edited_by", "=", by)
    .execute();
}
