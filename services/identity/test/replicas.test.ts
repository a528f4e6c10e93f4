import { App, AuthService } from "@leadmetrics/proto/identity/v1/auth";
import { PasskeysService, SecondFactorService } from "@leadmetrics/proto/identity/v1/security";
import { TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TUNABLES } from "../src/tunables.ts";
import { SoftwareAuthenticator } from "./authenticator.ts";
import { type IdentityTest, password, type Replica, reasonOf, startIdentity } from "./fixture.ts";

let one: IdentityTest;
let two: Replica;
beforeAll(async () => {
  one = await startIdentity();
  two = await one.replica();
});
afterAll(() => one?.close());

describe("two replicas over one database", () => {
  it("lock an address after five failures in all, also when they come at once", async () => {
    const wrong = { email: "target@bakery.example", password: "wrong wrong wrong", app: App.DASHBOARD };
    const reasons = await Promise.all(
      Array.from({ length: 20 }, (_, i) => reasonOf((i % 2 ? one : two).client(AuthService).login(wrong))),
    );
    expect(reasons.filter((reason) => reason === "invalid_credentials")).toHaveLength(
      TUNABLES.lockAfterFailures,
    );
    expect(reasons.filter((reason) => reason === "locked_out")).toHaveLength(20 - TUNABLES.lockAfterFailures);
  });

  it("finish what the other began: a challenge, a passkey, a reset link", async () => {
    const email = "both@bakery.example";
    await one.signedUp(email);
    const { accessToken } = await one.signedIn(email);
    const device = new SoftwareAuthenticator("http://localhost:3000");
    const { optionsJson } = await one
      .client(PasskeysService, accessToken)
      .startPasskeyRegistration({ password });
    await two
      .client(PasskeysService, accessToken)
      .finishPasskeyRegistration({ responseJson: device.create(optionsJson), name: "Phone" });
    const asked = await two.client(PasskeysService).startPasskeySignIn({ app: App.DASHBOARD });
    const responseJson = device.get(asked.optionsJson);
    const both = await Promise.allSettled(
      [one, two].map((each) =>
        each.client(PasskeysService).finishPasskeySignIn({ app: App.DASHBOARD, responseJson }),
      ),
    );
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);

    const security = one.client(SecondFactorService, accessToken);
    const totp = new TOTP({ secret: (await security.startTotp({ password })).secret });
    await security.confirmTotp({ code: totp.generate({ timestamp: Date.now() - 30_000 }) });
    const code = totp.generate();
    const { challenge } = await one.client(AuthService).login({ email, password, app: App.DASHBOARD });
    const login = { challengeToken: challenge?.token, code };
    const twice = await Promise.allSettled(
      [one, two].map((each) => each.client(AuthService).loginWithCode(login)),
    );
    expect(twice.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("refuse a session within a second of its end at the other", async () => {
    await one.signedUp("ended@bakery.example");
    const { accessToken, sid } = await one.signedIn("ended@bakery.example");
    await two.client(AuthService, accessToken).getMe({});
    await one.client(AuthService, accessToken).revokeSession({ sessionRef: sid });
    await expect
      .poll(() => reasonOf(two.client(AuthService, accessToken).getMe({})), { timeout: 1_000, interval: 50 })
      .toBe("session_revoked");
  });

  it("sign with the same key, and one that one of them makes is the other's too", async () => {
    const { kid } = await one.keys.rotate(new Date(), { retireEarlier: false });
    const known = (await two.keys.source(true)).keys.map((key) => key.kid);
    expect(known).toContain(kid);
  });
});
