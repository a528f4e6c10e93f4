import type { MessageShape } from "@bufbuild/protobuf";
import { type Ctx, errors } from "@leadmetrics/kit";
import type { LoginResponseSchema } from "@leadmetrics/proto/identity/v1/auth";
import type { FinishPasskeySignInRequest } from "@leadmetrics/proto/identity/v1/security";
import { generateAuthenticationOptions, verifyAuthenticationResponse } from "@simplewebauthn/server";
import { appNamed } from "../auth/caller.ts";
import { askChallenge, takeChallenge } from "../auth/challenges.ts";
import { finishSignIn, mayEnter } from "../auth/finish.ts";
import type { AppName } from "../db.ts";
import type { IdentityDeps } from "../deps.ts";
import { TUNABLES } from "../tunables.ts";
import { readAssertion, userHandleOf } from "./wire.ts";

/** One answer for everything that can be wrong: it tells nothing about which passkeys there are. */
const refused = () =>
  errors.unauthenticated(
    "invalid_passkey",
    "This passkey can't be used here. Try again, or sign in with your password.",
  );

/** Nobody is named: the authenticator offers what it has for the site. */
export async function startPasskeySignIn({ db, sites }: IdentityDeps, app: AppName): Promise<string> {
  const options = await generateAuthenticationOptions({
    rpID: sites[app].rpId,
    userVerification: "required",
    timeout: TUNABLES.challengeMs,
  });
  await db.global((tx) =>
    askChallenge(tx, { token: options.challenge, kind: "passkey_sign_in", app }, new Date()),
  );
  return JSON.stringify(options);
}

export async function finishPasskeySignIn(
  deps: IdentityDeps,
  ctx: Ctx,
  request: FinishPasskeySignInRequest,
): Promise<MessageShape<typeof LoginResponseSchema>> {
  const { db } = deps;
  const now = new Date();
  const app = appNamed(request.app);
  const given = readAssertion(request.responseJson);
  if (!given) throw refused();
  // The challenge is spent in a transaction of its own: a bad answer must not leave it good for another try.
  const challenge = await db.global((tx) => takeChallenge(tx, given.challenge, "passkey_sign_in", now));
  const site = deps.sites[app];
  const found = await db.global((tx) =>
    tx
      .selectFrom("passkey")
      .innerJoin("user_account", "user_account.id", "passkey.user_id")
      .selectAll("user_account")
      .select(["passkey.id as passkey_id", "credential_id", "public_key", "counter"])
      .where("credential_id", "=", given.answer.id)
      .where("rp_id", "=", site.rpId)
      .executeTakeFirst(),
  );
  if (challenge?.app !== app || !found) throw refused();
  const handle = Buffer.from(userHandleOf(found.id)).toString("base64url");
  if (given.answer.response.userHandle !== handle || !mayEnter(found, app)) throw refused();
  const verified = await verifyAuthenticationResponse({
    response: given.answer,
    expectedChallenge: given.challenge,
    expectedOrigin: [...site.origins],
    expectedRPID: site.rpId,
    requireUserVerification: true,
    credential: {
      id: found.credential_id,
      publicKey: new Uint8Array(found.public_key),
      counter: Number(found.counter),
    },
  }).catch((error: unknown) => {
    ctx.log.info({ err: error, passkey: found.passkey_id }, "a passkey was refused");
    return undefined;
  });
  if (!verified?.verified) throw refused();
  const { newCounter, credentialBackedUp } = verified.authenticationInfo;
  const noted = await db.global((tx) =>
    tx
      .updateTable("passkey")
      .set({ counter: String(newCounter), synced: credentialBackedUp, last_used_on: now })
      .where("id", "=", found.passkey_id)
      // Somebody who signed in with the same counter in the meantime holds a copy.
      .where("counter", "=", found.counter)
      .executeTakeFirst(),
  );
  if (noted.numUpdatedRows === 0n) throw refused();
  return finishSignIn(deps, ctx, { user: found, app, askedTenant: request.tenantRef }, now);
}
