import { fromBinary } from "@bufbuild/protobuf";
import { SignInMethodChange, SignInMethodsChangedSchema } from "@leadmetrics/proto/identity/events/v1/events";
import { App, AuthService } from "@leadmetrics/proto/identity/v1/auth";
import { SecondFactorService } from "@leadmetrics/proto/identity/v1/security";
import { sql } from "kysely";
import { TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TUNABLES } from "../src/tunables.ts";
import { type IdentityTest, password, reasonOf, startIdentity } from "./fixture.ts";

let identity: IdentityTest;
beforeAll(async () => {
  identity = await startIdentity();
});
afterAll(() => identity?.close());

const anyone = () => identity.client(AuthService);

/** The app on somebody's phone. `steps` looks at its clock as if it went wrong. */
function phone(secret: string) {
  const totp = new TOTP({ secret, digits: 6, period: 30 });
  return (steps = 0) => totp.generate({ timestamp: Date.now() + steps * TUNABLES.totpStepMs });
}

/** Somebody with the second factor on. The code of the step before was used to confirm it. */
async function withTotp(email: string) {
  const userId = await identity.signedUp(email);
  const { accessToken } = await identity.signedIn(email);
  const security = identity.client(SecondFactorService, accessToken);
  const { secret } = await security.startTotp({ password });
  const code = phone(secret);
  const { recoveryCodes } = await security.confirmTotp({ code: code(-1) });
  return { userId, accessToken, security, secret, code, recoveryCodes };
}

const firstStep = async (email: string) => {
  const { tokens, challenge } = await anyone().login({ email, password, app: App.DASHBOARD });
  expect(tokens).toBeUndefined();
  return challenge?.token ?? "";
};

/** Lets an address or a person try again: what a minute of waiting does. */
const unlock = () => identity.t.db.global((tx) => tx.deleteFrom("login_attempt").execute());

