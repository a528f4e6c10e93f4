import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { Tx } from "@leadmetrics/kit";
import { ClientReviewSchema } from "@leadmetrics/proto/content/v1/client_review";
import type { Selectable } from "kysely";
import type { ContentDb } from "../db.ts";
import { actorView, CONTENT_TYPES, refOf } from "../views.ts";
import type { Skip } from "./rules.ts";

export interface ClientReviewSetting extends Omit<Selectable<ContentDb["client_review"]>, "skips"> {
  readonly skips: readonly Skip[];
}

/**
 * What is set, kept as it is until the transaction ends: `share` for who acts by it, `update` for who changes it. Nothing set
 * isn't locked: whoever acts by that leaves the client their review.
 */
export async function clientReview(
  tx: Tx<ContentDb>,
  lock?: "share" | "update",
): Promise<ClientReviewSetting | undefined> {
  const query = tx.selectFrom("client_review").selectAll();
  const row = await (lock === "share"
    ? query.forShare()
    : lock === "update"
      ? query.forUpdate()
      : query
  ).executeTakeFirst();
  return row && settingOf(row);
}

export const settingOf = (row: Selectable<ContentDb["client_review"]>): ClientReviewSetting => ({
  ...row,
  skips: row.skips as Skip[],
});

export function clientReviewView(setting: ClientReviewSetting | undefined) {
  return create(ClientReviewSchema, {
    skips: setting?.skips.map(({ contentType, channelId }) => ({
      contentType: contentType ? CONTENT_TYPES[contentType] : undefined,
      channelRef: refOf(channelId),
    })),
    version: setting?.version ?? 0,
    changedBy: actorView(setting?.set_by ?? null),
    changedOn: setting && timestampFromDate(setting.set_on),
  });
}
