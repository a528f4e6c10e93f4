import { newId, type TenantId, TOKEN_AUDIENCE, TOKEN_ISSUER, toRef } from "@leadmetrics/kit";
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from "jose";

/** A key of this run and an access token under it, as identity would issue one to a company's owner. */
export async function ownersToken(tenant: TenantId): Promise<{ jwks: JSONWebKeySet; token: string }> {
  const { privateKey, publicKey } = await generateKeyPair("EdDSA");
  const kid = "load";
  const token = await new SignJWT({
    sub: toRef(newId()),
    sid: toRef(newId()),
    tid: toRef(tenant),
    role: "owner",
    apps: ["dashboard"],
  })
    .setProtectedHeader({ alg: "EdDSA", kid })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(privateKey);
  return { jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: "EdDSA" }] }, token };
}
