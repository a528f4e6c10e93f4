import { describe, expect, it } from "vitest";
import { templates } from "./index.ts";
import { isSkipped, type StepRole, stepProblems, THEME_SAYS_ENOUGH, type WantedStep } from "./rules.ts";

const roles: readonly StepRole[] = [
  { name: "topic-researcher", title: "Topic researcher", credits: 2, makes: "notes" },
  { name: "content-brief-writer", title: "Brief writer", credits: 1, makes: "notes" },
  { name: "blog-writer", title: "Blog writer", credits: 5, makes: "draft" },
  { name: "social-post-writer", title: "Social post writer", credits: 2, makes: "draft" },
  { name: "activity-planner", title: "Planner", credits: 1, makes: "data" },
];
const step = (kind: WantedStep["kind"], agentRole = "", skip: WantedStep["skip"] = "never"): WantedStep => ({
  kind,
  agentRole,
  skip,
});
const ending = [step("dm_review"), step("client_review"), step("publish")];
const write = step("write", "blog-writer");
const fields = (steps: readonly WantedStep[]) => stepProblems(steps, roles).map(({ field }) => field);

describe("a template's steps", () => {
  it("may be what the build brings along", () => {
    for (const template of Object.values(templates)) expect(stepProblems(template.steps, roles)).toEqual([]);
  });
  it("may leave research and brief out, or turn them round", () => {
    expect(fields([write, ...ending])).toEqual([]);
    expect(
      fields([step("brief", "content-brief-writer"), step("research", "topic-researcher"), write, ...ending]),
    ).toEqual([]);
  });
  it("need a draft before it is reviewed", () => {
    expect(fields([step("brief", "content-brief-writer"), ...ending])).toEqual(["steps"]);
    expect(fields([step("dm_review"), write, step("client_review"), step("publish")])).toEqual([
      "steps[0].kind",
    ]);
  });
  it("end with a reviewer, the client and the publisher, in this order", () => {
    expect(fields([write, step("dm_review"), step("publish")])).toEqual(["steps[2].kind"]);
    expect(fields([write, step("client_review"), step("dm_review"), step("publish")])).toEqual([
      "steps[1].kind",
    ]);
    expect(fields([write])).toEqual(["steps[0].kind"]);
    expect(fields([write, ...ending, step("research", "topic-researcher")])).toEqual(["steps[4].kind"]);
  });
  it("come once each", () => {
    expect(fields([write, write, ...ending])).toEqual(["steps[1].kind"]);
  });
  it("have agents that make what the step is for, and none where people decide", () => {
    expect(fields([step("brief", "blog-writer"), write, ...ending])).toEqual(["steps[0].agent_role"]);
    expect(fields([step("write", "activity-planner"), ...ending])).toEqual(["steps[0].agent_role"]);
    expect(fields([write, step("dm_review", "blog-writer"), ...ending.slice(1)])).toEqual([
      "steps[1].agent_role",
    ]);
    expect(stepProblems([step("write", "juggler"), ...ending], roles)[0]?.description).toContain(
      "blog-writer, social-post-writer",
    );
  });
  it("are skipped only where something else can say the same", () => {
    expect(fields([step("research", "topic-researcher", "theme_says_enough"), write, ...ending])).toEqual([]);
    expect(fields([step("write", "blog-writer", "theme_says_enough"), ...ending])).toEqual(["steps[0].skip"]);
    expect(
      fields([write, step("dm_review"), step("client_review", "", "theme_says_enough"), step("publish")]),
    ).toEqual(["steps[2].skip"]);
  });
  it("are left out for an item whose theme says enough", () => {
    const rule = { skip: "theme_says_enough" } as const;
    expect(isSkipped(rule, { theme: "x".repeat(THEME_SAYS_ENOUGH) })).toBe(true);
    expect(isSkipped(rule, { theme: `${"x".repeat(THEME_SAYS_ENOUGH - 1)}  ` })).toBe(false);
    expect(isSkipped({ skip: "never" }, { theme: "x".repeat(500) })).toBe(false);
  });
});
