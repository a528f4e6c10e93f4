import type { ContentTypeName, StepKindName } from "../../db.ts";

export interface TemplateStep {
  readonly kind: StepKindName;
  /** Empty for people's and the publisher's steps. */
  readonly agentRole: string;
  /** Estimate, as the roles charge. */
  readonly credits: number;
}

/** The steps every item of a kind goes through, in order. */
export interface ActivityTemplate {
  readonly contentType: ContentTypeName;
  readonly name: string;
  readonly steps: readonly TemplateStep[];
}

const people = (kind: StepKindName): TemplateStep => ({ kind, agentRole: "", credits: 0 });

/** Every template ends like this: nothing reaches the outside without two people's yes. */
export const reviewAndPublish: readonly TemplateStep[] = [
  people("dm_review"),
  people("client_review"),
  people("publish"),
];
