import { App, AuthService } from "@leadmetrics/proto/identity/v1/auth";
import { PasskeysService } from "@leadmetrics/proto/identity/v1/security";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sweepChallenges } from "../src/auth/challenges.ts";
import { sweepAttempts } from "../src/auth/lockout.ts";
import { TUNABLES } from "../src/tunables.ts";
import { type IdentityTest, reasonOf, startIdentity } from "./fixture.ts";

let identity: IdentityTest;
beforeAll(async () => {
  identity = await startIdentity();
});
afterAll(() => identity?.close());

const count = (table: "challenge" | "login_attempt") =>
  identity.t.db.global(async (tx) => (await tx.selectFrom(table).selectAll().execute()).length);

describe("what strangers leave behind", () => {
  it("goes when it is over, and not before: a lock stays a lock", async () => {
    await identity.client(PasskeysService).startPasskeySignIn({ app: App.DASHBOARD });
    const guess = { email: "target@bakery.example", password: "wrong wrong wrong", app: App.DASHBOARD };
    for (let i = 0; i < TUNABLES.lockAfterFailures; i += 1)
      await reasonOf(identity.client(AuthService).login(guess));
    const sweep = (now: Date) =>
      identity.t.db.global(async (tx) => {
        await sweepChallenges(tx, now);
        await sweepAttempts(tx, now);
      });
    await sweep(new Date());
    expect([await count("challenge"), await count("login_attempt")]).toEqual([1, 1]);
    expect(await reasonOf(identity.client(AuthService).login(guess))).toBe("locked_out");
    await sweep(new Date(Date.now() + TUNABLES.failuresForgottenMs + 60_000));
    expect([await count("challenge"), await count("login_attempt")]).toEqual([0, 0]);
  });
});
