import { App, AuthService } from "@leadmetrics/proto/identity/v1/auth";
import { PasskeysService } from "@leadmetrics/proto/identity/v1/security";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Misbehaviour, SoftwareAuthenticator } from "./authenticator.ts";
import { type IdentityTest, password, payloadOf, reasonOf, startIdentity } from "./fixture.ts";

const ORIGIN = "http://localhost:3000";
let identity: IdentityTest;
beforeAll(async () => {
  identity = await startIdentity();
});
afterAll(() => identity?.close());

const anyone = () => identity.client(PasskeysService);
const start = async (app = App.DASHBOARD) => (await anyone().startPasskeySignIn({ app })).optionsJson;
const finish = (responseJson: string, app = App.DASHBOARD) =>
  anyone().finishPasskeySignIn({ app, responseJson });

/** Somebody with one passkey, and the device that holds it. */
async function withPasskey(email: string) {
  const userId = await identity.signedUp(email);
  const { accessToken } = await identity.signedIn(email);
  const passkeys = identity.client(PasskeysService, accessToken);
  const device = new SoftwareAuthenticator(ORIGIN);
  const { optionsJson } = await passkeys.startPasskeyRegistration({ password });
  const { passkey } = await passkeys.finishPasskeyRegistration({
    responseJson: device.create(optionsJson),
    name: "Phone",
  });
  return { userId, passkeys, device, ref: passkey?.ref ?? "" };
}

describe("registering a passkey", () => {
  it("asks for the password, a discoverable credential and the person's presence", async () => {
    await identity.signedUp("options@bakery.example");
    const { accessToken } = await identity.signedIn("options@bakery.example");
    const passkeys = identity.client(PasskeysService, accessToken);
    expect(await reasonOf(passkeys.startPasskeyRegistration({ password: "not my password" }))).toBe(
      "wrong_password",
    );
    const { optionsJson } = await passkeys.startPasskeyRegistration({ password });
    expect(JSON.parse(optionsJson)).toMatchObject({
      rp: { id: "localhost" },
      user: { name: "options@bakery.example" },
      attestation: "none",
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    });
  });

  const bad: [string, Misbehaviour][] = [
    ["another page", { origin: "https://evil.example" }],
    ["another site", { rpId: "evil.example" }],
    ["nobody's presence", { unverified: true }],
  ];
  it.each(bad)("refuses an answer from %s", async (_what, odd) => {
    const email = `bad${JSON.stringify(odd).length}@bakery.example`;
    await identity.signedUp(email);
    const { accessToken } = await identity.signedIn(email);
    const passkeys = identity.client(PasskeysService, accessToken);
    const { optionsJson } = await passkeys.startPasskeyRegistration({ password });
    const responseJson = new SoftwareAuthenticator(ORIGIN).create(optionsJson, odd);
    expect(await reasonOf(passkeys.finishPasskeyRegistration({ responseJson, name: "x" }))).toBe(
      "invalid_argument",
    );
    expect((await passkeys.listPasskeys({})).passkeys).toEqual([]);
  });

  it("takes an answer once, in time, and only from who was asked", async () => {
    const { passkeys } = await withPasskey("asked@bakery.example");
    await identity.signedUp("other@bakery.example");
    const other = identity.client(
      PasskeysService,
      (await identity.signedIn("other@bakery.example")).accessToken,
    );
    const device = new SoftwareAuthenticator(ORIGIN);
    const { optionsJson } = await passkeys.startPasskeyRegistration({ password });
    const responseJson = device.create(optionsJson);
    expect(await reasonOf(other.finishPasskeyRegistration({ responseJson, name: "x" }))).toBe(
      "challenge_over",
    );
    // Spent by the try: it must not be good for a second one.
    expect(await reasonOf(passkeys.finishPasskeyRegistration({ responseJson, name: "x" }))).toBe(
      "challenge_over",
    );

    const slow = (await passkeys.startPasskeyRegistration({ password })).optionsJson;
    await identity.t.db.global((tx) => tx.updateTable("challenge").set({ expires_on: new Date() }).execute());
    expect(
      await reasonOf(passkeys.finishPasskeyRegistration({ responseJson: device.create(slow), name: "x" })),
    ).toBe("challenge_over");
  });

  it("tells the authenticator which passkeys there are, so that none is made twice", async () => {
    const { passkeys } = await withPasskey("twice@bakery.example");
    const { optionsJson } = await passkeys.startPasskeyRegistration({ password });
    expect((JSON.parse(optionsJson) as { excludeCredentials: unknown[] }).excludeCredentials).toHaveLength(1);
  });
});

