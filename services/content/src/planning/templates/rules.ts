import type { StepKindName } from "../../db.ts";
import type { Problem } from "../rules.ts";
import type { SkipRuleName, TemplateStep } from "./template.ts";

/** Characters from which an item's theme says enough for a step to be left out. */
export const THEME_SAYS_ENOUGH = 160;

/** What an agent's role is, as far as a step needs to know. */
export interface StepRole {
  readonly name: string;
  readonly title: string;
  readonly credits: number;
  /** What comes out of it: `notes` for who works on, `draft`, or something that isn't read. */
  readonly makes: string;
}

export interface WantedStep {
  readonly kind: StepKindName;
  readonly agentRole: string;
  readonly skip: SkipRuleName;
}

/** What the agent of a step has to bring; steps that aren't here are people's and the publisher's. */
const MAKES: Readonly<Partial<Record<StepKindName, "notes" | "draft">>> = {
  research: "notes",
  brief: "notes",
  write: "draft",
};

/** How the state machine goes on once a draft is written; nothing reaches the outside past it. */
const ENDING: readonly StepKindName[] = ["dm_review", "client_review", "publish"];
const ENDING_IN_WORDS = "dm_review, client_review, publish";

/** What keeps these steps from being a template, each at the step it is about; nothing when they may be one. */
export function stepProblems(steps: readonly WantedStep[], roles: readonly StepRole[]): Problem[] {
  return [
    ...orderProblems(steps.map(({ kind }) => kind)),
    ...steps.flatMap((step, index) => stepProblem(step, `steps[${index}]`, roles)),
  ];
}

function orderProblems(kinds: readonly StepKindName[]): Problem[] {
  const writes = kinds.indexOf("write");
  if (writes < 0)
    return [
      { field: "steps", description: "must have a write step: without it there is no draft to review" },
    ];
  const twice = kinds.findIndex((kind, index) => kinds.indexOf(kind) !== index);
  if (twice >= 0)
    return [
      { field: `steps[${twice}].kind`, description: `${kinds[twice]} is there already; a step comes once` },
    ];
  const early = kinds.findIndex((kind, index) => index < writes && ENDING.includes(kind));
  if (early >= 0)
    return [
      {
        field: `steps[${early}].kind`,
        description: `${kinds[early]} can't come before write: there is nothing to review or publish yet`,
      },
    ];
  const rest = kinds.slice(writes + 1);
  const wrong = ENDING.findIndex((kind, index) => rest[index] !== kind);
  if (wrong >= 0 || rest.length > ENDING.length) {
    const at = Math.min(writes + 1 + (wrong >= 0 ? wrong : ENDING.length), kinds.length - 1);
    return [
      {
        field: `steps[${at}].kind`,
        description: `after write come ${ENDING_IN_WORDS}, all three in this order: nothing goes out without a reviewer's and the client's yes`,
      },
    ];
  }
  return [];
}

function stepProblem(step: WantedStep, field: string, roles: readonly StepRole[]): Problem[] {
  const makes = MAKES[step.kind];
  if (!makes) {
    if (step.agentRole !== "")
      return [
        { field: `${field}.agent_role`, description: `must be empty: ${step.kind} is no agent's step` },
      ];
    if (step.skip !== "never")
      return [{ field: `${field}.skip`, description: `${step.kind} can't be skipped` }];
    return [];
  }
  if (step.kind === "write" && step.skip !== "never")
    return [{ field: `${field}.skip`, description: "write can't be skipped: it makes what is reviewed" }];
  const fitting = roles.filter((role) => role.makes === makes);
  if (fitting.some(({ name }) => name === step.agentRole)) return [];
  const known = fitting.map(({ name }) => name).join(", ");
  return [
    {
      field: `${field}.agent_role`,
      description: `${step.kind} needs an agent that makes ${makes === "notes" ? "notes" : "a draft"}: ${known}`,
    },
  ];
}

/** Whether a step of an item is left out. */
export function isSkipped(step: Pick<TemplateStep, "skip">, item: { readonly theme: string }): boolean {
  return step.skip === "theme_says_enough" && item.theme.trim().length >= THEME_SAYS_ENOUGH;
}
