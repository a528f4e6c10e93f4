import { AuthService } from "@leadmetrics/proto/identity/v1/auth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MailTokenKindName } from "../src/db.ts";
import { type IdentityTest, password, reasonOf, startIdentity } from "./fixture.ts";

const fresh = "oats and honey by noon";
let identity: IdentityTest;
beforeAll(async () => {
  identity = await startIdentity();
});
afterAll(() => identity?.close());

const anyone = () => identity.client(AuthService);

/** Whether the session can still be refreshed. */
async function isOpen(session: { refreshToken: string }): Promise<boolean> {
  return anyone()
    .refresh({ refreshToken: session.refreshToken })
    .then(
      () => true,
      () => false,
    );
}

async function resetLink(email: string): Promise<string> {
  await anyone().requestPasswordReset({ email });
  return identity.mailed(email, "password_reset");
}

describe("changing the password", () => {
  it("takes the present one, ends all other sessions and stops mailed reset links", async () => {
    const email = "change@bakery.example";
    await identity.signedUp(email);
    const here = await identity.signedIn(email);
    const there = await identity.signedIn(email);
    const link = await resetLink(email);
    const mine = identity.client(AuthService, here.accessToken);
    expect(
      await reasonOf(mine.changePassword({ currentPassword: "not my password", newPassword: fresh })),
    ).toBe("wrong_password");
    expect(await reasonOf(mine.changePassword({ currentPassword: password, newPassword: "short" }))).toBe(
      "weak_password",
    );
    await mine.changePassword({ currentPassword: password, newPassword: fresh });
    expect([await isOpen(here), await isOpen(there)]).toEqual([true, false]);
    expect(await reasonOf(anyone().resetPassword({ token: link, newPassword: password }))).toBe(
      "link_used_or_over",
    );
    expect(await reasonOf(identity.signedIn(email))).toBe("invalid_credentials");
    await identity.signedIn(email, fresh);
  });
});

describe("resetting the password", () => {
  it("ends every session, lifts a lock, and works once; other links stop with it", async () => {
    const email = "reset@bakery.example";
    await identity.signedUp(email);
    const sessions = [await identity.signedIn(email), await identity.signedIn(email)];
    for (let i = 0; i < 6; i += 1) await reasonOf(identity.signedIn(email, "wrong wrong wrong"));
    expect(await reasonOf(identity.signedIn(email))).toBe("locked_out");
    const earlier = await resetLink(email);
    const token = await resetLink(email);
    await anyone().resetPassword({ token, newPassword: fresh });
    expect(await Promise.all(sessions.map(isOpen))).toEqual([false, false]);
    await identity.signedIn(email, fresh);
    for (const used of [token, earlier])
      expect(await reasonOf(anyone().resetPassword({ token: used, newPassword: password }))).toBe(
        "link_used_or_over",
      );
  });

  it("lets one of several through that use the link at once", async () => {
    const email = "once@bakery.example";
    await identity.signedUp(email);
    const token = await resetLink(email);
    const tries = await Promise.allSettled(
      [fresh, `${fresh}!`, `${fresh}?`].map((newPassword) => anyone().resetPassword({ token, newPassword })),
    );
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

describe("a mailed link", () => {
  const kinds: MailTokenKindName[] = ["email_verification", "password_reset"];
  const use = (kind: MailTokenKindName, token: string) =>
    kind === "email_verification"
      ? anyone().verifyEmail({ token })
      : anyone().resetPassword({ token, newPassword: fresh });

  it.each(kinds)("(%s) is kept as a hash, and is over when its time is", async (kind) => {
    const email = `${kind}@bakery.example`;
    await anyone().register({ email, password, name: "Clara", companyName: "Bakery" });
    if (kind === "password_reset") await anyone().requestPasswordReset({ email });
    const token = await identity.mailed(email, kind);
    const stored = await identity.t.db.global((tx) => tx.selectFrom("mail_token").selectAll().execute());
    expect(JSON.stringify(stored)).not.toContain(token);
    await identity.t.db.global((tx) =>
      tx.updateTable("mail_token").set({ expires_on: new Date() }).where("kind", "=", kind).execute(),
    );
    expect(await reasonOf(use(kind, token))).toBe("link_used_or_over");
  });

  it.each(kinds)("(%s) works once, and not in place of the other kind", async (kind) => {
    const email = `once-${kind}@bakery.example`;
    await anyone().register({ email, password, name: "Clara", companyName: "Bakery" });
    if (kind === "password_reset") await anyone().requestPasswordReset({ email });
    const token = await identity.mailed(email, kind);
    const other = kind === "password_reset" ? "email_verification" : "password_reset";
    expect(await reasonOf(use(other, token))).toBe("link_used_or_over");
    await use(kind, token);
    expect(await reasonOf(use(kind, token))).toBe("link_used_or_over");
  });
});
