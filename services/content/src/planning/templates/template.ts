import type { ContentTypeName, StepKindName } from "../../db.ts";

/** When a step is left out: never, or when the item's theme says enough by itself. */
export type SkipRuleName = "never" | "theme_says_enough";

export interface TemplateStep {
  readonly kind: StepKindName;
  /** Empty for people's and the publisher's steps. */
  readonly agentRole: string;
  /** Estimate, as the roles charge. */
  readonly credits: number;
  readonly skip: SkipRuleName;
}

/** The steps every item of a kind goes through, in order. */
export interface ActivityTemplate {
  readonly contentType: ContentTypeName;
  readonly name: string;
  readonly steps: readonly TemplateStep[];
}

export const agentStep = (
  kind: StepKindName,
  agentRole: string,
  credits: number,
  skip: SkipRuleName = "never",
): TemplateStep => ({ kind, agentRole, credits, skip });

const people = (kind: StepKindName): TemplateStep => agentStep(kind, "", 0);

/** Every template ends like this: nothing reaches the outside without two people's yes. */
export const reviewAndPublish: readonly TemplateStep[] = [
  people("dm_review"),
  people("client_review"),
  people("publish"),
];

/** Credits of one item. */
export function creditsOf({ steps }: Pick<ActivityTemplate, "steps">): number {
  return steps.reduce((sum, step) => sum + step.credits, 0);
}
