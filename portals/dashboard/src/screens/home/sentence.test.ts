import { describe, expect, it } from "vitest";
import { homeSentence } from "./sentence.ts";

const now = Date.parse("2026-07-01T00:00:00Z");
const goal = (name: string, current: number) => ({
  ref: name,
  name,
  metric: "x",
  baseline: 0,
  target: 100,
  current,
  due: "2026-12-31",
  snapshots: [{ value: 0, takenOn: "2026-01-01T00:00:00Z" }],
});

describe("the sentence at the top", () => {
  it("counts what waits and says how a goal stands", () => {
    const state = { waiting: 3, agents: 2, goals: [goal("Posts", 80)], setUp: true, now };
    expect(homeSentence(state)).toBe("3 things wait for you; 2 agents at work; “Posts” is ahead.");
  });
  it("tells of trouble before success", () => {
    const state = { waiting: 0, agents: 1, goals: [goal("Posts", 80), goal("Leads", 10)], setUp: true, now };
    expect(homeSentence(state)).toBe("Nothing waits for you; one agent at work; “Leads” is behind.");
  });
  it("welcomes who has only arrived", () => {
    expect(homeSentence({ waiting: 0, agents: 0, goals: [], setUp: false, now })).toContain("Welcome");
  });
});
