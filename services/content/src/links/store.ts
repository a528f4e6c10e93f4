import { createHash, randomBytes } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { Tx } from "@leadmetrics/kit";
import { ApprovalLinkSchema } from "@leadmetrics/proto/content/v1/approval_links";
import type { Selectable } from "kysely";
import type { ContentDb } from "../db.ts";
import { refOf } from "../views.ts";
import { SECRET_BYTES } from "./tunables.ts";

export type LinkRow = Selectable<ContentDb["approval_link"]>;

export function newSecret(): { token: string; hash: string } {
  const token = randomBytes(SECRET_BYTES).toString("base64url");
  return { token, hash: hashOf(token) };
}

export const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");

export function linkView(row: LinkRow) {
  return create(ApprovalLinkSchema, {
    ref: refOf(row.id),
    activityRef: refOf(row.activity_id),
    revisionRef: refOf(row.revision_id),
    userRef: refOf(row.user_id),
    createdOn: timestampFromDate(row.created_on),
    expiresOn: timestampFromDate(row.expires_on),
  });
}

/** Ends links that could still be used. @returns how many there were */
export async function endLinks(
  tx: Tx<ContentDb>,
  of: { readonly activityId: string } | { readonly userId: string },
  now: Date,
): Promise<number> {
  const open = tx
    .updateTable("approval_link")
    .set({ revoked_on: now })
    .where("used_on", "is", null)
    .where("revoked_on", "is", null)
    .where("expires_on", ">", now);
  const ended = await ("activityId" in of
    ? open.where("activity_id", "=", of.activityId)
    : open.where("user_id", "=", of.userId)
  ).executeTakeFirst();
  return Number(ended.numUpdatedRows);
}
