import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Ctx, emit, errors, type TenantCtx, type Tx } from "@leadmetrics/kit";
import { ReviewClaimChangedSchema } from "@leadmetrics/proto/content/events/v1/events";
import { ReviewClaimSchema } from "@leadmetrics/proto/content/v1/review_desk";
import type { Selectable } from "kysely";
import type { ActivityRow, ContentDb } from "../db.ts";
import { actorText, actorView, refOf } from "../views.ts";
import { holderOf } from "./rules.ts";
import { DESK } from "./tunables.ts";

export type ClaimRow = Selectable<ContentDb["review_claim"]>;

export function claimView(row: ClaimRow, names: ReadonlyMap<string, string>) {
  const claimedBy = actorView(row.claimed_by);
  return create(ReviewClaimSchema, {
    activityRef: refOf(row.activity_id),
    tenantRef: refOf(row.tenant_id),
    claimedBy,
    name: names.get(claimedBy?.id ?? "") ?? "",
    claimedOn: timestampFromDate(row.claimed_on),
    expiresOn: timestampFromDate(row.lease_until),
  });
}

/** Claims whose lease runs, for a list. */
export function liveClaims(tx: Tx<ContentDb>): Promise<ClaimRow[]> {
  return tx.selectFrom("review_claim").selectAll().where("lease_until", ">", new Date()).execute();
}

/**
 * Takes or prolongs the claim of a draft, unless somebody else holds it. The caller has locked the activity.
 *
 * @returns the claim as it is now, whoever's it is
 */
export async function claim(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
  takeOver: boolean,
): Promise<{ row: ClaimRow; mine: boolean; changed: boolean }> {
  const me = actorText(ctx.actor);
  const now = new Date();
  const before = await claimOf(tx, activity.id);
  const holder = holderOf(before, me, now);
  if (before && holder === "other" && !takeOver) return { row: before, mine: false, changed: false };
  const changed = holder !== "mine";
  const values = {
    claimed_by: me,
    lease_until: new Date(now.getTime() + DESK.leaseMs),
    ...(changed ? { claimed_on: now } : {}),
  };
  const row = await tx
    .insertInto("review_claim")
    .values({ tenant_id: ctx.tenantId, activity_id: activity.id, ...values })
    .onConflict((oc) => oc.columns(["tenant_id", "activity_id"]).doUpdateSet(values))
    .returningAll()
    .executeTakeFirstOrThrow();
  return { row, mine: true, changed };
}

/** Lets go of the caller's own claim. */
export async function release(tx: Tx<ContentDb>, ctx: Ctx, activityId: string): Promise<void> {
  const gone = await tx
    .deleteFrom("review_claim")
    .where("activity_id", "=", activityId)
    .where("claimed_by", "=", actorText(ctx.actor))
    .returning("activity_id")
    .executeTakeFirst();
  if (gone) await told(tx, ctx, activityId);
}

/**
 * A decision ends whatever claim there is, and the decider's own unfinished edit.
 *
 * @throws AppError conflict `review_claimed` when another reviewer is at the draft and that isn't meant
 */
export async function endClaim(
  tx: Tx<ContentDb>,
  ctx: TenantCtx,
  activity: ActivityRow,
  despite: boolean,
): Promise<void> {
  const me = actorText(ctx.actor);
  const before = await claimOf(tx, activity.id);
  if (before && !despite && holderOf(before, me, new Date()) === "other")
    throw errors.conflict(
      "review_claimed",
      `Another reviewer is at "${activity.title}". Decide in spite of that, or leave it to them.`,
      { claimed_by: actorView(before.claimed_by)?.id ?? "" },
    );
  await tx
    .deleteFrom("draft_edit")
    .where("activity_id", "=", activity.id)
    .where("edited_by", "=", me)
    .execute();
  if (!before) return;
  await tx.deleteFrom("review_claim").where("activity_id", "=", activity.id).execute();
  await told(tx, ctx, activity.id);
}

/** Shows the others that a draft is free, or whose it is. */
export async function told(
  tx: Tx<ContentDb>,
  ctx: Ctx,
  activityId: string,
  claimed?: ReturnType<typeof claimView>,
): Promise<void> {
  await emit(
    tx,
    ctx,
    ReviewClaimChangedSchema,
    { activityRef: refOf(activityId), claim: claimed },
    { aggregate: activityId },
  );
}

function claimOf(tx: Tx<ContentDb>, activityId: string): Promise<ClaimRow | undefined> {
  return tx.selectFrom("review_claim").selectAll().where("activity_id", "=", activityId).executeTakeFirst();
}
