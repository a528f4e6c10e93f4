import { AppError, type Ctx, emit, type Id, newId, type Tx, toRef } from "@leadmetrics/kit";
import { MailTokenRequestedSchema } from "@leadmetrics/proto/identity/events/v1/events";
import { App } from "@leadmetrics/proto/identity/v1/auth";
import { MailTokenKind } from "@leadmetrics/proto/identity/v1/keys";
import type { IdentityDb, MailTokenKindName } from "../db.ts";
import { TUNABLES } from "../tunables.ts";
import { hashOf, newSecret } from "./tokens.ts";

const KINDS = {
  email_verification: MailTokenKind.EMAIL_VERIFICATION,
  password_reset: MailTokenKind.PASSWORD_RESET,
};

/** Asks for a mail with a link; whoever writes it fetches the secret then. */
export async function requestMailToken(
  tx: Tx<IdentityDb>,
  ctx: Ctx,
  user: { id: string; email: string; name: string },
  kind: MailTokenKindName,
  app: App,
  now: Date,
): Promise<void> {
  const id = newId();
  await tx
    .insertInto("mail_token")
    .values({ id, user_id: user.id, kind, expires_on: new Date(now.getTime() + TUNABLES.mailTokenMs[kind]) })
    .execute();
  await emit(
    tx,
    ctx,
    MailTokenRequestedSchema,
    {
      requestRef: toRef(id),
      userRef: toRef(user.id as Id),
      email: user.email,
      name: user.name,
      kind: KINDS[kind],
      app,
    },
    { aggregate: user.id },
  );
}

/** Makes the secret of a request; the one before stops working. */
export async function mintMailToken(
  tx: Tx<IdentityDb>,
  id: Id,
  now: Date,
): Promise<{ token: string; kind: MailTokenKindName; expiresOn: Date } | undefined> {
  const token = newSecret();
  const row = await tx
    .updateTable("mail_token")
    .set({ token_hash: hashOf(token) })
    .where("id", "=", id)
    .where("used_on", "is", null)
    .where("expires_on", ">", now)
    .returning(["kind", "expires_on"])
    .executeTakeFirst();
  return row && { token, kind: row.kind, expiresOn: row.expires_on };
}

/** Takes a token for good. @returns its user, or undefined when it is unknown, used or over */
export async function takeMailToken(
  tx: Tx<IdentityDb>,
  token: string,
  kind: MailTokenKindName,
  now: Date,
): Promise<string | undefined> {
  const row = await tx
    .updateTable("mail_token")
    .set({ used_on: now })
    .where("token_hash", "=", hashOf(token))
    .where("kind", "=", kind)
    .where("used_on", "is", null)
    .where("expires_on", ">", now)
    .returning("user_id")
    .executeTakeFirst();
  return row?.user_id;
}

/** Stops the links of a kind that are under way: what they were for has happened. */
export async function dropMailTokens(
  tx: Tx<IdentityDb>,
  userId: string,
  kind: MailTokenKindName,
  now: Date,
): Promise<void> {
  await tx
    .updateTable("mail_token")
    .set({ used_on: now })
    .where("user_id", "=", userId)
    .where("kind", "=", kind)
    .where("used_on", "is", null)
    .execute();
}

export function usedLink(): AppError {
  return new AppError(
    "invalid",
    "link_used_or_over",
    "This link was used already or is over. Ask for a new one.",
  );
}

/** The portal somebody signs in to, by what they are on the platform. */
export function appOf(platformRole: "reviewer" | "super_admin" | null): App {
  if (platformRole === null) return App.DASHBOARD;
  return platformRole === "reviewer" ? App.DM : App.MANAGE;
}
