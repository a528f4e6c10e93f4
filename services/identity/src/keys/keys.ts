import {
  type Database,
  type Id,
  type KeySource,
  newId,
  type SecretBox,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  toRef,
} from "@leadmetrics/kit";
import { exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK, SignJWT } from "jose";
import type { AppName, IdentityDb } from "../db.ts";
import { TUNABLES } from "../tunables.ts";

type SigningKey = Awaited<ReturnType<typeof importJWK>>;

/** Milliseconds a replica signs with what it knows before it looks for a newer key. */
const REREAD_MS = 30_000;
const ALGORITHM = "EdDSA";
const aad = (kid: string) => `signing_key:${kid}`;

export interface UserClaims {
  readonly userId: Id;
  readonly sessionId: Id;
  readonly app: AppName;
  readonly role: string;
  readonly tenantRef: string | undefined;
}

/** The platform's signing keys: made once, rotated without a log-out, private halves sealed in the database. */
export class Keys {
  readonly #db: Database<IdentityDb>;
  readonly #box: SecretBox;
  #signing: { kid: string; key: SigningKey } | undefined;
  #jwks: JSONWebKeySet = { keys: [] };
  #readAt = 0;

  constructor(db: Database<IdentityDb>, box: SecretBox) {
    this.#db = db;
    this.#box = box;
  }

  readonly source: KeySource = async (fresh) => {
    await this.#read(fresh);
    return this.#jwks;
  };

  async userToken(claims: UserClaims, now: Date): Promise<{ token: string; expiresOn: Date }> {
    const expiresOn = new Date(now.getTime() + TUNABLES.accessTokenMs[claims.app]);
    const payload = {
      sid: toRef(claims.sessionId),
      role: claims.role,
      apps: [claims.app],
      ...(claims.tenantRef ? { tid: claims.tenantRef } : {}),
    };
    return { token: await this.#sign(payload, toRef(claims.userId), now, expiresOn), expiresOn };
  }

  async serviceToken(service: string, now: Date): Promise<{ token: string; expiresOn: Date }> {
    const expiresOn = new Date(now.getTime() + TUNABLES.serviceTokenMs);
    return { token: await this.#sign({ typ: "service" }, service, now, expiresOn), expiresOn };
  }

  /** Makes a new signing key when the newest is due, and forgets those whose last token is over. */
  async rotate(now: Date): Promise<void> {
    await this.#db.global(async (tx) => {
      const newest = await tx
        .selectFrom("signing_key")
        .select("created_on")
        .orderBy("created_on", "desc")
        .limit(1)
        .executeTakeFirst();
      if (!newest || now.getTime() - newest.created_on.getTime() > TUNABLES.keyRotationMs) {
        const kid = toRef(newId());
        const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true });
        await tx
          .insertInto("signing_key")
          .values({
            kid,
            public_jwk: JSON.stringify({ ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: "sig" }),
            sealed_private_jwk: this.#box.seal(JSON.stringify(await exportJWK(privateKey)), aad(kid)),
            expires_on: new Date(now.getTime() + TUNABLES.keyRotationMs + TUNABLES.keyOverlapMs),
          })
          .execute();
      }
      await tx.deleteFrom("signing_key").where("expires_on", "<", now).execute();
    });
    await this.#read(true);
  }

  async #sign(
    payload: Record<string, unknown>,
    subject: string,
    now: Date,
    expiresOn: Date,
  ): Promise<string> {
    await this.#read(false);
    if (!this.#signing) throw new Error("there is no signing key yet");
    const { kid, key } = this.#signing;
    return new SignJWT(payload)
      .setProtectedHeader({ alg: ALGORITHM, kid })
      .setIssuer(TOKEN_ISSUER)
      .setAudience(TOKEN_AUDIENCE)
      .setSubject(subject)
      .setJti(toRef(newId()))
      .setIssuedAt(now)
      .setExpirationTime(expiresOn)
      .sign(key);
  }

  async #read(fresh: boolean): Promise<void> {
    if (!fresh && this.#signing && Date.now() - this.#readAt < REREAD_MS) return;
    const rows = await this.#db.global((tx) =>
      tx.selectFrom("signing_key").selectAll().orderBy("created_on", "desc").execute(),
    );
    this.#readAt = Date.now();
    this.#jwks = { keys: rows.map((row) => row.public_jwk as JWK) };
    const [newest] = rows;
    if (newest && newest.kid !== this.#signing?.kid) {
      const jwk = JSON.parse(this.#box.open(newest.sealed_private_jwk, aad(newest.kid))) as JWK;
      this.#signing = { kid: newest.kid, key: await importJWK(jwk, ALGORITHM) };
    }
  }
}
