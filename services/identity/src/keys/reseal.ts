import type { Database, SecretBox } from "@leadmetrics/kit";
import type { IdentityDb } from "../db.ts";
import { totpAad } from "../second-factor/codes.ts";
import { signingKeyAad } from "./keys.ts";

/** Rows in one transaction. */
const BATCH = 500;

/**
 * Seals everything anew that an older key of `ENCRYPTION_KEYS` sealed, so that the older key can be taken out. Safe to
 * run in several replicas at once, and to stop in the middle.
 *
 * @returns how many values were sealed anew
 */
export async function resealOutdated(db: Database<IdentityDb>, box: SecretBox): Promise<number> {
  const signingKeys = await db.global((tx) =>
    tx.selectFrom("signing_key").select(["kid", "sealed_private_jwk as sealed"]).execute(),
  );
  let done = 0;
  for (const { kid, sealed } of signingKeys.filter((row) => box.outdated(row.sealed))) {
    const anew = box.seal(box.open(sealed, signingKeyAad(kid)), signingKeyAad(kid));
    await db.global((tx) =>
      tx
        .updateTable("signing_key")
        .set({ sealed_private_jwk: anew })
        .where("kid", "=", kid)
        .where("sealed_private_jwk", "=", sealed)
        .execute(),
    );
    done += 1;
  }
  let after = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    const rows = await db.global((tx) =>
      tx
        .selectFrom("totp_secret")
        .select(["user_id", "sealed_secret as sealed"])
        .where("user_id", ">", after)
        .orderBy("user_id")
        .limit(BATCH)
        .execute(),
    );
    const outdated = rows.filter((row) => box.outdated(row.sealed));
    await db.global(async (tx) => {
      for (const { user_id, sealed } of outdated) {
        const anew = box.seal(box.open(sealed, totpAad(user_id)), totpAad(user_id));
        // Only what was read: somebody may set up another app at this moment.
        await tx
          .updateTable("totp_secret")
          .set({ sealed_secret: anew })
          .where("user_id", "=", user_id)
          .where("sealed_secret", "=", sealed)
          .execute();
      }
    });
    done += outdated.length;
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return done;
    after = last.user_id;
  }
}
