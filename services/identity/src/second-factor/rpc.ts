import { randomBytes } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { errors, requestCtx, type ServedService, service } from "@leadmetrics/kit";
import { SignInMethodChange } from "@leadmetrics/proto/identity/events/v1/events";
import { GetSecondFactorResponseSchema, SecondFactorService } from "@leadmetrics/proto/identity/v1/security";
import { callerOf } from "../auth/caller.ts";
import { dropSecondFactorChallenges } from "../auth/challenges.ts";
import { signInMethodsChanged } from "../auth/changes.ts";
import { countAttempt, forgetAttempts, personKey } from "../auth/lockout.ts";
import { reauthenticate, wrongCode } from "../auth/reauthenticate.ts";
import type { IdentityDeps } from "../deps.ts";
import { TUNABLES } from "../tunables.ts";
import { replaceRecoveryCodes, totpAad } from "./codes.ts";
import { otpauthUri, plainCode, stepOfCode, totpSecretOf } from "./rules.ts";

export function secondFactorService(deps: IdentityDeps): ServedService {
  const { db, box } = deps;
  return service(SecondFactorService, {
    async getSecondFactor(_request, hc) {
      const userId = callerOf(requestCtx(hc));
      return db.global(async (tx) => {
        const totp = await tx
          .selectFrom("totp_secret")
          .select("confirmed_on")
          .where("user_id", "=", userId)
          .executeTakeFirst();
        const since = totp?.confirmed_on;
        const { left } = await tx
          .selectFrom("recovery_code")
          .select((eb) => eb.fn.countAll<string>().as("left"))
          .where("user_id", "=", userId)
          .where("used_on", "is", null)
          .executeTakeFirstOrThrow();
        return create(GetSecondFactorResponseSchema, {
          totpOn: Boolean(since),
          totpSince: since ? timestampFromDate(since) : undefined,
          recoveryCodesLeft: Number(left),
        });
      });
    },

    async startTotp(request, hc) {
      const { userId, email } = await reauthenticate(deps, requestCtx(hc), { password: request.password });
      const secret = totpSecretOf(randomBytes(TUNABLES.totpSecretBytes));
      const sealed = box.seal(secret, totpAad(userId));
      const kept = await db.global((tx) =>
        tx
          .insertInto("totp_secret")
          .values({ user_id: userId, sealed_secret: sealed, confirmed_on: null })
          .onConflict((oc) =>
            oc
              .column("user_id")
              .doUpdateSet({ sealed_secret: sealed, created_on: new Date() })
              // One that is on stays until it is turned off with a code.
              .where("totp_secret.confirmed_on", "is", null),
          )
          .executeTakeFirst(),
      );
      if (kept.numInsertedOrUpdatedRows === 0n)
        throw errors.conflict(
          "totp_on",
          "Codes of an app are on already. Turn them off before you set up another app.",
        );
      return { secret, otpauthUri: otpauthUri(secret, email) };
    },

    async confirmTotp(request, hc) {
      const userId = callerOf(requestCtx(hc));
      const now = new Date();
      const recoveryCodes = await db.global(async (tx) => {
        await countAttempt(tx, personKey(userId), now);
        const row = await tx
          .selectFrom("totp_secret")
          .select(["sealed_secret"])
          .where("user_id", "=", userId)
          .where("confirmed_on", "is", null)
          .forUpdate()
          .executeTakeFirst();
        if (!row)
          throw errors.conflict("totp_not_started", "There is no app to confirm. Start setting it up again.");
        const step = stepOfCode(
          box.open(row.sealed_secret, totpAad(userId)),
          plainCode(request.code),
          0,
          now,
        );
        if (step === undefined) return undefined;
        await tx
          .updateTable("totp_secret")
          .set({ confirmed_on: now, last_step: String(step) })
          .where("user_id", "=", userId)
          .execute();
        await forgetAttempts(tx, personKey(userId));
        await signInMethodsChanged(tx, requestCtx(hc), userId, SignInMethodChange.APP_ADDED);
        return replaceRecoveryCodes(tx, userId);
      });
      // Thrown after the transaction: the attempt must be counted.
      if (!recoveryCodes) throw wrongCode();
      return { recoveryCodes };
    },

    async disableTotp(request, hc) {
      const ctx = requestCtx(hc);
      await needsTotp(callerOf(ctx));
      const { userId } = await reauthenticate(deps, ctx, { password: request.password, code: request.code });
      await db.global(async (tx) => {
        await tx.deleteFrom("totp_secret").where("user_id", "=", userId).execute();
        await tx.deleteFrom("recovery_code").where("user_id", "=", userId).execute();
        await dropSecondFactorChallenges(tx, userId);
        await signInMethodsChanged(tx, ctx, userId, SignInMethodChange.APP_REMOVED);
      });
      return {};
    },

    async regenerateRecoveryCodes(request, hc) {
      const ctx = requestCtx(hc);
      await needsTotp(callerOf(ctx));
      const { userId } = await reauthenticate(deps, ctx, { password: request.password, code: request.code });
      const recoveryCodes = await db.global(async (tx) => {
        await signInMethodsChanged(tx, ctx, userId, SignInMethodChange.RECOVERY_CODES_RENEWED);
        return replaceRecoveryCodes(tx, userId);
      });
      return { recoveryCodes };
    },
  });

  async function needsTotp(userId: string): Promise<void> {
    const on = await db.global((tx) =>
      tx
        .selectFrom("totp_secret")
        .select("user_id")
        .where("user_id", "=", userId)
        .where("confirmed_on", "is not", null)
        .executeTakeFirst(),
    );
    if (!on) throw errors.conflict("totp_off", "Codes of an app are not on.");
  }
}
