import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Amounts,
  admits,
  amountText,
  type Cap,
  estimateOf,
  fillsOf,
  limitsOf,
  METRICS,
  NOTHING,
  refusalText,
  SCOPES,
  type Scope,
  type Use,
  untold,
} from "./rules.ts";

const amounts = (some: Partial<Amounts>): Amounts => ({ ...NOTHING, ...some });
const cap = (author: Cap["author"], limits: Partial<Amounts>, scope: Scope = "tenant", role = ""): Cap => ({
  author,
  scope,
  role,
  limits: amounts(limits),
});
const use = (used: Partial<Amounts>, reserved: Partial<Amounts> = {}, scope: Scope = "tenant"): Use => ({
  scope,
  used: amounts(used),
  reserved: amounts(reserved),
  nearTold: [],
  reachedTold: [],
});
const ONE = amounts({ money: 100, tokens: 1_000, runs: 1 });
const judge = (uses: readonly Use[], caps: readonly Cap[], estimate = ONE) =>
  admits(uses, (scope) => limitsOf(caps, scope, "blog-writer"), estimate);

describe("what holds", () => {
  it("is the platform's word for the tenant, in place of the default as a whole", () => {
    const caps = [cap("default", { runs: 10, tokens: 500 }), cap("platform", { runs: 20 })];
    expect(limitsOf(caps, "tenant", "")).toMatchObject({
      inForce: { runs: 20, tokens: 0 },
      followsDefault: false,
    });
    expect(limitsOf(caps.slice(0, 1), "tenant", "")).toMatchObject({
      inForce: { runs: 10, tokens: 500 },
      followsDefault: true,
    });
  });

  it("is never more than the tenant wants, nor than the platform gives", () => {
    const caps = [cap("default", { runs: 10, money: 5 }), cap("tenant", { runs: 3, money: 50, tokens: 7 })];
    expect(limitsOf(caps, "tenant", "").inForce).toEqual({ runs: 3, money: 5, tokens: 7 });
  });

  it("of a role is that role's alone", () => {
    const caps = [cap("default", { runs: 1 }, "role", "blog-writer")];
    expect(limitsOf(caps, "role", "blog-writer").inForce.runs).toBe(1);
    expect(limitsOf(caps, "role", "topic-researcher").inForce.runs).toBe(0);
    expect(limitsOf(caps, "tenant", "").inForce.runs).toBe(0);
  });

  it("is said to be the tenant's own only where that is the narrower one", () => {
    const limits = limitsOf(
      [cap("default", { runs: 10, money: 5 }), cap("tenant", { runs: 3, money: 9 })],
      "tenant",
      "",
    );
    expect(fillsOf(limits, use({})).map(({ metric, own }) => [metric, own])).toEqual([
      ["money", false],
      ["runs", true],
    ]);
  });
});

