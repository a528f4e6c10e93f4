import { RIGHTS_BUCKET, Rights, rpcClients, service, TokenVerifier } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { AuthService } from "@leadmetrics/proto/identity/v1/auth";
import { PasskeysService, SecondFactorService } from "@leadmetrics/proto/identity/v1/security";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildApp } from "../src/app.ts";
import { TELL_EVERY_MS } from "../src/edge/rate-limit.ts";
import { Feed } from "../src/live/feed.ts";

const migrations = new URL("../../services/kit/test/fixture/", import.meta.url);
const later = { seconds: BigInt(Math.floor(Date.now() / 1_000) + 3_600) };
const login = {
  user: { ref: "U", email: "clara@bakery.example", name: "Clara" },
  tokens: { accessToken: "a", accessExpiresOn: later, refreshToken: "r", refreshExpiresOn: later },
};
const unused = () => ({});
let t: ServiceTest<unknown>;
let apps: FastifyInstance[];
let secrets = 0;
let bearer: Record<string, string>;

beforeAll(async () => {
  t = await startServiceTest({ service: "content", migrations });
  // Identity as it is on the wire.
  const running = await t.start({
    config: t.config,
    rpc: () => [
      service(AuthService, {
        login: ({ email }) =>
          email.startsWith("two") ? { challenge: { token: "challenge", expiresOn: later } } : login,
        loginWithCode: () => ({ login }),
        register: unused,
        verifyEmail: unused,
        refresh: unused,
        logout: unused,
        requestPasswordReset: unused,
        resetPassword: unused,
        getMe: unused,
        changePassword: unused,
        listSessions: unused,
        revokeSession: unused,
        revokeOtherSessions: () => ({ ended: 2 }),
      }),
      service(SecondFactorService, {
        startTotp() {
          secrets += 1;
          return { secret: `SECRET${secrets}`, otpauthUri: "otpauth://totp/x" };
        },
        getSecondFactor: unused,
        confirmTotp: unused,
        disableTotp: unused,
        regenerateRecoveryCodes: unused,
      }),
      service(PasskeysService, {
        startPasskeySignIn: ({ app }) => ({ optionsJson: JSON.stringify({ app }) }),
        finishPasskeySignIn: () => ({ login }),
        listPasskeys: unused,
        startPasskeyRegistration: unused,
        finishPasskeyRegistration: unused,
        renamePasskey: unused,
        removePasskey: unused,
      }),
    ],
  });
  const rights = new Rights();
  await rights.watch(await t.nats.kv(RIGHTS_BUCKET), t.log);
  const rpc = rpcClients({
    name: "gateway",
    secret: "",
    urls: { ...t.config, IDENTITY_URL: `http://127.0.0.1:${running.rpcPort}` },
  });
  const replica = () =>
    buildApp({
      rpc,
      nats: t.nats,
      rights,
      feed: new Feed(t.nats, t.log),
      log: t.log,
      verifier: new TokenVerifier(t.keys, rights),
      trustedProxies: "",
      production: true,
      rateLimitScale: 1,
    });
  apps = [await replica(), await replica()];
  bearer = { authorization: `Bearer ${await t.token(t.ctx.tenant().principal)}` };
});
afterAll(async () => {
  for (const app of apps ?? []) await app.close();
  await t?.close();
});

const post = (path: string, payload: object, headers: Record<string, string> = {}, replica = 0) => {
  const app = apps[replica];
  if (!app) throw new Error("no such replica");
  return app.inject({ method: "POST", url: `/auth/v1${path}`, payload, headers });
};
const cookieNames = (answer: Awaited<ReturnType<typeof post>>) => answer.cookies.map(({ name }) => name);

describe("signing in through the gateway", () => {
  it("sets a portal's cookies only when everything asked for was given", async () => {
    const first = await post("/login", { email: "two@x.example", password: "p", portal: "dm" });
    expect([first.statusCode, first.json().challenge.token]).toEqual([202, "challenge"]);
    expect(cookieNames(first)).toEqual([]);
    const second = await post("/login/code", { challengeToken: "challenge", code: "123456", portal: "dm" });
    expect(second.statusCode).toBe(200);
    expect(cookieNames(second)).toEqual(["dm_access_token", "dm_refresh_token"]);
    for (const cookie of second.cookies)
      expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax", path: "/" });
  });

  it("takes passkeys for the portal that asks", async () => {
    const options = await post("/passkeys/sign-in/options", { portal: "manage" });
    expect(JSON.parse(options.json().optionsJson)).toEqual({ app: 3 });
    const answer = await post("/passkeys/sign-in", { responseJson: "{}", portal: "manage" });
    expect(cookieNames(answer)).toEqual(["manage_access_token", "manage_refresh_token"]);
    expect(answer.json()).toMatchObject({ accessToken: "a", user: { email: "clara@bakery.example" } });
  });
});

describe("what is secret", () => {
  it("is never kept for a second asking, whatever key comes with it", async () => {
    const headers = { ...bearer, "idempotency-key": "the-same-key-twice" };
    const once = await post("/second-factor/totp", { password: "p" }, headers);
    const twice = await post("/second-factor/totp", { password: "p" }, headers);
    expect([once.json().secret, twice.json().secret]).toEqual(["SECRET1", "SECRET2"]);
    await post("/password", { currentPassword: "p", newPassword: "q" }, headers);
    await post("/register", { email: "a@x.example", password: "p", name: "n" }, headers);
    const kept = await t.nats.kv("IDEMPOTENCY");
    expect((await kept.status()).values).toBe(0);
    // The one that may be kept is: the test can fail.
    await post("/verify-email", { token: "t" }, headers);
    expect((await kept.status()).values).toBe(1);
  });
});

describe("a stranger's guesses", () => {
  it.each([
    ["/login", { email: "a@x.example", password: "guess", portal: "dashboard" }, 10],
    ["/login/code", { challengeToken: "c", code: "000000", portal: "dashboard" }, 10],
    ["/passkeys/sign-in/options", { portal: "dashboard" }, 20],
    ["/password-reset/request", { email: "a@x.example" }, 5],
    ["/register", { email: "a@x.example", password: "p", name: "n" }, 5],
  ])("at %s count over all replicas of the gateway", async (path, payload, most) => {
    const statuses: number[] = [];
    for (let i = 0; i <= most; i += 1) {
      statuses.push((await post(path, payload, {}, i % 2)).statusCode);
      // A count is told to the other replica soon after, and within the time a message takes.
      await new Promise((resolve) => setTimeout(resolve, 2 * TELL_EVERY_MS));
      await t.nats.nc.flush();
    }
    expect(statuses.at(-1)).toBe(429);
    expect(statuses.filter((status) => status === 429).length).toBeLessThanOrEqual(3);
  });
});
