import { type KeySource, Rights, type SecretBox, secretBox, TokenVerifier } from "@leadmetrics/kit";
import { AuthService } from "@leadmetrics/proto/identity/v1/auth";
import { KeysService } from "@leadmetrics/proto/identity/v1/keys";
import { SecondFactorService } from "@leadmetrics/proto/identity/v1/security";
import { TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Keys } from "../src/keys/keys.ts";
import { resealOutdated } from "../src/keys/reseal.ts";
import { takeCode } from "../src/second-factor/codes.ts";
import { TUNABLES } from "../src/tunables.ts";
import { type IdentityTest, kidOf, password, reasonOf, startIdentity } from "./fixture.ts";

let identity: IdentityTest;
beforeAll(async () => {
  identity = await startIdentity();
  await identity.signedUp("clara@bakery.example");
});
afterAll(() => identity?.close());

/** Another service: it has the keys from identity's RPC, as all of them do, and its asking is counted. */
function otherService() {
  let fetches = 0;
  const source: KeySource = async () => {
    fetches += 1;
    const { jwksJson } = await identity.client(KeysService).getJwks({});
    return JSON.parse(jwksJson) as Awaited<ReturnType<KeySource>>;
  };
  const verifier = new TokenVerifier(source, new Rights());
  return { verify: (token: string) => verifier.verify(token), fetches: () => fetches };
}

/** Somebody who runs the platform. */
async function superAdmin() {
  const email = "root@bakery.example";
  await identity.signedUp(email).catch(() => undefined);
  await identity.t.db.global((tx) =>
    tx.updateTable("user_account").set({ platform_role: "super_admin" }).where("email", "=", email).execute(),
  );
  const { tokens } = await identity.client(AuthService).login({ email, password, app: 3 });
  return identity.client(KeysService, tokens?.accessToken);
}

const signIn = async () => (await identity.signedIn("clara@bakery.example")).accessToken;

describe("rotating the signing key", () => {
  it("signs nobody out: old tokens hold, new ones carry the new key, and the keys are fetched once", async () => {
    const service = otherService();
    const before = await signIn();
    await service.verify(before);
    expect(service.fetches()).toBe(1);

    const { kid, stillVerifying } = await (await superAdmin()).rotateKeys({});
    expect(stillVerifying).toBeGreaterThan(0);
    await service.verify(before);
    expect(service.fetches()).toBe(1);

    // Published, it waits for its turn, so that no verifier meets it before it may ask again.
    expect(kidOf(await signIn())).toBe(kidOf(before));
    await vi.waitFor(async () => expect(kidOf(await signIn())).toBe(kid), {
      timeout: TUNABLES.keySettleMs + 3_000,
      interval: 500,
    });
    const after = await Promise.all([signIn(), signIn(), signIn()]);
    await Promise.all([...after, ...after].map((token) => service.verify(token)));
    await service.verify(before);
    expect(service.fetches()).toBe(2);
  });

  it("lets a flood of made-up key ids ask for the keys once", async () => {
    const service = otherService();
    const token = await signIn();
    await service.verify(token);
    const [, payload = "", signature = ""] = token.split(".");
    const forged = (i: number) =>
      [
        Buffer.from(JSON.stringify({ alg: "EdDSA", kid: `made-up-${i}` })).toString("base64url"),
        payload,
        signature,
      ].join(".");
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    const answers = await Promise.allSettled(Array.from({ length: 50 }, (_, i) => service.verify(forged(i))));
    expect(answers.every(({ status }) => status === "rejected")).toBe(true);
    expect(service.fetches()).toBe(2);
  });

  it("refuses a key that was retired, and people's sessions go on", async () => {
    const session = await identity.signedIn("clara@bakery.example");
    const { kid } = await (await superAdmin()).rotateKeys({ retireEarlier: true });
    await vi.waitFor(async () => expect(kidOf(await signIn())).toBe(kid), {
      timeout: TUNABLES.keySettleMs + 3_000,
      interval: 500,
    });
    await expect(otherService().verify(session.accessToken)).rejects.toMatchObject({
      reason: "token_invalid",
    });
    const { tokens } = await identity.client(AuthService).refresh({ refreshToken: session.refreshToken });
    await otherService().verify(tokens?.accessToken ?? "");
  });

  it("is for super admins alone", async () => {
    const client = identity.client(KeysService, await signIn());
    expect(await reasonOf(client.rotateKeys({}))).toBe("forbidden");
  });
});

describe("a rotation that is due", () => {
  it("happens once when several replicas find it due at the same time", async () => {
    const due = new Date(Date.now() + TUNABLES.keyRotationMs + 60_000);
    const count = () => identity.t.db.global((tx) => tx.selectFrom("signing_key").select("kid").execute());
    const earlier = (await count()).map(({ kid }) => kid);
    await Promise.all([1, 2, 3].map(() => new Keys(identity.t.db, identity.box).rotateWhenDue(due)));
    expect((await count()).filter(({ kid }) => !earlier.includes(kid))).toHaveLength(1);
  });
});

describe("rotating the encryption key", () => {
  const key = (fill: number) => Buffer.alloc(32, fill).toString("base64");
  const opens = (box: SecretBox, sealed: string, aad: string) => {
    try {
      box.open(sealed, aad);
      return true;
    } catch {
      return false;
    }
  };

  it("seals everything anew, so that the old key can be taken out", async () => {
    const email = "sealed@bakery.example";
    const userId = await identity.signedUp(email);
    const security = identity.client(SecondFactorService, (await identity.signedIn(email)).accessToken);
    const { secret } = await security.startTotp({ password });
    const totp = new TOTP({ secret });
    await security.confirmTotp({ code: totp.generate({ timestamp: Date.now() - 30_000 }) });

    const { ENCRYPTION_KEYS } = identity.t.config;
    const both = secretBox(`new:${key(9)},${ENCRYPTION_KEYS}`);
    const newOnly = secretBox(`new:${key(9)}`);
    expect(await resealOutdated(identity.t.db, both)).toBeGreaterThan(1);
    expect(await resealOutdated(identity.t.db, both)).toBe(0);

    const rows = await identity.t.db.global((tx) => tx.selectFrom("signing_key").selectAll().execute());
    expect(rows.every((row) => opens(newOnly, row.sealed_private_jwk, `signing_key:${row.kid}`))).toBe(true);
    expect(opens(identity.box, rows[0]?.sealed_private_jwk ?? "", `signing_key:${rows[0]?.kid}`)).toBe(false);
    const code = totp.generate();
    expect(await identity.t.db.global((tx) => takeCode(tx, newOnly, userId, code, new Date()))).toBe(true);
    // A replica with both keys signs on.
    const keys = new Keys(identity.t.db, newOnly);
    const { token } = await keys.serviceToken("content", new Date());
    expect(await otherService().verify(token)).toEqual({ kind: "service", service: "content" });
  });
});
