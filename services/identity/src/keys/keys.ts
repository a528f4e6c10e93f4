import {
  type Database,
  type Id,
  type KeySource,
  newId,
  type SecretBox,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  type Tx,
  toRef,
} from "@leadmetrics/kit";
import { exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK, SignJWT } from "jose";
import { sql } from "kysely";
import type { AppName, IdentityDb } from "../db.ts";
import type { ImpersonationRow } from "../impersonation/store.ts";
import { TUNABLES } from "../tunables.ts";

type SigningKey = Awaited<ReturnType<typeof importJWK>>;

/** Milliseconds a replica signs with what it knows before it looks for a newer key. */
const REREAD_MS = 30_000;
const ALGORITHM = "EdDSA";
/** Binds a sealed private key to its row. */
export const signingKeyAad = (kid: string) => `signing_key:${kid}`;
/** Any number: replicas that rotate at once take turns under it. */
const ROTATION_LOCK = 7_340_021;

export interface UserClaims {
  readonly userId: Id;
  readonly sessionId: Id;
  readonly app: AppName;
  readonly role: string;
  readonly tenantRef: string | undefined;
  /** Who really acts, and when that is over. */
  readonly impersonation?: Pick<ImpersonationRow, "admin_id" | "admin_name" | "reason" | "expires_on">;
}

/** The platform's signing keys: made once, rotated without a log-out, private halves sealed in the database. */
export class Keys {
  readonly #db: Database<IdentityDb>;
  readonly #box: SecretBox;
  #signing: { kid: string; key: SigningKey } | undefined;
  #jwks: JSONWebKeySet = { keys: [] };
  #readAt = 0;
  /** When a published key begins to sign, milliseconds since 1970. */
  #nextTurn: number | undefined;

  constructor(db: Database<IdentityDb>, box: SecretBox) {
    this.#db = db;
    this.#box = box;
  }

  readonly source: KeySource = async (fresh) => {
    await this.#read(fresh, new Date());
    return this.#jwks;
  };

  async userToken(claims: UserClaims, now: Date): Promise<{ token: string; expiresOn: Date }> {
    const { impersonation } = claims;
    const usual = new Date(now.getTime() + TUNABLES.accessTokenMs[claims.app]);
    const expiresOn = impersonation && impersonation.expires_on < usual ? impersonation.expires_on : usual;
    const payload = {
      sid: toRef(claims.sessionId),
      role: claims.role,
      apps: [claims.app],
      ...(claims.tenantRef ? { tid: claims.tenantRef } : {}),
      ...(impersonation
        ? {
            act: {
              sub: toRef(impersonation.admin_id as Id),
              name: impersonation.admin_name,
              reason: impersonation.reason,
            },
          }
        : {}),
    };
    return { token: await this.#sign(payload, toRef(claims.userId), now, expiresOn), expiresOn };
  }

  async serviceToken(service: string, now: Date): Promise<{ token: string; expiresOn: Date }> {
    const expiresOn = new Date(now.getTime() + TUNABLES.serviceTokenMs);
    return { token: await this.#sign({ typ: "service" }, service, now, expiresOn), expiresOn };
  }

  /** Makes a new signing key when the newest is due, and forgets those whose last token is over. */
  async rotateWhenDue(now: Date): Promise<void> {
    await this.#db.global(async (tx) => {
      await sql`select pg_advisory_xact_lock(${ROTATION_LOCK})`.execute(tx);
      const newest = await tx
        .selectFrom("signing_key")
        .select("created_on")
        .orderBy("created_on", "desc")
        .limit(1)
        .executeTakeFirst();
      if (!newest || now.getTime() - newest.created_on.getTime() > TUNABLES.keyRotationMs)
        await this.#addKey(tx, now);
      await tx.deleteFrom("signing_key").where("expires_on", "<", now).execute();
    });
    await this.#read(true, now);
  }

  /**
   * Makes a new signing key now. Earlier ones verify until their last token is over; retired ones only until the new one
   * signs.
   *
   * @returns the new key's id and how many earlier ones still verify then
   */
  async rotate(now: Date, options: { retireEarlier: boolean }): Promise<{ kid: string; earlier: number }> {
    const overlap = options.retireEarlier ? TUNABLES.keySettleMs : TUNABLES.keyOverlapMs;
    const last = new Date(now.getTime() + overlap);
    const rotated = await this.#db.global(async (tx) => {
      await sql`select pg_advisory_xact_lock(${ROTATION_LOCK})`.execute(tx);
      const earlier = await tx
        .updateTable("signing_key")
        .set({ expires_on: sql`least(expires_on, ${last})` })
        .where("expires_on", ">", now)
        .executeTakeFirst();
      return {
        kid: await this.#addKey(tx, now),
        earlier: options.retireEarlier ? 0 : Number(earlier.numUpdatedRows),
      };
    });
    await this.#read(true, now);
    return rotated;
  }

  async #addKey(tx: Tx<IdentityDb>, now: Date): Promise<string> {
    const kid = toRef(newId());
    const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true });
    await tx
      .insertInto("signing_key")
      .values({
        kid,
        public_jwk: JSON.stringify({ ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: "sig" }),
        sealed_private_jwk: this.#box.seal(JSON.stringify(await exportJWK(privateKey)), signingKeyAad(kid)),
        created_on: now,
        expires_on: new Date(now.getTime() + TUNABLES.keyRotationMs + TUNABLES.keyOverlapMs),
      })
      .execute();
    return kid;
  }

  async #sign(
    payload: Record<string, unknown>,
    subject: string,
    now: Date,
    expiresOn: Date,
  ): Promise<string> {
    await this.#read(false, now);
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

  async #read(fresh: boolean, now: Date): Promise<void> {
    // A key that waits for its turn is looked at again when it has come.
    const turn = this.#nextTurn !== undefined && now.getTime() >= this.#nextTurn;
    if (!fresh && !turn && this.#signing && Date.now() - this.#readAt < REREAD_MS) return;
    const rows = await this.#db.global((tx) =>
      tx
        .selectFrom("signing_key")
        .selectAll()
        .where("expires_on", ">", now)
        .orderBy("created_on", "desc")
        .execute(),
    );
    this.#readAt = Date.now();
    this.#jwks = { keys: rows.map((row) => row.public_jwk as JWK) };
    const settled = rows.find((row) => row.created_on.getTime() + TUNABLES.keySettleMs <= now.getTime());
    // The first key of all signs at once: there is nothing to wait for.
    const signing = settled ?? rows.at(-1);
    const [newest] = rows;
    this.#nextTurn =
      newest && newest !== signing ? newest.created_on.getTime() + TUNABLES.keySettleMs : undefined;
    if (signing && signing.kid !== this.#signing?.kid) {
      const jwk = JSON.parse(this.#box.open(signing.sealed_private_jwk, signingKeyAad(signing.kid))) as JWK;
      this.#signing = { kid: signing.kid, key: await importJWK(jwk, ALGORITHM) };
    }
  }
}
