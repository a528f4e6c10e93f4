import { expect, it } from "vitest";
import { plainProblem } from "./plain.ts";
import { FINAL, LIVE, type RunStatus } from "./rules.ts";

const problem = "Claude (Anthropic), claude-x: The account has no credit left. Tried 4 times.";
const told = (status: RunStatus, error_class = "retryable") => plainProblem({ status, problem, error_class });

it("what a provider said is not for everybody, in whatever state a run is", () => {
  for (const status of [...LIVE, ...FINAL])
    if (status !== "awaiting_credits" && status !== "cancelled") {
      expect(told(status), status).not.toMatch(/claude|anthropic|credit/i);
      expect(told(status), status).toMatch(/\w\.$/);
    }
});

it("a cap, missing credits and the words of who stopped it are told as they are", () => {
  const why = "The month's cap on runs is reached: 3 of 3 runs used.";
  for (const status of ["awaiting_credits", "cancelled"] as const)
    expect(plainProblem({ status, problem: why, error_class: "" })).toBe(why);
});

it("an answer that was of no use is another thing than none", () => {
  expect(told("failed", "invalid")).not.toBe(told("failed"));
  expect(plainProblem({ status: "failed", problem: "", error_class: "" })).toBe("");
});
