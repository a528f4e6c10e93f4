import { createHash, timingSafeEqual } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type Database, errors, requestCtx, type ServedService, service, tryFromRef } from "@leadmetrics/kit";
import {
  KeysService,
  MailTokenKind,
  MailTokensService,
  MintMailTokenResponseSchema,
  ServiceTokensService,
} from "@leadmetrics/proto/identity/v1/keys";
import { mintMailToken } from "../auth/mail-tokens.ts";
import type { IdentityDb } from "../db.ts";
import type { Keys } from "./keys.ts";

const KINDS = {
  email_verification: MailTokenKind.EMAIL_VERIFICATION,
  password_reset: MailTokenKind.PASSWORD_RESET,
};

/** @param secrets service → client secret */
export function keyServices(
  db: Database<IdentityDb>,
  keys: Keys,
  secrets: Readonly<Record<string, string>>,
): ServedService[] {
  return [
    service(KeysService, {
      // Always from the database: who asks has met a key another replica may have made a moment ago.
      getJwks: async () => ({ jwksJson: JSON.stringify(await keys.source(true)) }),
      async rotateKeys(request, hc) {
        const { kid, earlier } = await keys.rotate(new Date(), { retireEarlier: request.retireEarlier });
        requestCtx(hc).log.warn({ kid, retireEarlier: request.retireEarlier }, "the signing key was rotated");
        return { kid, stillVerifying: earlier };
      },
    }),
    service(ServiceTokensService, {
      async issueServiceToken(request) {
        const known = Object.hasOwn(secrets, request.service) ? secrets[request.service] : undefined;
        // A service nobody knows takes as long as a wrong secret.
        if (!same(known ?? "", request.secret) || known === undefined) {
          throw errors.unauthenticated(
            "invalid_service_credentials",
            `${request.service} is not known, or its secret is wrong.`,
          );
        }
        const { token, expiresOn } = await keys.serviceToken(request.service, new Date());
        return { token, expiresOn: timestampFromDate(expiresOn) };
      },
    }),
    service(MailTokensService, {
      async mintMailToken(request) {
        const id = tryFromRef(request.requestRef);
        const minted = id ? await db.global((tx) => mintMailToken(tx, id, new Date())) : undefined;
        if (!minted) throw errors.notFound("mail request");
        return create(MintMailTokenResponseSchema, {
          token: minted.token,
          kind: KINDS[minted.kind],
          expiresOn: timestampFromDate(minted.expiresOn),
        });
      },
    }),
  ];
}

function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
