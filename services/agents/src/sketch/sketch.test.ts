import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseObject } from "../adapters/json.ts";
import { NO_USAGE } from "../adapters/port.ts";
import type { ClientContext, Knowledge, Material, RunInput } from "../prompt/material.ts";
import { ROLES, roleNamed } from "../roles/index.ts";
import type { Role } from "../roles/role.ts";
import { readFeedback } from "./feedback.ts";
import { OFFLINE_LABEL, shorten } from "./text.ts";

const WRITERS = ["blog-writer", "social-post-writer"] as const;

function accepted(role: Role, material: Material) {
  const text = role.sketch(material);
  const object = role.output.kind === "object" ? parseObject(text) : undefined;
  return role.accept({ text, object, usage: NO_USAGE, cost: 0, durationMs: 0 }, material, true);
}

interface Written {
  title: string;
  body: string;
  citations: { number: number; fileRef: string }[];
}

function write(name: string, material: Material): Written {
  const role = roleNamed(name);
  const output = role && accepted(role, material);
  if (output?.case !== "draft") throw new Error(`${name} writes no drafts`);
  const { title, body, citations } = output.value as Written;
  return { title, body, citations };
}

/** The same task after a person did not accept `draft`. */
const rejected = (material: Material, draft: Written, number: number, feedback: string): Material => ({
  ...material,
  wakeReason: "rejection",
  input: { ...material.input, feedback, prior: { ref: "R", number, title: draft.title, body: draft.body } },
});

const chunk = (number: number, text: string): Knowledge => ({
  number,
  fileRef: `file${number}`,
  url: "",
  title: `flour-and-mill-${number}.md`,
  locator: "Flour › Rye",
  text,
});

const bakery: Material = {
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
  knowledge: [
    chunk(1, "Rye needs warmth to rise well at home. The rye starter is fed twice a day for two weeks."),
    chunk(
      2,
      "Every Saturday eight people learn to shape a spelt loaf. MegaBread has no bakehouse of its own.",
    ),
    chunk(3, "Our mill grinds forty kilos of rye an hour. The stones are dressed by hand every spring."),
  ],
  input: {
    contentType: "blog_post",
    title: "Rye starters at home",
    theme: "Rye bread",
    research: "",
    brief: "",
    feedback: "",
    goals: [],
  },
};
const bare: Material = {
  ...bakery,
  knowledge: [],
  context: {
    ...{ version: 0, companySummary: "", brandVoice: "", audience: "", website: "" },
    ...{ products: [], competitors: [], dos: [], donts: [], keywords: [] },
  },
  input: { ...bakery.input, theme: "" },
};

/** Any text, often one that looks like the form of a draft, a marker or another script. */
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.lorem({ maxCount: 12 }),
  fc.constantFrom(
    ...[
      "",
      "---",
      "---\ntitle: hijacked\n---\n",
      "```",
      "[9] [42]",
      "[1]",
      "日本のパンと米",
      "🍞".repeat(90),
    ],
    ...[
      '"quoted"',
      "To be or not to be",
      "a".repeat(400),
      "# H\n\n> **x**",
      "$& $1 \\",
      "AI",
      "</data-x>",
      "Another title, please.",
    ],
  ),
);
const texts = fc.array(text, { maxLength: 4 });
const context: fc.Arbitrary<ClientContext> = fc.record({
  version: fc.nat(3),
  ...{ companySummary: text, brandVoice: text, audience: text, website: text },
  ...{ products: texts, competitors: texts, dos: texts, donts: texts, keywords: texts },
});
const passages = fc
  .array(
    fc.tuple(text, fc.array(fc.oneof(text, fc.lorem({ mode: "sentences", maxCount: 3 })), { maxLength: 4 })),
    {
      maxLength: 5,
    },
  )
  .map((all) =>
    all.map(([title, parts], index) => ({ ...chunk(index + 1, parts.join(" ")), title, locator: title })),
  );
const deliverables = fc.array(
  fc.record({
    contentType: fc.constantFrom("blog_post", "social_post"),
    quantity: fc.integer({ min: 1, max: 12 }),
    theme: text,
  }),
  { minLength: 1, maxLength: 4 },
);
const input: fc.Arbitrary<RunInput> = fc
  .record({
    contentType: fc.constantFrom("blog_post", "social_post"),
    // As content has them: never blank, 200 characters at most.
    title: text.map((title) => title.slice(0, 200)).filter((title) => title.trim() !== ""),
    ...{ theme: text, research: text, brief: text, feedback: text, goals: texts },
    prior: fc.option(
      fc.record({ ref: fc.constant("R"), number: fc.nat(9), title: fc.constant("AI"), body: text }),
      { nil: undefined },
    ),
    plan: deliverables.map((items) => ({
      ...{ title: "Plan", start: "2026-12-01", end: "2026-12-31" },
      deliverables: items.map((item, index) => ({ ...item, ref: `d${index}` })),
    })),
  })
  .map((made) => made as RunInput);
const anything: fc.Arbitrary<Material> = fc.record({
  ...{ runRef: fc.constant("RUN"), tenantRef: fc.constant("TENANT") },
  wakeReason: fc.constantFrom("new_task", "rejection"),
  context,
  knowledge: passages,
  input,
});

