import { create } from "@bufbuild/protobuf";
import { PromptSectionSchema } from "@leadmetrics/proto/agents/v1/skills";
import { type PromptSection, promptSections, type SkillText } from "../prompt/assemble.ts";
import { fenceFor } from "../prompt/fence.ts";
import type { Material } from "../prompt/material.ts";
import type { Role } from "../roles/role.ts";

/** Characters of a token in European languages, on average over the models in use; good for a price, not for a limit. */
const TOKEN_CHARACTERS = 4;

/** About how many tokens a text is. */
export const tokensOf = (text: string): number => Math.ceil(text.length / TOKEN_CHARACTERS);

/** What stands where the secret part of a fence does. */
const HIDDEN = "••••";

/**
 * The prompt as runs are told it and as they would be told it with the drafts, section by section. The fences' nonces are
 * left out: who knows them could write data that steps out of its fence.
 */
export function previewed(
  role: Role,
  material: Material,
  published: readonly SkillText[],
  drafted: readonly SkillText[],
) {
  const nonces = [fenceFor(material.tenantRef).nonce, fenceFor(material.runRef).nonce];
  const shown = (skills: readonly SkillText[]): PromptSection[] =>
    promptSections(role, skills, material).map((section) => ({
      ...section,
      text: nonces.reduce((text, nonce) => text.replaceAll(nonce, HIDDEN), section.text),
    }));
  const now = shown(published);
  const next = shown(drafted);
  const sections = next.map(({ title, text, system }, index) => {
    const before = now[index]?.text ?? "";
    const changed = before !== text;
    return create(PromptSectionSchema, {
      title,
      text,
      changed,
      publishedText: changed ? before : "",
      system: system !== undefined,
      tokens: tokensOf(text),
    });
  });
  const sum = (all: readonly PromptSection[]) => all.reduce((total, { text }) => total + tokensOf(text), 0);
  return { sections, tokens: sum(next), publishedTokens: sum(now) };
}