describe("signing in with a passkey", () => {
  it("needs no address and no password, and opens a session like any other", async () => {
    const { device, passkeys } = await withPasskey("in@bakery.example");
    const optionsJson = await start();
    expect(JSON.parse(optionsJson)).toMatchObject({ rpId: "localhost", userVerification: "required" });
    expect(optionsJson).not.toContain('allowCredentials":[{');
    const { login } = await finish(device.get(optionsJson));
    expect(login?.user?.email).toBe("in@bakery.example");
    expect(payloadOf(login?.tokens?.accessToken ?? "")).toMatchObject({
      tid: identity.tenantRef,
      role: "owner",
    });
    const { sessions } = await identity.client(AuthService, login?.tokens?.accessToken).listSessions({});
    expect(sessions.map(({ current }) => current)).toContain(true);
    expect((await passkeys.listPasskeys({})).passkeys[0]?.lastUsedOn).toBeDefined();
  });

  it("works while strangers have locked the address", async () => {
    const { device } = await withPasskey("locked@bakery.example");
    const auth = identity.client(AuthService);
    for (let i = 0; i < 6; i += 1)
      await reasonOf(
        auth.login({ email: "locked@bakery.example", password: "wrong wrong wrong", app: App.DASHBOARD }),
      );
    expect((await finish(device.get(await start()))).login?.tokens).toBeDefined();
  });

  const bad: [string, Misbehaviour][] = [
    ["another page", { origin: "https://evil.example" }],
    ["another portal's page", { origin: "http://localhost:3002" }],
    ["another site", { rpId: "evil.example" }],
    ["an authenticator that asked nobody", { unverified: true }],
    ["a key that isn't the passkey's", { wrongKey: true }],
    ["a challenge that was never asked", { challenge: Buffer.alloc(32, 1).toString("base64url") }],
    ["a handle that is somebody else's", { userHandle: Buffer.alloc(16, 1).toString("base64url") }],
  ];
  it.each(bad)("refuses an answer from %s", async (what, odd) => {
    const { device } = await withPasskey(`${what.replace(/\W/g, "")}@bakery.example`);
    expect(await reasonOf(finish(device.get(await start(), odd)))).toBe("invalid_passkey");
    // It was the answer that was wrong, nothing else.
    expect((await finish(device.get(await start()))).login?.tokens).toBeDefined();
  });

  it("takes each challenge once, in time, and for the portal it was asked in", async () => {
    const { device } = await withPasskey("challenge@bakery.example");
    const asked = await start();
    await finish(device.get(asked));
    expect(await reasonOf(finish(device.get(asked)))).toBe("invalid_passkey");
    const wrongTry = await start();
    expect(await reasonOf(finish(device.get(wrongTry, { wrongKey: true })))).toBe("invalid_passkey");
    expect(await reasonOf(finish(device.get(wrongTry)))).toBe("invalid_passkey");
    const late = await start();
    await identity.t.db.global((tx) => tx.updateTable("challenge").set({ expires_on: new Date() }).execute());
    expect(await reasonOf(finish(device.get(late)))).toBe("invalid_passkey");
    const dm = await start(App.DM);
    expect(await reasonOf(finish(device.get(dm)))).toBe("invalid_passkey");
  });

  it("refuses a counter that doesn't go up: somebody has a copy", async () => {
    const { device } = await withPasskey("copy@bakery.example");
    await finish(device.get(await start(), { counter: 7 }));
    expect(await reasonOf(finish(device.get(await start(), { counter: 7 })))).toBe("invalid_passkey");
    expect(await reasonOf(finish(device.get(await start(), { counter: 3 })))).toBe("invalid_passkey");
    expect((await finish(device.get(await start(), { counter: 8 }))).login?.tokens).toBeDefined();
  });

  it("doesn't open a portal that isn't the person's", async () => {
    const { device } = await withPasskey("client@bakery.example");
    const optionsJson = await start(App.DM);
    const responseJson = device.get(optionsJson, { origin: "http://localhost:3002" });
    expect(await reasonOf(finish(responseJson, App.DM))).toBe("invalid_passkey");
  });

  it("is over with the account", async () => {
    const { device, userId } = await withPasskey("gone@bakery.example");
    await identity.t.db.global((tx) =>
      tx.updateTable("user_account").set({ deactivated_on: new Date() }).where("id", "=", userId).execute(),
    );
    expect(await reasonOf(finish(device.get(await start())))).toBe("invalid_passkey");
  });
});

describe("keeping passkeys", () => {
  it("lists, renames and removes one's own; removing takes the password", async () => {
    const { device, passkeys, ref } = await withPasskey("keep@bakery.example");
    await passkeys.renamePasskey({ passkeyRef: ref, name: "Old phone" });
    expect((await passkeys.listPasskeys({})).passkeys).toMatchObject([
      { ref, name: "Old phone", rpId: "localhost", synced: false },
    ]);
    expect(await reasonOf(passkeys.removePasskey({ passkeyRef: ref, password: "not my password" }))).toBe(
      "wrong_password",
    );
    await passkeys.removePasskey({ passkeyRef: ref, password });
    expect((await passkeys.listPasskeys({})).passkeys).toEqual([]);
    expect(await reasonOf(finish(device.get(await start())))).toBe("invalid_passkey");
  });

  it("doesn't touch anybody else's", async () => {
    const { ref } = await withPasskey("hers@bakery.example");
    const { passkeys } = await withPasskey("his@bakery.example");
    expect(await reasonOf(passkeys.renamePasskey({ passkeyRef: ref, name: "Mine" }))).toBe("not_found");
    expect(await reasonOf(passkeys.removePasskey({ passkeyRef: ref, password }))).toBe("not_found");
    expect((await passkeys.listPasskeys({})).passkeys.map((one) => one.ref)).not.toContain(ref);
  });
});
