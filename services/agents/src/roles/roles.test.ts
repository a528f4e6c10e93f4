import { describe, expect, it } from "vitest";
import { parseObject } from "../adapters/json.ts";
import type { AdapterResult } from "../adapters/port.ts";
import { NO_USAGE } from "../adapters/port.ts";
import type { Knowledge, Material, RunInput } from "../prompt/material.ts";
import { skillsNamed } from "../skills/index.ts";
import { ROLES, roleNamed } from "./index.ts";
import type { Role, RoleOutput } from "./role.ts";

const RYE =
  "Rye needs warmth. The rye starter is fed twice a day and rests for sixteen hours before it is mixed.";
const CLASS =
  "Every Saturday eight people learn to shape a spelt loaf by hand in our bakehouse. It takes four hours.";

const knowledge: Knowledge[] = [RYE, CLASS].map((text, index) => ({
  number: index + 1,
  fileRef: `f${index}`,
  url: "",
  title: `file-${index}.md`,
  locator: "",
  text,
}));

const input: RunInput = {
  contentType: "blog_post",
  title: "Rye starters at home",
  theme: "Rye bread",
  research: "",
  brief: "",
  feedback: "",
  goals: [],
};

const rich: Material = {
  runRef: "RUN",
  tenantRef: "TENANT",
  wakeReason: "new_task",
  context: {
    version: 1,
    companySummary: "Crumb & Co is a bakery that mills its own flour.",
    brandVoice: "Warm and plain.",
    audience: "Home bakers, and people who queue for bread",
    products: ["Rye sourdough", "Spelt loaf"],
    competitors: ["MegaBread"],
    dos: ["Name the flour"],
    donts: ["No health claims"],
    keywords: ["sourdough starter", "rye bread"],
    website: "https://crumb.example",
  },
  knowledge,
  input,
};

const nothing: Material = {
  ...rich,
  context: {
    version: 0,
    companySummary: "",
    brandVoice: "",
    audience: "",
    products: [],
    competitors: [],
    dos: [],
    donts: [],
    keywords: [],
    website: "",
  },
  knowledge: [],
};

const hostile: Material = {
  ...rich,
  context: {
    ...rich.context,
    audience: "---\ntitle: hijacked\n---",
    products: ["[99]", "``` code", "\n\n# H"],
  },
  knowledge: knowledge.map((each) => ({ ...each, text: `---\ntitle: stolen\n---\n${each.text} [42] [1]` })),
  input: { ...input, title: 'A "quoted": title\nwith a line break', feedback: "---" },
};

const planned = (quantities: readonly number[]): Partial<RunInput> => ({
  contentType: "plan",
  title: "December",
  plan: {
    title: "December",
    start: "2026-12-01",
    end: "2026-12-31",
    deliverables: quantities.map((quantity, index) => ({
      ref: `D${index}`,
      contentType: index % 2 === 0 ? "blog_post" : "social_post",
      quantity,
      theme: index === 0 ? "Rye" : "",
    })),
  },
});

function write(role: Role, material: Material): RoleOutput {
  const text = role.sketch(material);
  const result: AdapterResult = { text, usage: NO_USAGE, cost: 0, durationMs: 0 };
  return role.accept(
    role.output.kind === "object" ? { ...result, object: parseObject(text) } : result,
    material,
    true,
  );
}

const named = (name: string): Role => {
  const role = roleNamed(name);
  if (!role) throw new Error(`no role ${name}`);
  return role;
};

function draftOf(name: string, material: Material) {
  const output = write(named(name), material);
  if (output.case !== "draft") throw new Error("no draft");
  return output.value;
}

describe("every role", () => {
  it.each(ROLES.map((role) => [role.name, role] as const))(
    "%s is complete, and its skills exist",
    (_name, role) => {
      expect(skillsNamed(role.skills)).toHaveLength(role.skills.length);
      expect(role.credits).toBeGreaterThanOrEqual(0);
      expect(role.timeoutMs).toBeGreaterThan(0);
      expect(role.instructions).not.toBe("");
    },
  );

  it.each(ROLES.map((role) => [role.name, role] as const))(
    "%s accepts its own offline draft, from much, from nothing, and from hostile material",
    (_name, role) => {
      for (const material of [rich, nothing, hostile]) {
        const own = role.name === "activity-planner" ? planned([2, 3]) : {};
        expect(() => write(role, { ...material, input: { ...material.input, ...own } })).not.toThrow();
      }
    },
  );
});

describe("an offline draft", () => {
  it.each(["blog-writer", "social-post-writer"])(
    "of the %s says that it is one and cites what it uses, nothing else",
    (name) => {
      const draft = draftOf(name, rich);
      expect(draft.offlineDraft).toBe(true);
      expect(draft.body).toContain("Offline draft");
      expect(draft.citations?.length).toBeGreaterThan(0);
      const cited = [...String(draft.body).matchAll(/\[(\d+)\]/g)].map((match) => Number(match[1]));
      expect(cited.every((number) => number === 1 || number === 2)).toBe(true);
      expect(draftOf(name, nothing).citations).toEqual([]);
    },
  );

  it.each(["blog-writer", "social-post-writer"])("of the %s answers to the reviewer's note", (name) => {
    const first = draftOf(name, rich);
    const prior = { ref: "R", number: 1, title: String(first.title), body: String(first.body) };
    const second = draftOf(name, {
      ...rich,
      wakeReason: "rejection",
      input: { ...input, prior, feedback: "Mention the wood oven." },
    });
    expect(second.body).not.toBe(first.body);
    expect(String(second.body).toLowerCase()).toContain("wood oven");
  });

  it("never names a competitor, not even when the knowledge does", () => {
    const talk = {
      ...rich,
      knowledge: [
        {
          ...(knowledge[0] as Knowledge),
          text: `MegaBread bakes rye too, and rye is good for a long time. ${RYE}`,
        },
      ],
    };
    expect(draftOf("blog-writer", talk).body).not.toContain("MegaBread");
  });
});

describe("the planner", () => {
  it("refuses a model's plan that promises less, and cuts one that promises more", () => {
    const material: Material = { ...rich, input: { ...input, ...planned([2]) } };
    const answer = (count: number): AdapterResult => ({
      text: "",
      object: {
        activities: Array.from({ length: count }, (_, i) => ({
          deliverable: "D1",
          title: `Title ${i}`,
          theme: "",
        })),
      },
      usage: NO_USAGE,
      cost: 0,
      durationMs: 0,
    });
    const { accept } = named("activity-planner");
    expect(() => accept(answer(1), material, false)).toThrow("D1 needs 2 items, there are 1");
    const output = accept(answer(5), material, false);
    expect(output.case === "planner" && output.value.activities).toHaveLength(2);
  });
});
