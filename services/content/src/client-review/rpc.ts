import {
  AppError,
  type Database,
  emit,
  errors,
  type ServedService,
  service,
  tenantCtx,
  tryFromRef,
} from "@leadmetrics/kit";
import { ClientReviewChangedSchema } from "@leadmetrics/proto/content/events/v1/events";
import { ClientReviewService, type ClientReviewSkip } from "@leadmetrics/proto/content/v1/client_review";
import type { ContentDb } from "../db.ts";
import { returnToClient } from "../production/client-decisions.ts";
import { actorText, CONTENT_TYPES, nameOf } from "../views.ts";
import { inWords, type Skip, simplest } from "./rules.ts";
import { clientReview, clientReviewView, settingOf } from "./store.ts";

/** What is published without the client's own approval. */
export function clientReviewService(db: Database<ContentDb>): ServedService {
  return service(ClientReviewService, {
    getClientReview: (_request, hc) =>
      db.withTenant(
        tenantCtx(hc),
        async (tx) => ({ clientReview: clientReviewView(await clientReview(tx)) }),
        { readOnly: true },
      ),

    async setClientReview(request, hc) {
      const ctx = tenantCtx(hc);
      return db.withTenant(ctx, async (tx) => {
        const channels = await tx.selectFrom("channel").select(["id", "name"]).execute();
        const skips = simplest(request.skips.map((skip, index) => readSkip(skip, index, channels)));
        const before = await clientReview(tx, "update");
        if ((before?.version ?? 0) !== request.version) throw stale();
        const values = { skips: JSON.stringify(skips), set_by: actorText(ctx.actor), set_on: new Date() };
        const row = before
          ? await tx
              .updateTable("client_review")
              .set({ ...values, version: request.version + 1 })
              .returningAll()
              .executeTakeFirst()
          : await tx
              .insertInto("client_review")
              .values({ ...values, tenant_id: ctx.tenantId })
              // Two people who both saw nothing set: the second one is told.
              .onConflict((oc) => oc.column("tenant_id").doNothing())
              .returningAll()
              .executeTakeFirst();
        if (!row) throw stale();
        const returned = await returnToClient(tx, ctx, skips);
        const view = clientReviewView(settingOf(row));
        const nameOfChannel = (id: string) => channels.find((channel) => channel.id === id)?.name ?? "";
        await emit(
          tx,
          ctx,
          ClientReviewChangedSchema,
          { clientReview: view, description: inWords(skips, nameOfChannel), returned },
          { aggregate: `client_review:${ctx.tenantId}` },
        );
        return { clientReview: view, returned };
      });
    },
  });
}

function readSkip(skip: ClientReviewSkip, index: number, channels: readonly { readonly id: string }[]): Skip {
  const channelId = skip.channelRef ? tryFromRef(skip.channelRef) : null;
  if (channelId === undefined || (channelId !== null && !channels.some(({ id }) => id === channelId))) {
    const field = `skips[${index}].channel_ref`;
    const description = "is none of your channels";
    throw errors.invalid(`${field}: ${description}.`, [{ field, description }]);
  }
  return { contentType: nameOf(CONTENT_TYPES, skip.contentType) ?? null, channelId };
}

const stale = () =>
  new AppError(
    "stale",
    "client_review_changed",
    "Somebody has changed meanwhile what waits for your approval. Load it again.",
  );
