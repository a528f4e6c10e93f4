import { type Id, toRef } from "@leadmetrics/kit";
import { App, AuthService } from "@leadmetrics/proto/identity/v1/auth";
import { SecondFactorService } from "@leadmetrics/proto/identity/v1/security";
import { UsersService } from "@leadmetrics/proto/identity/v1/users";
import { TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type IdentityTest, password, reasonOf, startIdentity } from "./fixture.ts";

let identity: IdentityTest;
beforeAll(async () => {
  identity = await startIdentity();
});
afterAll(() => identity?.close());

/** Somebody who runs the platform. */
async function superAdmin() {
  const email = "root@bakery.example";
  await identity.signedUp(email);
  await identity.t.db.global((tx) =>
    tx.updateTable("user_account").set({ platform_role: "super_admin" }).where("email", "=", email).execute(),
  );
  const { tokens } = await identity.client(AuthService).login({ email, password, app: App.MANAGE });
  return identity.client(UsersService, tokens?.accessToken);
}

describe("helping a person who can't sign in", () => {
  it("turns the lost second factor off, ends every session, and is not for the person themselves", async () => {
    const admin = await superAdmin();
    const email = "lost@bakery.example";
    const userRef = toRef((await identity.signedUp(email)) as Id);
    const { accessToken } = await identity.signedIn(email);
    const security = identity.client(SecondFactorService, accessToken);
    expect(await reasonOf(admin.resetSecondFactor({ userRef, reason: "lost the phone" }))).toBe("totp_off");

    const { secret } = await security.startTotp({ password });
    await security.confirmTotp({ code: new TOTP({ secret, digits: 6, period: 30 }).generate() });
    expect(await admin.listUserSessions({ userRef })).toMatchObject({ totpOn: true, passkeys: 0 });
    const own = identity.client(UsersService, accessToken);
    expect(await reasonOf(own.resetSecondFactor({ userRef, reason: "I want to" }))).toBe("forbidden");

    await admin.resetSecondFactor({ userRef, reason: "lost the phone" });
    const after = await admin.listUserSessions({ userRef });
    expect(after.totpOn).toBe(false);
    expect(after.sessions).toEqual([]);
    const { tokens, challenge } = await identity
      .client(AuthService)
      .login({ email, password, app: App.DASHBOARD });
    expect(challenge).toBeUndefined();
    expect(tokens).toBeDefined();
    expect((await admin.endUserSessions({ userRef, reason: "just to be sure" })).ended).toBe(1);
  });
});
