/** @module What agents are told and how content is made: skills, prompts, templates, and a person's own filters. */
import type { ContentType } from "./direction.ts";
import type { StepKind } from "./production.ts";

export interface SkillLine {
  name: string;
  title: string;
  body: string;
  /** The published version; 0 is what the build brings along. */
  number: number;
  hasDraft: boolean;
  roles: string[];
}

export interface SkillDraft {
  title: string;
  body: string;
  savedBy: string;
  savedByName: string;
  savedOn?: string | null;
}

export interface SkillVersion {
  number: number;
  title: string;
  body: string;
  note: string;
  publishedByName: string;
  publishedOn?: string | null;
}

export interface SkillRecord {
  name: string;
  number: number;
  draft?: SkillDraft | null;
  /** Newest first, version 0 last. */
  versions: SkillVersion[];
  version: number;
  roles: string[];
}

export interface PromptSection {
  title: string;
  text: string;
  publishedText: string;
  system: boolean;
  tokens: number;
  changed: boolean;
}

export interface PromptPreview {
  runRef: string;
  sections: PromptSection[];
  skills: SkillUse[];
  tokens: number;
  publishedTokens: number;
}

export interface SkillUse {
  name: string;
  number: number;
  attempt: number;
}

/** A role as far as those need it who put it into a step. */
export interface StepRole {
  name: string;
  title: string;
  credits: number;
  makes: string;
}

export type TemplateStepKind = Exclude<StepKind, "plan">;
export type SkipRule = "never" | "theme_says_enough";

export interface TemplateStep {
  kind: TemplateStepKind;
  agentRole: string;
  skip: SkipRule;
  credits: number;
}

export interface TemplateVersion {
  number: number;
  steps: TemplateStep[];
  note: string;
  publishedByName: string;
  publishedOn?: string | null;
}

export interface TemplateRecord {
  contentType: ContentType;
  name: string;
  number: number;
  versions: TemplateVersion[];
}

export interface TemplateRecords {
  templates: TemplateRecord[];
  themeCharacters: number;
}

export type FilterPlace = "queue" | "board";

export interface SavedFilter {
  place: FilterPlace;
  name: string;
  tenantRef: string;
  contentType?: ContentType | null;
  title: string;
  escalated: boolean;
  overdue: boolean;
  status: string;
  isDefault: boolean;
}
