import { readdirSync, readFileSync } from "node:fs";

export interface Skill {
  readonly name: string;
  readonly title: string;
  readonly body: string;
}

const folder = new URL("./", import.meta.url);

/** All skills of this build: the Markdown files of this folder, the first heading is the title. */
export const SKILLS: readonly Skill[] = readdirSync(folder)
  .filter((file) => file.endsWith(".md"))
  .sort()
  .map((file) => {
    const text = readFileSync(new URL(file, folder), "utf8");
    const [heading = "", ...rest] = text.trim().split("\n");
    return {
      name: file.replace(/\.md$/, ""),
      title: heading.replace(/^#\s*/, ""),
      body: rest.join("\n").trim(),
    };
  });

const byName = new Map(SKILLS.map((skill) => [skill.name, skill]));

/** A skill of this build; undefined when it has none of that name. */
export const skillNamed = (name: string): Skill | undefined => byName.get(name);

/** The named skills as this build brings them along, in the given order. */
export function skillsNamed(names: readonly string[]): Skill[] {
  return names.map((name) => {
    const skill = byName.get(name);
    if (!skill) throw new Error(`there is no skill "${name}"`);
    return skill;
  });
}
