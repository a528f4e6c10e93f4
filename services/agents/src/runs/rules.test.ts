import { describe, expect, it } from "vitest";
import { afterFailure, chargeOf, FINAL, isLive, LIVE, laneOf, mayBecome, staleness } from "./rules.ts";

const LIMITS = { leaseMs: 15_000, unclaimedMs: 60_000, configMs: 30_000, creditsMs: 60_000 };
const RETRY = { attempts: 4, retry: { firstMs: 5_000, factor: 3, capMs: 300_000 } };
const NOW = new Date("2026-12-01T12:00:00Z");
const ago = (ms: number) => new Date(NOW.getTime() - ms);

describe("a run's states", () => {
  it("end for good, and can be cancelled until then", () => {
    for (const from of FINAL) for (const to of [...LIVE, ...FINAL]) expect(mayBecome(from, to)).toBe(false);
    for (const from of LIVE) expect([from, mayBecome(from, "cancelled")]).toEqual([from, true]);
    expect(isLive("awaiting_credits")).toBe(true);
  });

  it("let nothing work that was not admitted", () => {
    expect(LIVE.filter((from) => mayBecome(from, "working"))).toEqual(["admitted"]);
  });
});

describe("a run that stands still", () => {
  const run = (status: (typeof LIVE)[number], ms: number, leaseUntil: Date | null = null) =>
    staleness({ status, statusSince: ago(ms), leaseUntil }, NOW, LIMITS);

  it.each([
    ["working", 3_600_000, ago(-1), undefined],
    ["working", 1_000, ago(1), "lease_expired"],
    ["working", 1_000, null, "lease_expired"],
    ["admitted", 59_000, null, undefined],
    ["admitted", 61_000, null, "unclaimed"],
    ["awaiting_config", 31_000, null, "recheck_config"],
    ["awaiting_credits", 59_000, null, undefined],
    ["awaiting_credits", 61_000, null, "recheck_credits"],
    ["requested", 3_600_000, null, undefined],
  ] as const)("%s for %i ms with a lease until %s: %s", (status, ms, lease, wanted) => {
    expect(run(status, ms, lease)).toBe(wanted);
  });
});

describe("after a failure", () => {
  const failure = { class: "retryable", message: "It broke.", config: false } as const;

  it("a run is tried again, later each time, up to its limit", () => {
    const waits = [1, 2, 3].map((attempt) => afterFailure(attempt, failure, RETRY, 0));
    expect(waits).toEqual([
      { outcome: "retry", inMs: 5_000 },
      { outcome: "retry", inMs: 15_000 },
      { outcome: "retry", inMs: 45_000 },
    ]);
    expect(afterFailure(4, failure, RETRY, 0)).toEqual({
      outcome: "fail",
      problem: "It broke. Tried 4 times.",
    });
  });

  it("a provider's own pause is honoured", () => {
    const limited = { ...failure, class: "rate_limited", retryAfterMs: 90_000 } as const;
    expect(afterFailure(1, limited, RETRY, 1)).toEqual({ outcome: "retry", inMs: 90_000 });
  });

  it("what only a person can mend waits for that person", () => {
    const key = { ...failure, class: "auth", config: true } as const;
    expect(afterFailure(1, key, RETRY, 0)).toEqual({ outcome: "wait_for_config", problem: "It broke." });
  });

  it("what would fail again in the same way is not tried again", () => {
    expect(afterFailure(1, { ...failure, class: "invalid" }, RETRY, 0).outcome).toBe("fail");
  });
});

it("a run costs what it cost, one credit at least, and never more than was reserved", () => {
  expect([chargeOf(0, 5), chargeOf(20_001, 5), chargeOf(10_000_000, 5)]).toEqual([1, 2, 5]);
});

it("people's wishes go before the plan's bulk", () => {
  expect([laneOf("new_task"), laneOf("rejection"), laneOf("manual")]).toEqual([
    "batch",
    "interactive",
    "interactive",
  ]);
});
