import { type Database, errors, fromRef, requestCtx, type ServedService, service } from "@leadmetrics/kit";
import { ReviewsService } from "@leadmetrics/proto/content/v1/reviews";
import type { ContentDb } from "../db.ts";
import { endClaim } from "../desk/claims.ts";
import { queueFilter } from "../desk/queue.ts";
import { wordsChanged } from "../desk/rules.ts";
import { actorText, nameOf, REJECT_REASONS } from "../views.ts";
import { toClient } from "./client-decisions.ts";
import { decideOn, record, reject } from "./decisions.ts";
import { addRevision, announceRevision, pointsAt } from "./transition.ts";
import { placeInQueue, waitingList } from "./waiting.ts";

type Tx = Parameters<Parameters<Database<ContentDb>["withPlatform"]>[2]>[0];

/** A super admin who named no tenant. */
const seesAll = ({ principal, tenantIds }: ReturnType<typeof requestCtx>): boolean =>
  principal.kind === "platform" && principal.role === "super_admin" && tenantIds.length === 0;

/** The reviewers' queue and decisions. */
export function reviewsService(db: Database<ContentDb>): ServedService {
  return service(ReviewsService, {
    async listReviewQueue(request, hc) {
      const ctx = requestCtx(hc);
      const filter = queueFilter(request);
      const queue = (tx: Tx) => waitingList(tx, "dm_review", request.page, filter);
      if (seesAll(ctx)) return db.withPlatform(ctx, "review queue of all tenants", queue);
      if (filter.tenantIds.some((id) => !(ctx.tenantIds as readonly string[]).includes(id)))
        throw errors.notFound("tenant");
      if (ctx.tenantIds.length === 0) return {};
      return db.withTenant(ctx, queue, { readOnly: true });
    },

    async findInReviewQueue(request, hc) {
      const ctx = requestCtx(hc);
      const id = fromRef(request.activityRef, "activity");
      const place = (tx: Tx) => placeInQueue(tx, id);
      if (seesAll(ctx)) return db.withPlatform(ctx, "one activity of all tenants", place);
      if (ctx.tenantIds.length === 0) throw errors.notFound("activity");
      return db.withTenant(ctx, place, { readOnly: true });
    },

    approveDraft: (request, hc) =>
      decideOn(db, hc, "dm_review", request, async (tx, ctx, activity, setting) => {
        await endClaim(tx, ctx, activity, request.despiteClaim);
        await record(tx, ctx, activity, "dm_review", "approved");
        return toClient(tx, ctx, activity, setting);
      }),

    editAndApproveDraft: (request, hc) =>
      decideOn(db, hc, "dm_review", request, async (tx, ctx, activity, setting) => {
        await endClaim(tx, ctx, activity, request.despiteClaim);
        const before = activity.revision_id
          ? await tx
              .selectFrom("revision")
              .selectAll()
              .where("id", "=", activity.revision_id)
              .executeTakeFirst()
          : undefined;
        const revision = await addRevision(tx, ctx, activity, {
          title: request.title,
          body: request.body,
          excerpt: before?.excerpt ?? "",
          slug: before?.slug ?? "",
          offlineDraft: before?.offline_draft ?? false,
          citations: before?.citations ?? [],
          author: actorText(ctx.actor),
        });
        const edited = { ...activity, revision_id: revision.id, content_hash: revision.content_hash };
        await record(tx, ctx, edited, "dm_review", "edited_and_approved", {
          edited: wordsChanged(before?.body ?? "", request.body),
        });
        const row = await toClient(tx, ctx, activity, setting, pointsAt(revision));
        await announceRevision(tx, ctx, row, revision);
        return row;
      }),

    rejectDraft: (request, hc) =>
      decideOn(db, hc, "dm_review", request, async (tx, ctx, activity) => {
        await endClaim(tx, ctx, activity, request.despiteClaim);
        const reasons = request.reasons.flatMap((reason) => nameOf(REJECT_REASONS, reason) ?? []);
        return reject(tx, ctx, activity, "dm_review", request.note, reasons);
      }),
  });
}