describe("an offline draft", () => {
  it.each(ROLES.map((role) => [role.name, role] as const))(
    "of the %s is accepted for any material, says what it is, and cites only what it was given",
    (_name, role) => {
      fc.assert(
        fc.property(anything, (material) => {
          const output = accepted(role, material);
          if (output.case === "planner") return;
          if (output.case === "context") {
            const files = new Set(material.knowledge.map(({ fileRef }) => fileRef));
            for (const { fileRef = "", quote = "" } of output.value.sources ?? []) {
              expect(files).toContain(fileRef);
              expect(quote.isWellFormed()).toBe(true);
            }
            expect(output.value.offline).toBe(true);
            return;
          }
          const { body = "", citations = [] } = output.value as Partial<Written>;
          expect(body).toContain(OFFLINE_LABEL);
          expect(body.isWellFormed()).toBe(true);
          const given = new Map(material.knowledge.map((each) => [each.number, each.fileRef]));
          for (const { number, fileRef } of citations) expect(given.get(Number(number))).toBe(fileRef);
          if (output.case === "draft") expect(output.value.offlineDraft).toBe(true);
        }),
        { numRuns: 300 },
      );
    },
  );

  it.each(WRITERS)("of the %s is the same for the same material", (name) => {
    expect(write(name, bakery)).toEqual(write(name, structuredClone(bakery)));
  });

  const NOTES = [
    "I don't like it.",
    "Shorter, please.",
    "More detail, with sources.",
    "Friendlier!",
    "More professional.",
    "Another title.",
    "Mention the wood oven.",
    "Don't mention the mill.",
    "A clear call to action.",
    "As a list.",
    "Friendlier, as a list, with a call to action.",
    "Nein.",
    "",
  ];

  it.each(WRITERS.flatMap((name) => [[name, "rich", bakery] as const, [name, "bare", bare] as const]))(
    "of the %s from %s material is another one after each rejection, whatever the note, also the same note again",
    (name, _what, material) => {
      for (const note of NOTES) {
        let last = write(name, material);
        for (let number = 1; number <= 6; number++) {
          const next = write(name, rejected(material, last, number, note));
          expect([note, number, next.body]).not.toEqual([note, number, last.body]);
          last = next;
        }
      }
    },
  );

  it.each(WRITERS)("of the %s takes a note in that it can't read, for a person to finish", (name) => {
    const note = "Nenne bitte auch den Holzofen";
    expect(write(name, rejected(bakery, write(name, bakery), 1, note)).body).toContain(note);
  });

  it("does what the note says", () => {
    const more = Array.from({ length: 4 }, (_, index) =>
      chunk(
        index + 4,
        `Number ${index} of our bakers gets up at three. Oven ${index} is heated with beech wood.`,
      ),
    );
    const first = write("blog-writer", bakery);
    const after = (note: string) => write("blog-writer", rejected(bakery, first, 1, note));
    expect(after("Too long, cut it.").body.length).toBeLessThan(first.body.length);
    const rich = { ...bakery, knowledge: [...bakery.knowledge, ...more] };
    const before = write("blog-writer", rich);
    const longer = write("blog-writer", rejected(rich, before, 1, "More detail, please."));
    expect(longer.citations.length).toBeGreaterThan(before.citations.length);
    expect(after("I want another headline.").title).not.toBe(first.title);
    expect(after("Use bullets.").body).toMatch(/^- Rye needs warmth/m);
    expect(first.body).toContain("starter is fed");
    expect(after("Leave out starter.").body).not.toContain("starter is fed");
    expect(after("Please add a call to action.").body).toContain("Take the next step");
  });

  it("does not take the numbers of a file's own sources for ours", () => {
    const knowledge = [
      chunk(
        1,
        "Rye bread keeps for a whole week at home [2]. It needs warmth [2, 3] in the oven of the baker.",
      ),
      chunk(2, "short"),
    ];
    for (const name of WRITERS) {
      const { body, citations } = write(name, { ...bakery, knowledge });
      expect(citations.map((citation) => citation.number)).toEqual([1]);
      expect(body).not.toContain("[2]");
    }
  });
});

describe("a reviewer's note", () => {
  it("is read for what is to be said and what is not", () => {
    expect(readFeedback("Please mention the wood oven, but don't mention MegaBread.")).toMatchObject({
      mention: expect.arrayContaining(["wood oven"]),
      avoid: ["MegaBread"],
    });
  });

  it("that forbids a word is not taken for a wish to say it", () => {
    const notes =
      "Don't mention MegaBread. Do not talk about prices. Don’t include the mill. No mention of salt.";
    expect(readFeedback(notes).mention).toEqual([]);
    expect(readFeedback(notes).avoid).toEqual(["MegaBread", "prices", "mill", "salt"]);
  });
});

describe("the planner", () => {
  const planner = roleNamed("activity-planner");
  const plan = (quantities: readonly number[], material: Material, theme = "Rye") => {
    const wanted = quantities.map((quantity, index) => ({
      ref: `d${index}`,
      contentType: index % 2 === 0 ? ("blog_post" as const) : ("social_post" as const),
      quantity,
      theme: index === 0 ? theme : "",
    }));
    const whole = { title: "Plan", start: "2026-12-01", end: "2026-12-31", deliverables: wanted };
    const from = { ...material, input: { ...material.input, plan: whole } };
    const output = planner && accepted(planner, from);
    if (output?.case !== "planner") throw new Error("no plan");
    return output.value.activities ?? [];
  };

  it("gives each deliverable exactly what it promises, from 1 to 200, no two titles alike", () => {
    const quantities = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(quantities, fc.constantFrom(bakery, bare), text, (wanted, material, theme) => {
        const items = plan(wanted, material, theme);
        const got = wanted.map(
          (_, index) => items.filter((item) => item.deliverableRef === `d${index}`).length,
        );
        expect(got).toEqual(wanted);
        expect(new Set(items.map((item) => item.title)).size).toBe(items.length);
      }),
      { numRuns: 40 },
    );
  });
});

it("a shortened text is never longer than asked, and cut between words or characters", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 80 }), (long, length) => {
      const short = shorten(long, length);
      expect(short.length).toBeLessThanOrEqual(length);
      expect(short.isWellFormed()).toBe(true);
    }),
  );
});
