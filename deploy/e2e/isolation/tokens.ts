import { generateKeyPairSync } from "node:crypto";
import { secretBox, TOKEN_AUDIENCE, TOKEN_ISSUER } from "@leadmetrics/kit";
import { decodeJwt, importJWK, type JWK, type JWTPayload, SignJWT } from "jose";
import pg from "pg";
import { Rest } from "../../local/demo/rest.ts";
import { signedIn } from "./people.ts";
import type { World } from "./world.ts";

/** A token that must not be taken, and the reason that is given. */
export interface BadToken {
  readonly what: string;
  readonly token: string;
  readonly reason: "token_expired" | "token_invalid" | "session_revoked";
}

/** Milliseconds after which every service must know of an ended session. */
const REVOKED_MS = 1_500;
/** Seconds; more than the clocks of two machines may differ. */
const LONG_AGO_S = 3_600;
const ALG = "EdDSA";

/** Every way a token of A's owner can be wrong, signed with the platform's own key where only that makes it hard. */
export async function badTokens(world: World): Promise<BadToken[]> {
  const claims = decodeJwt(world.a.owner.token);
  const { kid, key } = await signingKey(world);
  const now = Math.floor(Date.now() / 1_000);
  const sign = (payload: JWTPayload, by: Parameters<SignJWT["sign"]>[0] = key) =>
    new SignJWT({ ...claims, ...payload }).setProtectedHeader({ alg: ALG, kid }).sign(by);
  const foreign = generateKeyPairSync("ed25519").privateKey;
  const [head = "", , signature = ""] = world.a.owner.token.split(".");
  const coded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const bad = (what: string, token: string, reason: BadToken["reason"] = "token_invalid") => ({
    what,
    token,
    reason,
  });
  return [
    bad("expired", await sign({ iat: now - 2 * LONG_AGO_S, exp: now - LONG_AGO_S }), "token_expired"),
    bad("of an ended session", await endedSession(world), "session_revoked"),
    bad("signed by a foreign key under the same name", await sign({}, foreign)),
    bad("for another audience", await sign({ aud: `${TOKEN_AUDIENCE}-other` })),
    bad("of another issuer", await sign({ iss: `${TOKEN_ISSUER}-other` })),
    bad("without an end to its signature", `${head}.${coded(claims)}.`),
    bad("of the algorithm none", `${coded({ alg: "none", typ: "JWT" })}.${coded(claims)}.`),
    bad("signed with the public key as a secret", await confused(claims, kid, world)),
    bad(
      "for B, with A's signature",
      `${head}.${coded({ ...claims, tid: world.b.refs.tenant })}.${signature}`,
    ),
    bad("no token at all", "not.a.token"),
  ];
}

/** The key identity signs with now: only with it are a wrong audience and an old date the only things wrong. */
async function signingKey({ platform, secrets }: World) {
  const box = secretBox(secrets.encryptionKey("encryption.identity"));
  const client = new pg.Client({ connectionString: platform.databaseUrl("identity") });
  await client.connect();
  try {
    const { rows } = await client.query<{ kid: string; sealed_private_jwk: string }>(
      "select kid, sealed_private_jwk from signing_key order by created_on desc limit 1",
    );
    const [row] = rows;
    if (!row) throw new Error("identity has no signing key");
    const jwk = JSON.parse(box.open(row.sealed_private_jwk, `signing_key:${row.kid}`)) as JWK;
    return { kid: row.kid, key: await importJWK(jwk, ALG) };
  } finally {
    await client.end();
  }
}

async function endedSession({ platform, a }: World): Promise<string> {
  const { token, refreshToken } = await signedIn(platform, a.owner, "dashboard");
  await new Rest(platform.addresses.gateway).post("/auth/v1/logout", { refreshToken });
  await new Promise((resolve) => setTimeout(resolve, REVOKED_MS));
  return token;
}

/** The classic: HMAC with the text of the public key, for a verifier that lets the token choose the algorithm. */
async function confused(claims: JWTPayload, kid: string, { platform }: World): Promise<string> {
  const client = new pg.Client({ connectionString: platform.databaseUrl("identity") });
  await client.connect();
  const { rows } = await client.query<{ public_jwk: JWK }>(
    "select public_jwk from signing_key where kid = $1",
    [kid],
  );
  await client.end();
  const secret = Buffer.from(rows[0]?.public_jwk.x ?? "", "base64url");
  return new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid }).sign(secret);
}
