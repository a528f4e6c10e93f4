import {
  type Database,
  errors,
  fromRef,
  requestCtx,
  type ServedService,
  service,
  tenantCtx,
} from "@leadmetrics/kit";
import { ReviewDeskService } from "@leadmetrics/proto/content/v1/review_desk";
import type { ContentDb } from "../db.ts";
import { lockActivity, presentState } from "../production/transition.ts";
import { actorText } from "../views.ts";
import { claim, claimView, liveClaims, release, told } from "./claims.ts";
import { discardEdit, editOf, editView, saveEdit } from "./edits.ts";
import { findSimilar } from "./likeness.ts";
import type { NamesOf } from "./names.ts";
import { isTimeZone } from "./rules.ts";
import { Sketches } from "./similarity.ts";
import { statsOf } from "./stats.ts";

/** Everything reviewers need beside the decision itself. */
export function reviewDeskService(db: Database<ContentDb>, namesOf: NamesOf): ServedService {
  const sketches = new Sketches();
  return service(ReviewDeskService, {
    async listClaims(_request, hc) {
      const ctx = requestCtx(hc);
      const { principal } = ctx;
      const ofAll =
        principal.kind === "platform" && principal.role === "super_admin" && ctx.tenantIds.length === 0;
      if (!ofAll && ctx.tenantIds.length === 0) return {};
      const rows = ofAll
        ? await db.withPlatform(ctx, "claims of all tenants", liveClaims)
        : await db.withTenant(ctx, liveClaims, { readOnly: true });
      const names = await namesOf(ctx, rows.map(refOfHolder));
      return { claims: rows.map((row) => claimView(row, names)) };
    },

    async claimReview(request, hc) {
      const ctx = tenantCtx(hc);
      const id = fromRef(request.activityRef, "activity");
      // Names come from elsewhere: asked before the row is locked.
      const mine = await namesOf(ctx, [ctx.actor.id]);
      const taken = await db.withTenant(ctx, async (tx) => {
        const activity = await lockActivity(tx, id);
        if (activity.status !== "dm_review") throw presentState(activity);
        const now = await claim(tx, ctx, activity, request.takeOver);
        if (now.changed) await told(tx, ctx, id, claimView(now.row, mine));
        return now;
      });
      const names = taken.mine ? mine : await namesOf(ctx, [refOfHolder(taken.row)]);
      return { claim: claimView(taken.row, names), mine: taken.mine };
    },

    async releaseClaim(request, hc) {
      const ctx = tenantCtx(hc);
      const id = fromRef(request.activityRef, "activity");
      await db.withTenant(ctx, async (tx) => {
        await lockActivity(tx, id);
        await release(tx, ctx, id);
      });
      return {};
    },

    async getDraftEdit(request, hc) {
      const ctx = tenantCtx(hc);
      const id = fromRef(request.activityRef, "activity");
      return db.withTenant(
        ctx,
        async (tx) => {
          const activity = await tx
            .selectFrom("activity")
            .select("id")
            .where("id", "=", id)
            .executeTakeFirst();
          if (!activity) throw errors.notFound("activity");
          const row = await editOf(tx, id, actorText(ctx.actor));
          return { edit: row && editView(row) };
        },
        { readOnly: true },
      );
    },

    async saveDraftEdit(request, hc) {
      const ctx = tenantCtx(hc);
      const id = fromRef(request.activityRef, "activity");
      return db.withTenant(ctx, async (tx) => {
        await lockActivity(tx, id);
        return { edit: editView(await saveEdit(tx, ctx, id, request)) };
      });
    },

    async discardDraftEdit(request, hc) {
      const ctx = tenantCtx(hc);
      const id = fromRef(request.activityRef, "activity");
      await db.withTenant(ctx, async (tx) => {
        await lockActivity(tx, id);
        await discardEdit(tx, id, actorText(ctx.actor));
      });
      return {};
    },

    findSimilar: (request, hc) => {
      const id = fromRef(request.activityRef, "activity");
      return db.withTenant(tenantCtx(hc), async (tx) => ({ items: await findSimilar(tx, id, sketches) }), {
        readOnly: true,
      });
    },

    async getReviewStats({ days, timeZone }, hc) {
      const ctx = requestCtx(hc);
      const zone = timeZone || "UTC";
      if (!isTimeZone(zone))
        throw errors.invalid(`time_zone: "${zone}" is no time zone; "Europe/Berlin" is one.`);
      const me = actorText(ctx.actor);
      const { principal } = ctx;
      if (principal.kind === "platform" && principal.role === "super_admin" && ctx.tenantIds.length === 0)
        return db.withPlatform(ctx, "own review figures", (tx) => statsOf(tx, me, days, zone, new Date()));
      return db.withTenant(ctx, (tx) => statsOf(tx, me, days, zone, new Date()), { readOnly: true });
    },
  });
}

/** The user's reference in `user:…`. */
const refOfHolder = ({ claimed_by }: { claimed_by: string }): string =>
  claimed_by.slice(claimed_by.indexOf(":") + 1);
