import { describe, expect, it } from "vitest";
import { TUNABLES } from "../tunables.ts";
import { causeOf, sessionEnd, startProblem, termsOf } from "./rules.ts";

const now = new Date("2026-11-21T10:00:00Z");
const client = { platformRole: null, verified: true, deactivated: false } as const;

describe("looking at the dashboard in somebody's place", () => {
  it("is for clients who could sign in themselves", () => {
    expect(startProblem(client)).toBeUndefined();
    for (const other of [
      { ...client, platformRole: "reviewer" as const },
      { ...client, platformRole: "super_admin" as const },
      { ...client, verified: false },
      { ...client, deactivated: true },
    ])
      expect(startProblem(other)?.reason).toBe("not_a_client");
  });

  it("lasts as long as is set, half an hour at most, and is opened within a minute", () => {
    const { expiresOn, ticketExpiresOn } = termsOf(now, 90);
    expect(termsOf(now, 5).expiresOn.toISOString()).toBe("2026-11-21T10:05:00.000Z");
    expect(expiresOn.toISOString()).toBe("2026-11-21T10:30:00.000Z");
    expect(ticketExpiresOn.toISOString()).toBe("2026-11-21T10:01:00.000Z");
  });

  it("is not made longer by use; other sessions are", () => {
    const { expiresOn } = termsOf(now, 30);
    const late = new Date(expiresOn.getTime() - 1_000);
    expect(sessionEnd(late, expiresOn)).toEqual(expiresOn);
    expect(sessionEnd(late, null).getTime()).toBe(late.getTime() + TUNABLES.sessionMs);
  });

  it("ends for a reason the client can read", () => {
    expect(causeOf("impersonation_over")).toBe("its time was over");
    expect(causeOf("password_changed")).toBe("password changed");
  });
});
