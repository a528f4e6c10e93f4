import {
  AppError,
  type Database,
  errors,
  fromRef,
  newId,
  type ServedService,
  service,
  tenantCtx,
  userIdOf,
} from "@leadmetrics/kit";
import { ApprovalsService } from "@leadmetrics/proto/content/v1/reviews";
import type { ContentDb } from "../db.ts";
import { requireFeature } from "../features.ts";
import { approveForClient, rejectForClient } from "./client-decisions.ts";
import { decideOn } from "./decisions.ts";
import { waitingList } from "./waiting.ts";

/** The client's decisions. */
export function approvalsService(db: Database<ContentDb>): ServedService {
  return service(ApprovalsService, {
    listApprovals: (request, hc) =>
      db.withTenant(tenantCtx(hc), (tx) => waitingList(tx, "client_review", request.page), {
        readOnly: true,
      }),

    approveContent: (request, hc) =>
      decideOn(db, hc, "client_review", request, (tx, ctx, activity) =>
        approveForClient(tx, ctx, activity, request.channels),
      ),

    rejectContent: (request, hc) =>
      decideOn(db, hc, "client_review", request, (tx, ctx, activity) =>
        rejectForClient(tx, ctx, activity, request.note),
      ),

    async approveBundle({ approvals }, hc) {
      requireFeature(tenantCtx(hc), "bundle_approvals", "Approve them one by one.");
      const outcomes = [];
      for (const seen of approvals) {
        const { activityRef } = seen;
        try {
          outcomes.push({
            activityRef,
            ...(await decideOn(db, hc, "client_review", seen, (tx, ctx, activity) =>
              approveForClient(tx, ctx, activity, seen.channels),
            )),
          });
        } catch (error) {
          if (!(error instanceof AppError) || !["conflict", "not_found", "invalid"].includes(error.kind))
            throw error;
          outcomes.push({ activityRef, problem: error.message });
        }
      }
      return { outcomes };
    },

    async markRevisionSeen(request, hc) {
      const ctx = tenantCtx(hc);
      const userId = userIdOf(ctx);
      if (!userId) throw errors.forbidden();
      const activityId = fromRef(request.activityRef, "activity");
      const revisionId = fromRef(request.revisionRef, "revision");
      await db.withTenant(ctx, async (tx) => {
        const passed = await tx
          .selectFrom("approval")
          .select("id")
          .where("activity_id", "=", activityId)
          .where("revision_id", "=", revisionId)
          .where("step", "=", "dm_review")
          .where("decision", "!=", "rejected")
          .executeTakeFirst();
        if (!passed) throw errors.notFound("revision");
        await tx
          .insertInto("revision_seen")
          .values({
            id: newId(),
            tenant_id: ctx.tenantId,
            activity_id: activityId,
            revision_id: revisionId,
            user_id: userId,
          })
          .onConflict((oc) => oc.columns(["tenant_id", "user_id", "revision_id"]).doNothing())
          .execute();
      });
      return {};
    },
  });
}
