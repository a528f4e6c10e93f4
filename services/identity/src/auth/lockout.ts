import { errors, type Tx } from "@leadmetrics/kit";
import { sql } from "kysely";
import type { IdentityDb } from "../db.ts";
import { TUNABLES } from "../tunables.ts";
import { lockFor } from "./rules.ts";
import { hashOf } from "./tokens.ts";

/** Whom failures are counted for: an address that signs in, whether or not it has an account. */
export const addressKey = (email: string) => hashOf(email.toLowerCase());
/** Somebody signed in who proves themselves again. Apart from the address, which strangers can lock. */
export const personKey = (userId: string) => hashOf(`user:${userId}`);

/**
 * Counts an attempt before it is judged, so that many at once can't pass before the first one has failed. Who turns out to
 * be right takes it back (`takeBack`) or clears the count (`forgetAttempts`).
 *
 * @throws AppError locked_out with the time left
 */
export async function countAttempt(tx: Tx<IdentityDb>, key: string, now: Date): Promise<void> {
  const forgotten = new Date(now.getTime() - TUNABLES.failuresForgottenMs);
  const counted = await tx
    .insertInto("login_attempt")
    .values({ email_hash: key, failures: 1, last_failed_on: now, locked_until: null })
    .onConflict((oc) =>
      oc
        .column("email_hash")
        .doUpdateSet({
          failures: sql`case when login_attempt.last_failed_on < ${forgotten} then 1 else login_attempt.failures + 1 end`,
          last_failed_on: now,
          locked_until: null,
        })
        .where((eb) =>
          eb.or([eb("login_attempt.locked_until", "is", null), eb("login_attempt.locked_until", "<=", now)]),
        ),
    )
    .returning("failures")
    .executeTakeFirst();
  if (!counted) throw await lockedOut(tx, key, now);
  const lock = lockFor(counted.failures);
  if (lock > 0)
    await tx
      .updateTable("login_attempt")
      .set({ locked_until: new Date(now.getTime() + lock) })
      .where("email_hash", "=", key)
      .execute();
}

/** The attempt was right, but more is to come: earlier failures stay. */
export async function takeBack(tx: Tx<IdentityDb>, key: string): Promise<void> {
  await tx
    .updateTable("login_attempt")
    .set({ failures: sql`greatest(failures - 1, 0)`, locked_until: null })
    .where("email_hash", "=", key)
    .execute();
}

export async function forgetAttempts(tx: Tx<IdentityDb>, key: string): Promise<void> {
  await tx.deleteFrom("login_attempt").where("email_hash", "=", key).execute();
}

/** Removes counts that would start anew anyway: strangers can make as many as they know addresses. */
export async function sweepAttempts(tx: Tx<IdentityDb>, now: Date): Promise<void> {
  await tx
    .deleteFrom("login_attempt")
    .where("last_failed_on", "<", new Date(now.getTime() - TUNABLES.failuresForgottenMs))
    .execute();
}

async function lockedOut(tx: Tx<IdentityDb>, key: string, now: Date) {
  const row = await tx
    .selectFrom("login_attempt")
    .select("locked_until")
    .where("email_hash", "=", key)
    .executeTakeFirst();
  const left = Math.max(1_000, (row?.locked_until?.getTime() ?? 0) - now.getTime());
  return errors.exhausted(
    "locked_out",
    `Too many failed attempts. Try again in ${Math.ceil(left / 1_000)} seconds, or reset the password.`,
    left,
  );
}
