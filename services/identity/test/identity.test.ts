import { Code } from "@connectrpc/connect";
import {
  platformSettings,
  RIGHTS_BUCKET,
  Rights,
  revokedKey,
  settingKey,
  TokenVerifier,
} from "@leadmetrics/kit";
import { catalogueTest } from "@leadmetrics/kit/testing";
import { App, AuthService } from "@leadmetrics/proto/identity/v1/auth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type IdentityTest, password, reasonOf, refusal, startIdentity } from "./fixture.ts";

let identity: IdentityTest;
beforeAll(async () => {
  identity = await startIdentity();
});
afterAll(() => identity?.close());

const anyone = () => identity.client(AuthService);
const person = (accessToken: string) => identity.client(AuthService, accessToken);

describe("signing up and in", () => {
  it("goes from the form over the mailed link to tokens for the tenant", async () => {
    await identity.signedUp("clara@bakery.example");
    const answer = await anyone().login({ email: "Clara@bakery.example", password, app: App.DASHBOARD });
    expect(answer.membership?.tenantRef).toBe(identity.tenantRef);
    const verifier = new TokenVerifier(identity.keys.source, new Rights());
    expect(await verifier.verify(answer.tokens?.accessToken ?? "")).toMatchObject({
      kind: "tenant",
      role: "owner",
    });
  });

  it("refuses a weak password with the reason", async () => {
    const error = await refusal(
      anyone().register({
        email: "weak@bakery.example",
        password: "password1234",
        name: "W",
        companyName: "W",
      }),
    );
    expect(error.rawMessage).toMatch(/tried first/);
  });

  it("is by invitation alone while the platform's sign-up is closed", async () => {
    platformSettings.apply(settingKey("sign_up.open"), "false");
    const form = { email: "late@bakery.example", password, name: "Late" };
    expect(await reasonOf(anyone().register({ ...form, companyName: "Late Bakery" }))).toBe("sign_up_closed");
    await anyone().register({ ...form, invitationToken: "from-the-mail" });
    platformSettings.apply(settingKey("sign_up.open"), undefined);
    await anyone().register({ ...form, email: "later@bakery.example", companyName: "Later Bakery" });
  });

  it("locks an address after five failures, and says for how long", async () => {
    const wrong = { email: "target@bakery.example", password: "wrong wrong wrong", app: App.DASHBOARD };
    for (let i = 0; i < 5; i += 1) expect(await reasonOf(anyone().login(wrong))).toBe("invalid_credentials");
    const locked = await refusal(anyone().login({ ...wrong, password }));
    expect(locked.code).toBe(Code.ResourceExhausted);
    expect(locked.rawMessage).toMatch(/Try again in (59|60) seconds/);
  });

  it("does not let a client into the dm portal", async () => {
    await identity.signedUp("client@bakery.example");
    expect(await reasonOf(anyone().login({ email: "client@bakery.example", password, app: App.DM }))).toBe(
      "invalid_credentials",
    );
  });
});

describe("a session", () => {
  it("rotates its refresh token, and ends when a used one comes back", async () => {
    await identity.signedUp("rotate@bakery.example");
    const first = await identity.signedIn("rotate@bakery.example");
    const { tokens: second } = await anyone().refresh({ refreshToken: first.refreshToken });
    expect(second?.refreshToken).not.toBe(first.refreshToken);
    for (const refreshToken of [first.refreshToken, second?.refreshToken ?? ""])
      expect(await reasonOf(anyone().refresh({ refreshToken }))).toBe("session_ended");
    await expect
      .poll(() => reasonOf(person(second?.accessToken ?? "").getMe({})), { timeout: 5_000 })
      .toBe("session_revoked");
    expect((await (await identity.t.nats.kv(RIGHTS_BUCKET)).get(revokedKey(first.sid)))?.string()).toBe("1");
  });

  it("is listed with its device, and ended from another one, alone or with all others", async () => {
    await identity.signedUp("devices@bakery.example");
    const here = await identity.signedIn("devices@bakery.example");
    const there = [1, 2, 3].map(() => identity.signedIn("devices@bakery.example"));
    const [lost, ...others] = await Promise.all(there);
    const open = await person(here.accessToken).listSessions({});
    expect(open.sessions).toHaveLength(4);
    expect(open.sessions.filter(({ current }) => current).map(({ ref }) => ref)).toEqual([here.sid]);
    await person(here.accessToken).revokeSession({ sessionRef: lost?.sid });
    expect(await reasonOf(anyone().refresh({ refreshToken: lost?.refreshToken }))).toBe("session_ended");
    expect(await person(here.accessToken).revokeOtherSessions({})).toMatchObject({ ended: 2 });
    for (const { refreshToken } of others)
      expect(await reasonOf(anyone().refresh({ refreshToken }))).toBe("session_ended");
    expect((await anyone().refresh({ refreshToken: here.refreshToken })).tokens).toBeDefined();
  });

  it("of somebody else can't be ended", async () => {
    await identity.signedUp("hers@bakery.example");
    await identity.signedUp("his@bakery.example");
    const hers = await identity.signedIn("hers@bakery.example");
    const his = await identity.signedIn("his@bakery.example");
    expect(await reasonOf(person(his.accessToken).revokeSession({ sessionRef: hers.sid }))).toBe("not_found");
    expect((await anyone().refresh({ refreshToken: hers.refreshToken })).tokens).toBeDefined();
  });
});

it("every table follows the isolation rules", () => catalogueTest(identity.t));
