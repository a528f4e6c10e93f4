import type { Tx } from "@leadmetrics/kit";
import type { AppName, ChallengeKind, IdentityDb } from "../db.ts";
import { TUNABLES } from "../tunables.ts";
import { hashOf } from "./tokens.ts";

/** Remembers what was asked. Only the hash of the token is kept. @returns when it is over */
export async function askChallenge(
  tx: Tx<IdentityDb>,
  challenge: { token: string; kind: ChallengeKind; app: AppName; userId?: string; askedTenant?: string },
  now: Date,
): Promise<Date> {
  const expiresOn = new Date(now.getTime() + TUNABLES.challengeMs);
  await tx
    .insertInto("challenge")
    .values({
      token_hash: hashOf(challenge.token),
      kind: challenge.kind,
      user_id: challenge.userId ?? null,
      app: challenge.app,
      asked_tenant: challenge.askedTenant || null,
      expires_on: expiresOn,
      used_on: null,
    })
    .execute();
  return expiresOn;
}

/** Takes a challenge for good, whatever comes of the answer. @returns undefined when it is unknown, used or over */
export function takeChallenge(tx: Tx<IdentityDb>, token: string, kind: ChallengeKind, now: Date) {
  return tx
    .updateTable("challenge")
    .set({ used_on: now })
    .where("token_hash", "=", hashOf(token))
    .where("kind", "=", kind)
    .where("used_on", "is", null)
    .where("expires_on", ">", now)
    .returning(["user_id", "app"])
    .executeTakeFirst();
}

/** A challenge that takes several tries; the row stays locked until the transaction ends, so tries come one by one. */
export function holdChallenge(tx: Tx<IdentityDb>, token: string, kind: ChallengeKind, now: Date) {
  return tx
    .selectFrom("challenge")
    .select(["token_hash", "user_id", "app", "asked_tenant"])
    .where("token_hash", "=", hashOf(token))
    .where("kind", "=", kind)
    .where("used_on", "is", null)
    .where("expires_on", ">", now)
    .where("attempts", "<", TUNABLES.challengeAttempts)
    .forUpdate()
    .executeTakeFirst();
}

/** Who has given the password that was, or a factor that was, must start again. */
export async function dropSecondFactorChallenges(tx: Tx<IdentityDb>, userId: string): Promise<void> {
  await tx
    .deleteFrom("challenge")
    .where("user_id", "=", userId)
    .where("kind", "=", "second_factor")
    .execute();
}

/** Removes what nobody can answer any more. */
export async function sweepChallenges(tx: Tx<IdentityDb>, now: Date): Promise<void> {
  await tx.deleteFrom("challenge").where("expires_on", "<", now).execute();
}
