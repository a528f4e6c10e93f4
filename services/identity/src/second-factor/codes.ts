import { randomBytes } from "node:crypto";
import type { SecretBox, Tx } from "@leadmetrics/kit";
import type { IdentityDb } from "../db.ts";
import { TUNABLES } from "../tunables.ts";
import { isTotpCode, plainCode, recoveryCodeOf, recoveryHash, stepOfCode } from "./rules.ts";

/** Binds a sealed secret to its user. */
export const totpAad = (userId: string) => `totp:${userId}`;

/** Takes a code of the app or a recovery code, each for good. @returns whether it was right */
export async function takeCode(
  tx: Tx<IdentityDb>,
  box: SecretBox,
  userId: string,
  typed: string,
  now: Date,
): Promise<boolean> {
  const plain = plainCode(typed);
  if (isTotpCode(plain)) return takeTotpCode(tx, box, userId, plain, now);
  const used = await tx
    .updateTable("recovery_code")
    .set({ used_on: now })
    .where("user_id", "=", userId)
    .where("code_hash", "=", recoveryHash(userId, plain))
    .where("used_on", "is", null)
    .executeTakeFirst();
  return used.numUpdatedRows > 0n;
}

async function takeTotpCode(
  tx: Tx<IdentityDb>,
  box: SecretBox,
  userId: string,
  code: string,
  now: Date,
): Promise<boolean> {
  const row = await tx
    .selectFrom("totp_secret")
    .select(["sealed_secret", "last_step"])
    .where("user_id", "=", userId)
    .where("confirmed_on", "is not", null)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return false;
  const step = stepOfCode(box.open(row.sealed_secret, totpAad(userId)), code, Number(row.last_step), now);
  if (step === undefined) return false;
  await tx
    .updateTable("totp_secret")
    .set({ last_step: String(step) })
    .where("user_id", "=", userId)
    .execute();
  return true;
}

/** Replaces the recovery codes of a user. @returns the new ones, which can't be shown again */
export async function replaceRecoveryCodes(tx: Tx<IdentityDb>, userId: string): Promise<string[]> {
  const codes = Array.from({ length: TUNABLES.recoveryCodes }, () => recoveryCodeOf(randomBytes(16)));
  await tx.deleteFrom("recovery_code").where("user_id", "=", userId).execute();
  await tx
    .insertInto("recovery_code")
    .values(
      codes.map((code) => ({
        user_id: userId,
        code_hash: recoveryHash(userId, plainCode(code)),
        used_on: null,
      })),
    )
    .execute();
  return codes;
}
