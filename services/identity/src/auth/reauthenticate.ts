import { AppError, type Ctx, errors } from "@leadmetrics/kit";
import type { IdentityDeps } from "../deps.ts";
import { takeCode } from "../second-factor/codes.ts";
import { callerOf } from "./caller.ts";
import { countAttempt, forgetAttempts, personKey } from "./lockout.ts";

/**
 * Asks somebody who is signed in to prove it again, before how they sign in is changed.
 *
 * @param proof `code` where a second factor is taken away; `field` is what the password is called in the request
 * @returns the address of the account
 * @throws AppError wrong_password, invalid_code, locked_out
 */
export async function reauthenticate(
  { db, box, passwords }: IdentityDeps,
  ctx: Ctx,
  proof: { password: string; code?: string; field?: string },
): Promise<{ userId: string; email: string; name: string }> {
  const userId = callerOf(ctx);
  const key = personKey(userId);
  const now = new Date();
  const user = await db.global(async (tx) => {
    await countAttempt(tx, key, now);
    return tx
      .selectFrom("user_account")
      .leftJoin("credential", "credential.user_id", "user_account.id")
      .select(["email", "name", "password_hash"])
      .where("id", "=", userId)
      .executeTakeFirst();
  });
  if (!user) throw errors.notFound("user");
  if (!(await passwords.matches(user.password_hash ?? undefined, proof.password)))
    throw wrongPassword(proof.field);
  const { code } = proof;
  const codeIsRight = await db.global(async (tx) => {
    if (code !== undefined && !(await takeCode(tx, box, userId, code, now))) return false;
    await forgetAttempts(tx, key);
    return true;
  });
  if (!codeIsRight) throw wrongCode();
  return { userId, email: user.email, name: user.name };
}

function wrongPassword(field = "password"): AppError {
  const description = "This is not your present password.";
  return new AppError("invalid", "wrong_password", description, { fields: [{ field, description }] });
}

export function wrongCode(): AppError {
  const description = "This code is wrong, or was used already. Take the one your app shows now.";
  return new AppError("invalid", "invalid_code", description, { fields: [{ field: "code", description }] });
}