describe("an authenticator app", () => {
  it("is set up with the password, confirmed with a code, and asked for from then on", async () => {
    await identity.signedUp("app@bakery.example");
    const { accessToken } = await identity.signedIn("app@bakery.example");
    const security = identity.client(SecondFactorService, accessToken);
    expect(await reasonOf(security.startTotp({ password: "not my password" }))).toBe("wrong_password");
    const { secret, otpauthUri } = await security.startTotp({ password });
    expect(otpauthUri).toContain(`secret=${secret}`);
    expect((await security.getSecondFactor({})).totpOn).toBe(false);
    // Not confirmed yet: a QR code nobody scanned must not lock anybody out.
    expect(
      (await anyone().login({ email: "app@bakery.example", password, app: App.DASHBOARD })).tokens,
    ).toBeDefined();

    expect(await reasonOf(security.confirmTotp({ code: "000000" }))).toBe("invalid_code");
    const { recoveryCodes } = await security.confirmTotp({ code: phone(secret)() });
    expect(new Set(recoveryCodes).size).toBe(TUNABLES.recoveryCodes);
    expect(await security.getSecondFactor({})).toMatchObject({ totpOn: true, recoveryCodesLeft: 10 });
    expect(await reasonOf(security.startTotp({ password }))).toBe("totp_on");

    const challengeToken = await firstStep("app@bakery.example");
    const { login } = await anyone().loginWithCode({ challengeToken, code: phone(secret)(1) });
    expect(login?.membership?.tenantRef).toBe(identity.tenantRef);
    expect(login?.tokens?.accessToken).toBeTruthy();
  });

  it("keeps secret and recovery codes so that the database alone tells nothing", async () => {
    const { userId, secret, recoveryCodes } = await withTotp("sealed@bakery.example");
    const rows = await identity.t.db.global(async (tx) => [
      await tx.selectFrom("totp_secret").selectAll().where("user_id", "=", userId).execute(),
      await tx.selectFrom("recovery_code").selectAll().where("user_id", "=", userId).execute(),
    ]);
    const stored = JSON.stringify(rows);
    expect(stored).not.toContain(secret);
    for (const code of recoveryCodes) {
      expect(stored).not.toContain(code);
      expect(stored).not.toContain(code.replaceAll("-", ""));
    }
  });

  it("refuses a code that was taken, in the same step and from another challenge", async () => {
    const { code } = await withTotp("replay@bakery.example");
    const seen = code();
    await anyone().loginWithCode({ challengeToken: await firstStep("replay@bakery.example"), code: seen });
    const again = await firstStep("replay@bakery.example");
    expect(await reasonOf(anyone().loginWithCode({ challengeToken: again, code: seen }))).toBe(
      "invalid_code",
    );
  });

  it("takes one of the same code sent many times at once", async () => {
    const { code } = await withTotp("race@bakery.example");
    const seen = code();
    const challenges = [await firstStep("race@bakery.example"), await firstStep("race@bakery.example")];
    const sent = await Promise.allSettled(
      challenges.map((challengeToken) => anyone().loginWithCode({ challengeToken, code: seen })),
    );
    expect(sent.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("gives a challenge for one sign-in, a few tries and a few minutes", async () => {
    const { code } = await withTotp("once@bakery.example");
    const used = await firstStep("once@bakery.example");
    await anyone().loginWithCode({ challengeToken: used, code: code() });
    expect(await reasonOf(anyone().loginWithCode({ challengeToken: used, code: code(1) }))).toBe(
      "challenge_over",
    );

    const late = await firstStep("once@bakery.example");
    await identity.t.db.global((tx) =>
      tx.updateTable("challenge").set({ expires_on: new Date() }).where("used_on", "is", null).execute(),
    );
    expect(await reasonOf(anyone().loginWithCode({ challengeToken: late, code: code(1) }))).toBe(
      "challenge_over",
    );

    const guessed = await firstStep("once@bakery.example");
    for (let i = 0; i < TUNABLES.challengeAttempts; i += 1) {
      await unlock();
      expect(await reasonOf(anyone().loginWithCode({ challengeToken: guessed, code: "000000" }))).toBe(
        "invalid_code",
      );
    }
    await unlock();
    expect(await reasonOf(anyone().loginWithCode({ challengeToken: guessed, code: code(1) }))).toBe(
      "challenge_over",
    );
  });

  it("counts wrong codes to the lockout of the address, also over several challenges at once", async () => {
    const { code } = await withTotp("guessed@bakery.example");
    const challenges: string[] = [];
    for (let i = 0; i < 3; i += 1) challenges.push(await firstStep("guessed@bakery.example"));
    const reasons = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        reasonOf(anyone().loginWithCode({ challengeToken: challenges[i % 3] ?? "", code: "000000" })),
      ),
    );
    expect(reasons.filter((reason) => reason === "invalid_code")).toHaveLength(TUNABLES.lockAfterFailures);
    expect(reasons.filter((reason) => reason === "locked_out")).toHaveLength(12 - TUNABLES.lockAfterFailures);
    // The right password and the right code don't help now.
    expect(
      await reasonOf(anyone().login({ email: "guessed@bakery.example", password, app: App.DASHBOARD })),
    ).toBe("locked_out");
    expect(
      await reasonOf(anyone().loginWithCode({ challengeToken: challenges[0] ?? "", code: code() })),
    ).toBe("locked_out");
    await unlock();
  });

  it("can't be guessed by giving the right password between two wrong codes", async () => {
    await withTotp("between@bakery.example");
    for (let i = 0; i < TUNABLES.lockAfterFailures; i += 1) {
      const challengeToken = await firstStep("between@bakery.example");
      await reasonOf(anyone().loginWithCode({ challengeToken, code: "000000" }));
    }
    expect(await reasonOf(firstStep("between@bakery.example"))).toBe("locked_out");
    await unlock();
  });
});

it("a new password stops sign-ins that were begun with the old one", async () => {
  const { accessToken, code } = await withTotp("begun@bakery.example");
  const challengeToken = await firstStep("begun@bakery.example");
  await identity
    .client(AuthService, accessToken)
    .changePassword({ currentPassword: password, newPassword: "oats and honey by noon" });
  expect(await reasonOf(anyone().loginWithCode({ challengeToken, code: code() }))).toBe("challenge_over");
});

describe("recovery codes", () => {
  it("sign in once each, however they are typed", async () => {
    const { recoveryCodes, security } = await withTotp("lost@bakery.example");
    const [one = ""] = recoveryCodes;
    await anyone().loginWithCode({
      challengeToken: await firstStep("lost@bakery.example"),
      code: one.toLowerCase().replaceAll("-", " "),
    });
    expect((await security.getSecondFactor({})).recoveryCodesLeft).toBe(9);
    const again = await firstStep("lost@bakery.example");
    expect(await reasonOf(anyone().loginWithCode({ challengeToken: again, code: one }))).toBe("invalid_code");
  });

  it("of somebody else don't", async () => {
    const { recoveryCodes } = await withTotp("mine@bakery.example");
    await withTotp("theirs@bakery.example");
    const challengeToken = await firstStep("theirs@bakery.example");
    expect(await reasonOf(anyone().loginWithCode({ challengeToken, code: recoveryCodes[0] ?? "" }))).toBe(
      "invalid_code",
    );
  });

  it("are replaced with password and code, and the old ones stop working", async () => {
    const { security, recoveryCodes, code } = await withTotp("anew@bakery.example");
    expect(await reasonOf(security.regenerateRecoveryCodes({ password, code: "000000" }))).toBe(
      "invalid_code",
    );
    const fresh = await security.regenerateRecoveryCodes({ password, code: code() });
    expect(fresh.recoveryCodes).toHaveLength(10);
    const challengeToken = await firstStep("anew@bakery.example");
    expect(await reasonOf(anyone().loginWithCode({ challengeToken, code: recoveryCodes[1] ?? "" }))).toBe(
      "invalid_code",
    );
    await anyone().loginWithCode({ challengeToken, code: fresh.recoveryCodes[1] ?? "" });
  });
});

it("its owner is told of each change, in case it wasn't them", async () => {
  const { userId, security, code } = await withTotp("told@bakery.example");
  await security.regenerateRecoveryCodes({ password, code: code() });
  await unlock();
  await security.disableTotp({ password, code: code(1) });
  const told = await identity.t.db.withSystem("test", async (tx) => {
    const { rows } = await sql<{ payload: Uint8Array }>`
      select payload from kit.outbox where aggregate_key = ${userId}
        and event_type = ${SignInMethodsChangedSchema.typeName} order by seq`.execute(tx);
    return rows.map(({ payload }) => fromBinary(SignInMethodsChangedSchema, payload));
  });
  expect(told.map(({ change }) => change)).toEqual([
    SignInMethodChange.APP_ADDED,
    SignInMethodChange.RECOVERY_CODES_RENEWED,
    SignInMethodChange.APP_REMOVED,
  ]);
  expect(told.every(({ email, app }) => email === "told@bakery.example" && app === App.DASHBOARD)).toBe(true);
});

describe("turning it off", () => {
  it("takes the password and a code, and the sign-in is one step again", async () => {
    const { security, code } = await withTotp("off@bakery.example");
    expect(await reasonOf(security.disableTotp({ password: "not my password", code: code() }))).toBe(
      "wrong_password",
    );
    expect(await reasonOf(security.disableTotp({ password, code: "000000" }))).toBe("invalid_code");
    const waiting = await firstStep("off@bakery.example");
    await security.disableTotp({ password, code: code() });
    expect(await security.getSecondFactor({})).toMatchObject({ totpOn: false, recoveryCodesLeft: 0 });
    expect(await reasonOf(anyone().loginWithCode({ challengeToken: waiting, code: code(1) }))).toBe(
      "challenge_over",
    );
    await identity.signedIn("off@bakery.example");
    expect(await reasonOf(security.disableTotp({ password, code: code(1) }))).toBe("totp_off");
  });

  it("locks a person who guesses at an open screen, apart from the address that strangers can lock", async () => {
    const { security } = await withTotp("screen@bakery.example");
    for (let i = 0; i < TUNABLES.lockAfterFailures; i += 1)
      await reasonOf(security.disableTotp({ password, code: "000000" }));
    expect(await reasonOf(security.disableTotp({ password, code: "000000" }))).toBe("locked_out");
    expect(await firstStep("screen@bakery.example")).toBeTruthy();
  });
});