describe("a run", () => {
  it("begins where nothing limits it, and where it just fits", () => {
    expect(judge([use({ runs: 1_000 })], [])).toEqual({ kind: "fits", near: [] });
    expect(judge([use({ runs: 7 }, { runs: 2 })], [cap("default", { runs: 10 })]).kind).toBe("fits");
  });

  it("waits for good when what is used leaves no room, and for the runs at work when only they are in the way", () => {
    const caps = [cap("default", { tokens: 10_000 })];
    expect(judge([use({ tokens: 9_500 })], caps)).toMatchObject({ kind: "full", at: { metric: "tokens" } });
    expect(judge([use({ tokens: 2_000 }, { tokens: 7_500 })], caps)).toMatchObject({ kind: "later" });
  });

  it("does not begin at a full cap, even if it is reckoned to use nothing", () => {
    const nothing = amounts({ runs: 1 });
    expect(judge([use({ money: 50 })], [cap("default", { money: 50 })], nothing)).toMatchObject({
      kind: "full",
    });
    expect(judge([use({ money: 49 })], [cap("default", { money: 50 })], nothing).kind).toBe("fits");
  });

  it("is measured against every scope it counts in", () => {
    const caps = [cap("default", { runs: 100 }), cap("platform", { runs: 3 }, "activity")];
    const uses = [use({ runs: 1 }), use({ runs: 3 }, {}, "activity")];
    expect(judge(uses, caps)).toMatchObject({ kind: "full", at: { scope: "activity", metric: "runs" } });
  });

  it("is news when it brings a cap to four fifths, once", () => {
    const caps = [cap("default", { runs: 10 })];
    const fits = judge([use({ runs: 7 })], caps);
    if (fits.kind !== "fits") throw new Error("it fits");
    expect(fits.near).toMatchObject([{ metric: "runs", used: 7, reserved: 1 }]);
    expect(untold(fits.near, [use({})], "nearTold")).toHaveLength(1);
    expect(untold(fits.near, [{ ...use({}), nearTold: ["runs"] }], "nearTold")).toHaveLength(0);
    expect(judge([use({ runs: 6 })], caps)).toEqual({ kind: "fits", near: [] });
  });

  it("never brings used and taken aside past a cap, whatever comes in whatever order", () => {
    const amount = fc.integer({ min: 0, max: 60 });
    const step = fc.record({
      what: fc.constantFrom("begin", "end", "drop"),
      runs: fc.constant(1),
      tokens: amount,
      money: amount,
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.record({ money: amount, tokens: amount, runs: amount }),
        (steps, limits) => {
          const caps = SCOPES.map((scope) => cap("default", limits, scope));
          let state = use({});
          const open: Amounts[] = [];
          for (const { what, ...estimate } of steps) {
            const uses = SCOPES.filter((scope) => scope !== "role").map((scope) => ({ ...state, scope }));
            if (what === "begin" && judge(uses, caps, estimate).kind === "fits") {
              open.push(estimate);
              state = { ...state, reserved: sum(state.reserved, estimate, 1) };
            } else if (what !== "begin") {
              const [run] = open.splice(0, 1);
              if (!run) continue;
              state = { ...state, reserved: sum(state.reserved, run, -1) };
              if (what === "end") state = { ...state, used: sum(state.used, run, 1) };
            }
            for (const metric of METRICS) {
              if (limits[metric] > 0) {
                expect(state.used[metric] + state.reserved[metric]).toBeLessThanOrEqual(limits[metric]);
              }
            }
          }
        },
      ),
    );
  });
});

describe("why it waits", () => {
  const verdict = (used: Partial<Amounts>, limits: Partial<Amounts>, scope: Scope = "tenant") => {
    const found = judge(
      [use(used, {}, scope)],
      [cap("default", limits, scope, scope === "role" ? "blog-writer" : "")],
    );
    if (found.kind === "fits") throw new Error("it fits");
    return refusalText(found, "blog-writer", ONE);
  };

  it.each([
    [
      verdict({ runs: 3 }, { runs: 3 }),
      "The month's cap on runs is reached: 3 of 3 runs used. It goes on by itself when the cap is raised or the month turns.",
    ],
    [
      verdict({ tokens: 9_500 }, { tokens: 10_000 }, "role"),
      "The month's cap of blog-writer on tokens leaves too little: 9,500 of 10,000 tokens used, and it may need 1,000 tokens. It goes on by itself when the cap is raised or the month turns.",
    ],
    [
      verdict({ runs: 2 }, { runs: 2 }, "activity"),
      "The cap of this activity on runs is reached: 2 of 2 runs used. It goes on by itself when the cap is raised.",
    ],
  ])("is told with figures: %s", (said, expected) => {
    expect(said).toBe(expected);
  });

  it("names money in dollars", () => {
    expect(amountText("money", 1_250_000)).toBe("$1.25");
  });
});

it("what is taken aside covers a prompt and the longest answer", () => {
  const estimate = estimateOf({ maxOutputTokens: 24_000 }, (input, output) => input * 2 + output * 10);
  expect(estimate).toEqual({ tokens: 40_000, money: 272_000, runs: 1 });
});

const sum = (a: Amounts, b: Amounts, sign: 1 | -1): Amounts => ({
  money: a.money + sign * b.money,
  tokens: a.tokens + sign * b.tokens,
  runs: a.runs + sign * b.runs,
});
