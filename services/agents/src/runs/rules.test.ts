import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FAILURE_CLASSES } from "../adapters/failure.ts";
import {
  afterFailure,
  chargeOf,
  FINAL,
  isLive,
  LIVE,
  laneOf,
  mayBecome,
  staleness,
  triesOf,
} from "./rules.ts";

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

  it("all lead to an end, and none but a run at work succeeds", () => {
    for (const start of LIVE) {
      const reached = new Set<string>([start]);
      for (const from of reached) {
        for (const to of [...LIVE, ...FINAL]) if (mayBecome(from as typeof start, to)) reached.add(to);
      }
      expect([start, ...FINAL.filter((end) => reached.has(end))]).toEqual([start, ...FINAL]);
    }
    expect(LIVE.filter((from) => mayBecome(from, "succeeded"))).toEqual(["working"]);
  });

  it("let nothing work that was not admitted", () => {
    expect(LIVE.filter((from) => mayBecome(from, "working"))).toEqual(["admitted"]);
  });
});

describe("a run that stands still", () => {
  const run = (
    status: (typeof LIVE)[number],
    ms: number,
    leaseUntil: Date | null = null,
    notBefore = ago(ms),
  ) => staleness({ status, statusSince: ago(ms), leaseUntil, notBefore }, NOW, LIMITS);

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

  it("is looked at sooner where runs at work may leave room", () => {
    expect(run("awaiting_credits", 6_000, null, ago(1_000))).toBe("recheck_credits");
    expect(run("awaiting_credits", 6_000, null, ago(-1_000))).toBeUndefined();
  });
});

it("a run that ended never stands still, and one with a lease in the future never does", () => {
  const at = fc.date({ min: ago(1e9), max: NOW, noInvalidDate: true });
  fc.assert(
    fc.property(fc.constantFrom(...FINAL), at, fc.option(at), (status, statusSince, leaseUntil) => {
      expect(
        staleness({ status, statusSince, leaseUntil, notBefore: statusSince }, NOW, LIMITS),
      ).toBeUndefined();
      const ahead = new Date(NOW.getTime() + 1);
      expect(
        staleness({ status: "working", statusSince, leaseUntil: ahead, notBefore: statusSince }, NOW, LIMITS),
      ).toBeUndefined();
    }),
  );
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

  it("any run is tried a limited number of times, never sooner than asked and never endlessly later", () => {
    const failed = fc.record({
      class: fc.constantFrom(...FAILURE_CLASSES),
      message: fc.constant("It broke."),
      config: fc.boolean(),
      retryAfterMs: fc.option(fc.integer({ min: 1, max: 3_600_000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        failed,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, why, jitter) => {
          const next = afterFailure(n, why, RETRY, jitter);
          if (why.config) expect(next).toEqual({ outcome: "wait_for_config", problem: why.message });
          else if (n >= RETRY.attempts) expect(next.outcome).toBe("fail");
          if (next.outcome !== "retry") return;
          expect(["retryable", "rate_limited", "unknown"]).toContain(why.class);
          expect(next.inMs).toBeGreaterThanOrEqual(Math.max(RETRY.retry.firstMs, why.retryAfterMs ?? 0));
          expect(next.inMs).toBeLessThanOrEqual(Math.max(RETRY.retry.capMs * 1.25, why.retryAfterMs ?? 0));
        },
      ),
    );
  });

  it("a provider's own pause is honoured", () => {
    const limited = { ...failure, class: "rate_limited", retryAfterMs: 90_000 } as const;
    expect(afterFailure(1, limited, RETRY, 1)).toEqual({ outcome: "retry", inMs: 90_000 });
  });

  it("what only a person can mend waits for that person", () => {
    const key = { ...failure, class: "auth", config: true } as const;
    expect(afterFailure(1, key, RETRY, 0)).toEqual({ outcome: "wait_for_config", problem: "It broke." });
  });

  it.each([
    ["overloaded, at its last try", { ...failure }, 4, "fall_back"],
    ["overloaded, with tries left", { ...failure }, 3, "retry"],
    ["limited, at its last try", { ...failure, class: "rate_limited" }, 4, "fall_back"],
    ["without credit", { ...failure, class: "budget", config: true }, 1, "fall_back"],
    ["refused its key", { ...failure, class: "auth", config: true }, 1, "fall_back"],
    ["of no use", { ...failure, class: "invalid" }, 1, "fail"],
    ["of a model nobody knows", { ...failure, class: "invalid", config: true }, 1, "wait_for_config"],
    ["stopped by a person", { ...failure, class: "cancelled" }, 1, "fail"],
    ["broken for no known reason", { ...failure, class: "unknown" }, 4, "fail"],
  ] as const)("with another model to go on with, an answer %s", (_what, why, attempt, outcome) => {
    expect(afterFailure(attempt, why, RETRY, 0, true).outcome).toBe(outcome);
  });

  it("each model has its own tries", () => {
    expect([triesOf({ attempt: 1, setup_attempt: 1 }), triesOf({ attempt: 6, setup_attempt: 5 })]).toEqual([
      1, 2,
    ]);
  });

  it("what would fail again in the same way is not tried again", () => {
    expect(afterFailure(1, { ...failure, class: "invalid" }, RETRY, 0).outcome).toBe("fail");
  });
});

it("a run costs what it cost, one credit at least, and never more than was reserved", () => {
  expect([chargeOf(0, 5), chargeOf(20_001, 5), chargeOf(10_000_000, 5)]).toEqual([1, 2, 5]);
});

it("a run that costs more is never charged less, nor anything but whole credits within its reservation", () => {
  const cost = fc.integer({ min: 0, max: 1_000_000_000 });
  fc.assert(
    fc.property(cost, cost, fc.integer({ min: 1, max: 100 }), (a, b, reserved) => {
      const [less, more] = [chargeOf(Math.min(a, b), reserved), chargeOf(Math.max(a, b), reserved)];
      expect(less).toBeLessThanOrEqual(more);
      expect(Number.isInteger(more) && more >= 1 && more <= reserved).toBe(true);
    }),
  );
});

it("people's wishes go before the plan's bulk", () => {
  expect([laneOf("new_task"), laneOf("rejection"), laneOf("manual")]).toEqual([
    "batch",
    "interactive",
    "interactive",
  ]);
});
