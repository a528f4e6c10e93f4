import { describe, expect, it } from "vitest";
import { assemble } from "../prompt/assemble.ts";
import { fenceFor } from "../prompt/fence.ts";
import type { Material } from "../prompt/material.ts";
import { blogWriter } from "../roles/blog-writer.ts";
import { skillsNamed } from "./index.ts";
import { previewed, tokensOf } from "./preview.ts";

const material: Material = {
  runRef: "RUN",
  tenantRef: "TENANT",
  wakeReason: "rejection",
  context: {
    version: 1,
    companySummary: "A bakery.",
    brandVoice: "Plain.",
    audience: "",
    products: [],
    competitors: [],
    dos: [],
    donts: [],
    keywords: [],
    website: "",
  },
  knowledge: [{ number: 1, fileRef: "F", title: "dough.md", locator: "", text: "The dough rests.", url: "" }],
  input: {
    contentType: "blog_post",
    title: "Rye",
    theme: "",
    research: "",
    brief: "The brief.",
    feedback: "Shorter.",
    goals: [],
  },
};
const told = skillsNamed(blogWriter.skills);
const drafted = told.map((skill) => (skill.name === "tone" ? { ...skill, body: "- Be warm." } : skill));
const { system, turns } = assemble(blogWriter, drafted, material);
const whole = [...system, ...turns].map(({ text }) => text).join("\n\n");

describe("a prompt's preview", () => {
  const preview = previewed(blogWriter, material, told, drafted);

  it("is the assembled prompt, section by section, but for the nonces of its fences", () => {
    const nonces = [fenceFor("TENANT").nonce, fenceFor("RUN").nonce];
    const shown = preview.sections.map(({ text }) => text).join("\n\n");
    expect(nonces.filter((nonce) => shown.includes(nonce))).toEqual([]);
    expect(shown).toBe(nonces.reduce((text, nonce) => text.replaceAll(nonce, "••••"), whole));
  });

  it("says which section a draft changes, and what it says now", () => {
    const changed = preview.sections.filter((section) => section.changed);
    expect(changed.map(({ title }) => title)).toEqual(["Skill: Tone"]);
    expect(changed[0]?.text).toContain("Be warm.");
    expect(changed[0]?.publishedText).toContain("The client's brand voice comes first");
    expect(preview.tokens).toBeLessThan(preview.publishedTokens);
  });

  it("counts about as many tokens as its sections have", () => {
    expect(preview.sections.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(preview.tokens);
    expect(tokensOf("")).toBe(0);
    expect(tokensOf("twelve hours")).toBe(3);
  });
});
