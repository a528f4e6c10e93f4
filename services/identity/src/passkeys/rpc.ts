import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  type Ctx,
  errors,
  fromRef,
  type Id,
  newId,
  requestCtx,
  type ServedService,
  service,
  toRef,
} from "@leadmetrics/kit";
import { SignInMethodChange } from "@leadmetrics/proto/identity/events/v1/events";
import { PasskeySchema, PasskeysService } from "@leadmetrics/proto/identity/v1/security";
import { generateRegistrationOptions, verifyRegistrationResponse } from "@simplewebauthn/server";
import type { Selectable } from "kysely";
import { appNamed, callerOf, sessionOf } from "../auth/caller.ts";
import { askChallenge, takeChallenge } from "../auth/challenges.ts";
import { signInMethodsChanged } from "../auth/changes.ts";
import { reauthenticate } from "../auth/reauthenticate.ts";
import type { AppName, IdentityDb } from "../db.ts";
import type { IdentityDeps } from "../deps.ts";
import { TUNABLES } from "../tunables.ts";
import { finishPasskeySignIn, startPasskeySignIn } from "./sign-in.ts";
import { readRegistration, userHandleOf } from "./wire.ts";

/** Who asks for the passkey, as the person's password manager shows it. */
const SITE_NAME = "Leadmetrics";
/** COSE's EdDSA, ES256 and RS256: what authenticators have. The library's newest need experimental parts of Node. */
const ALGORITHMS = [-8, -7, -257];

export function passkeysService(deps: IdentityDeps): ServedService {
  const { db, sites } = deps;
  return service(PasskeysService, {
    startPasskeySignIn: async (request) => ({
      optionsJson: await startPasskeySignIn(deps, appNamed(request.app)),
    }),
    finishPasskeySignIn: async (request, hc) => ({
      login: await finishPasskeySignIn(deps, requestCtx(hc), request),
    }),

    async listPasskeys(_request, hc) {
      const rows = await passkeysOf(callerOf(requestCtx(hc)));
      return { passkeys: rows.map(passkeyView) };
    },

    async startPasskeyRegistration(request, hc) {
      const ctx = requestCtx(hc);
      const app = await appOf(ctx);
      const { userId, email, name } = await reauthenticate(deps, ctx, { password: request.password });
      const known = await passkeysOf(userId);
      if (known.length >= TUNABLES.passkeysPerUser)
        throw errors.conflict(
          "too_many_passkeys",
          `You have ${known.length} passkeys, which is as many as there can be. Remove one you don't use.`,
        );
      const { rpId } = sites[app];
      const options = await generateRegistrationOptions({
        rpName: SITE_NAME,
        rpID: rpId,
        userID: userHandleOf(userId),
        userName: email,
        userDisplayName: name,
        attestationType: "none",
        supportedAlgorithmIDs: ALGORITHMS,
        timeout: TUNABLES.challengeMs,
        // An authenticator that has one already says so in place of making a second.
        excludeCredentials: known
          .filter((row) => row.rp_id === rpId)
          .map((row) => ({ id: row.credential_id, transports: row.transports })),
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
      });
      await db.global((tx) =>
        askChallenge(tx, { token: options.challenge, kind: "passkey_registration", app, userId }, new Date()),
      );
      return { optionsJson: JSON.stringify(options) };
    },

    async finishPasskeyRegistration(request, hc) {
      const ctx = requestCtx(hc);
      const userId = callerOf(ctx);
      const given = readRegistration(request.responseJson);
      if (!given) throw noGood();
      const challenge = await db.global((tx) =>
        takeChallenge(tx, given.challenge, "passkey_registration", new Date()),
      );
      if (challenge?.user_id !== userId)
        throw errors.conflict("challenge_over", "This took too long, or was answered already. Start again.");
      const site = sites[challenge.app];
      const verified = await verifyRegistrationResponse({
        response: given.answer,
        expectedChallenge: given.challenge,
        expectedOrigin: [...site.origins],
        expectedRPID: site.rpId,
        requireUserVerification: true,
        supportedAlgorithmIDs: ALGORITHMS,
      }).catch((error: unknown) => {
        ctx.log.info({ err: error }, "a new passkey was refused");
        return undefined;
      });
      if (!verified?.verified) throw noGood();
      const { credential, credentialBackedUp } = verified.registrationInfo;
      const row = await db.global(async (tx) => {
        const kept = await tx
          .insertInto("passkey")
          .values({
            id: newId(),
            user_id: userId,
            credential_id: credential.id,
            public_key: credential.publicKey,
            counter: String(credential.counter),
            transports: credential.transports ?? [],
            rp_id: site.rpId,
            name: request.name,
            synced: credentialBackedUp,
            last_used_on: null,
          })
          .onConflict((oc) => oc.column("credential_id").doNothing())
          .returningAll()
          .executeTakeFirst();
        if (kept) await signInMethodsChanged(tx, ctx, userId, SignInMethodChange.PASSKEY_ADDED);
        return kept;
      });
      if (!row) throw errors.exists("passkey_known", "This passkey is registered already.");
      return { passkey: passkeyView(row) };
    },

    async renamePasskey(request, hc) {
      const id = fromRef(request.passkeyRef, "passkey");
      const row = await db.global((tx) =>
        tx
          .updateTable("passkey")
          .set({ name: request.name })
          .where("id", "=", id)
          .where("user_id", "=", callerOf(requestCtx(hc)))
          .returningAll()
          .executeTakeFirst(),
      );
      if (!row) throw errors.notFound("passkey");
      return { passkey: passkeyView(row) };
    },

    async removePasskey(request, hc) {
      const id = fromRef(request.passkeyRef, "passkey");
      const ctx = requestCtx(hc);
      const { userId } = await reauthenticate(deps, ctx, { password: request.password });
      await db.global(async (tx) => {
        const removed = await tx
          .deleteFrom("passkey")
          .where("id", "=", id)
          .where("user_id", "=", userId)
          .executeTakeFirst();
        if (removed.numDeletedRows === 0n) throw errors.notFound("passkey");
        await signInMethodsChanged(tx, ctx, userId, SignInMethodChange.PASSKEY_REMOVED);
      });
      return {};
    },
  });

  function passkeysOf(userId: string) {
    return db.global((tx) =>
      tx.selectFrom("passkey").selectAll().where("user_id", "=", userId).orderBy("id").execute(),
    );
  }

  /** The portal somebody is in, which decides the site their new passkey is for. */
  async function appOf(ctx: Ctx): Promise<AppName> {
    const session = await db.global((tx) =>
      tx
        .selectFrom("session")
        .select("app")
        .where("id", "=", sessionOf(ctx) ?? null)
        .where("revoked_on", "is", null)
        .executeTakeFirst(),
    );
    if (!session) throw errors.unauthenticated("session_ended", "This session has ended. Sign in again.");
    return session.app;
  }
}

function passkeyView(row: Selectable<IdentityDb["passkey"]>) {
  return create(PasskeySchema, {
    ref: toRef(row.id as Id),
    name: row.name,
    rpId: row.rp_id,
    synced: row.synced,
    createdOn: timestampFromDate(row.created_on),
    lastUsedOn: row.last_used_on ? timestampFromDate(row.last_used_on) : undefined,
  });
}

const noGood = () =>
  errors.invalid("responseJson: the browser's answer is not a passkey for this site. Start again.", [
    { field: "response_json", description: "is not a passkey for this site" },
  ]);
