import type { StepRole, TemplateStep } from "@leadmetrics/web";
import { describe, expect, it } from "vitest";
import {
  creditsOf,
  missing,
  movedStep,
  problemAt,
  rolesFor,
  sameSteps,
  withRole,
  withStep,
} from "./rules.ts";

const roles: StepRole[] = [
  { name: "topic-researcher", title: "Topic researcher", credits: 2, makes: "notes" },
  { name: "blog-writer", title: "Blog writer", credits: 5, makes: "draft" },
  { name: "activity-planner", title: "Planner", credits: 1, makes: "data" },
];
const step = (kind: TemplateStep["kind"], agentRole = "", credits = 0): TemplateStep => ({
  kind,
  agentRole,
  credits,
  skip: "never",
});
const short = [step("write", "blog-writer", 5), step("dm_review"), step("client_review"), step("publish")];

describe("the steps of a template", () => {
  it("offer the agents that make what a step is for", () => {
    expect(rolesFor("write", roles).map(({ name }) => name)).toEqual(["blog-writer"]);
    expect(rolesFor("publish", roles)).toEqual([]);
  });
  it("take what is missing in before the writing, with its agent and price", () => {
    expect(missing(short)).toEqual(["research", "brief"]);
    const longer = withStep(short, "research", roles);
    expect(longer.map(({ kind }) => kind)).toEqual([
      "research",
      "write",
      "dm_review",
      "client_review",
      "publish",
    ]);
    expect(creditsOf(longer)).toBe(7);
    expect(sameSteps(longer, short)).toBe(false);
  });
  it("are moved by a place, and stay at the edges", () => {
    const longer = withStep(short, "research", roles);
    expect(
      movedStep(longer, 0, 1)
        .map(({ kind }) => kind)
        .slice(0, 2),
    ).toEqual(["write", "research"]);
    expect(movedStep(longer, 0, -1)).toEqual(longer);
  });
  it("change their price with their agent", () => {
    expect(creditsOf(withRole(short, 0, "topic-researcher", roles))).toBe(2);
  });
  it("find the problem that is theirs", () => {
    expect(problemAt({ "steps[1].agent_role": "needs an agent" }, 1)).toBe("needs an agent");
    expect(problemAt({ "steps[1].agent_role": "needs an agent" }, 0)).toBeUndefined();
  });
});
