import { create, type MessageShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Ctx, errors } from "@leadmetrics/kit";
import {
  type LoginRequest,
  LoginResponseSchema,
  type LoginWithCodeRequest,
  SecondFactorChallengeSchema,
} from "@leadmetrics/proto/identity/v1/auth";
import { sql } from "kysely";
import type { IdentityDeps } from "../deps.ts";
import { takeCode } from "../second-factor/codes.ts";
import { appNamed } from "./caller.ts";
import { askChallenge, holdChallenge } from "./challenges.ts";
import { finishSignIn, mayEnter, type UserRow } from "./finish.ts";
import { addressKey, countAttempt, takeBack } from "./lockout.ts";
import { newSecret } from "./tokens.ts";

type LoginAnswer = MessageShape<typeof LoginResponseSchema>;

const wrong = () =>
  errors.unauthenticated("invalid_credentials", "The e-mail address or the password is wrong.");

/** The password. Who has a second factor gets a challenge for it, everybody else is in. */
export async function login(deps: IdentityDeps, ctx: Ctx, request: LoginRequest): Promise<LoginAnswer> {
  const { db } = deps;
  const now = new Date();
  const app = appNamed(request.app);
  const key = addressKey(request.email);
  const user = await db.global(async (tx) => {
    await countAttempt(tx, key, now);
    return tx
      .selectFrom("user_account")
      .leftJoin("credential", "credential.user_id", "user_account.id")
      .leftJoin("totp_secret", "totp_secret.user_id", "user_account.id")
      .selectAll("user_account")
      .select(["password_hash", "totp_secret.confirmed_on as totp_since"])
      .where(sql`lower(email)`, "=", request.email.toLowerCase())
      .executeTakeFirst();
  });
  const matches = await deps.passwords.matches(user?.password_hash ?? undefined, request.password);
  if (!user || !matches) throw wrong();
  const challenge = await db.global(async (tx) => {
    await takeBack(tx, key);
    if (!user.totp_since || !mayEnter(user, app)) return undefined;
    const token = newSecret();
    const expiresOn = await askChallenge(
      tx,
      { token, kind: "second_factor", app, userId: user.id, askedTenant: request.tenantRef },
      now,
    );
    return create(SecondFactorChallengeSchema, { token, expiresOn: timestampFromDate(expiresOn) });
  });
  if (!mayEnter(user, app)) throw wrong();
  if (challenge) return create(LoginResponseSchema, { challenge });
  return finishSignIn(deps, ctx, { user, app, askedTenant: request.tenantRef }, now);
}

type Judged =
  | { kind: "in"; user: UserRow; app: "dashboard" | "dm" | "manage"; askedTenant: string }
  | { kind: "wrong" }
  | { kind: "over" };

/** The code that was asked for. */
export async function loginWithCode(
  deps: IdentityDeps,
  ctx: Ctx,
  request: LoginWithCodeRequest,
): Promise<LoginAnswer> {
  const now = new Date();
  // Failures are thrown after the transaction: they must be counted.
  const judged = await deps.db.global(async (tx): Promise<Judged> => {
    const challenge = await holdChallenge(tx, request.challengeToken, "second_factor", now);
    if (!challenge) return { kind: "over" };
    const user = await tx
      .selectFrom("user_account")
      .selectAll()
      .where("id", "=", challenge.user_id)
      .executeTakeFirst();
    if (!user || !mayEnter(user, challenge.app)) return { kind: "over" };
    const key = addressKey(user.email);
    await countAttempt(tx, key, now);
    const mine = tx.updateTable("challenge").where("token_hash", "=", challenge.token_hash);
    if (!(await takeCode(tx, deps.box, user.id, request.code, now))) {
      await mine.set(({ eb }) => ({ attempts: eb("attempts", "+", 1) })).execute();
      return { kind: "wrong" };
    }
    await mine.set({ used_on: now }).execute();
    await takeBack(tx, key);
    return { kind: "in", user, app: challenge.app, askedTenant: challenge.asked_tenant ?? "" };
  });
  switch (judged.kind) {
    case "over":
      throw errors.unauthenticated(
        "challenge_over",
        "This took too long, or was tried too often. Start again with your password.",
      );
    case "wrong":
      throw errors.unauthenticated(
        "invalid_code",
        "This code is wrong, or was used already. Take the one your app shows now.",
      );
    case "in":
      return finishSignIn(deps, ctx, judged, now);
  }
}
