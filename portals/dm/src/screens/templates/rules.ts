import type { SkipRule, StepRole, TemplateStep, TemplateStepKind } from "@leadmetrics/web";

/** Steps in words: what happens, and to what end. */
export const stepWords: Record<TemplateStepKind, { name: string; does: string }> = {
  research: { name: "Research", does: "gathers what the tenant's knowledge says" },
  brief: { name: "Brief", does: "says what the text is to be" },
  write: { name: "Write", does: "writes the draft" },
  dm_review: { name: "DM review", does: "a reviewer reads and decides" },
  client_review: { name: "Client review", does: "the client reads and decides" },
  publish: { name: "Publish", does: "goes out where it was planned for" },
};

/** What the agent of a step has to bring; the others are people's and the publisher's. */
const MAKES: Partial<Record<TemplateStepKind, string>> = {
  research: "notes",
  brief: "notes",
  write: "draft",
};

export const isAgentStep = (kind: TemplateStepKind): boolean => MAKES[kind] !== undefined;

/** The agents that can do a step. */
export const rolesFor = (kind: TemplateStepKind, roles: readonly StepRole[]): StepRole[] =>
  roles.filter((role) => role.makes === MAKES[kind]);

/** Whether a step may be left out for some items; the writing and people's decisions never are. */
export const maySkip = (kind: TemplateStepKind): boolean => MAKES[kind] === "notes";

/** Agents' steps that aren't there. */
export const missing = (steps: readonly TemplateStep[]): TemplateStepKind[] =>
  (Object.keys(MAKES) as TemplateStepKind[]).filter((kind) => !steps.some((step) => step.kind === kind));

/** The steps with one more, before the writing or, without one, before people's. */
export function withStep(
  steps: readonly TemplateStep[],
  kind: TemplateStepKind,
  roles: readonly StepRole[],
): TemplateStep[] {
  const role = rolesFor(kind, roles)[0];
  const at = steps.findIndex((step) => step.kind === "write" || !isAgentStep(step.kind));
  const step: TemplateStep = {
    kind,
    agentRole: role?.name ?? "",
    skip: "never",
    credits: role?.credits ?? 0,
  };
  return steps.toSpliced(at < 0 ? steps.length : at, 0, step);
}

/** The steps with one of them moved by a place; the same at the edges. */
export function movedStep(steps: readonly TemplateStep[], from: number, by: 1 | -1): TemplateStep[] {
  const step = steps[from];
  const to = from + by;
  if (!step || to < 0 || to >= steps.length) return [...steps];
  return steps.toSpliced(from, 1).toSpliced(to, 0, step);
}

/** The steps with another agent at one of them, and what that one charges. */
export function withRole(
  steps: readonly TemplateStep[],
  at: number,
  name: string,
  roles: readonly StepRole[],
): TemplateStep[] {
  const credits = roles.find((role) => role.name === name)?.credits ?? 0;
  return steps.map((step, index) => (index === at ? { ...step, agentRole: name, credits } : step));
}

export const withSkip = (steps: readonly TemplateStep[], at: number, skip: SkipRule): TemplateStep[] =>
  steps.map((step, index) => (index === at ? { ...step, skip } : step));

/** Credits of one item. */
export const creditsOf = (steps: readonly TemplateStep[]): number =>
  steps.reduce((sum, { credits }) => sum + credits, 0);

/** Two lists of steps that make the same. */
export const sameSteps = (a: readonly TemplateStep[], b: readonly TemplateStep[]): boolean =>
  JSON.stringify(a.map(plain)) === JSON.stringify(b.map(plain));

const plain = ({ kind, agentRole, skip }: TemplateStep) => [kind, agentRole, skip];

/** What is wrong with one step, of a refusal that names its steps by place. */
export const problemAt = (fields: Readonly<Record<string, string>>, index: number): string | undefined =>
  Object.entries(fields).find(([field]) => field.startsWith(`steps[${index}]`))?.[1];
