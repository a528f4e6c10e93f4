import { getSchema } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openDocument } from "./document.ts";
import { readMarkdown } from "./from-markdown.ts";
import { extensionsFor } from "./schema.ts";
import { writeBlock } from "./to-markdown.ts";

const schema = getSchema(extensionsFor());
const there = (markdown: string) => openDocument(schema, markdown);
const back = (markdown: string) => {
  const open = there(markdown);
  open.doc.check();
  return open.toMarkdown(open.doc);
};
/** Written from the document alone, as every block would be that was touched. */
const anew = (markdown: string) =>
  readMarkdown(schema, markdown)
    .map(({ node }) => writeBlock(node))
    .join("\n\n");

const word = fc.constantFrom(
  "rye",
  "oven",
  "the",
  "crumb",
  "zwölf",
  "خبز",
  "שלום",
  "🍞",
  "100%",
  "well-kept",
  "it's",
);
const plain = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(" "));
const phrase = fc.oneof(
  { weight: 5, arbitrary: plain },
  plain.map((text) => `**${text}**`),
  plain.map((text) => `*${text}*`),
  plain.map((text) => `**_${text}_**`),
  plain.map((text) => `~~${text}~~`),
  plain.map((text) => `\`${text}\``),
  plain.map((text) => `[${text}](https://example.org/a-b?c=d)`),
  plain.map((text) => `**[${text}](https://example.org "A title")**`),
  plain.map((text) => `![${text}](https://example.org/oven.png)`),
  fc.integer({ min: 1, max: 120 }).map((number) => `claim [${number}]`),
);
const line = fc.array(phrase, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(" "));
const paragraph = fc.oneof(
  { weight: 4, arbitrary: line },
  fc.tuple(line, line).map(([a, b]) => `${a}\\\n${b}`),
);
const list = fc
  .tuple(
    fc.boolean(),
    fc.array(fc.tuple(line, fc.array(line, { maxLength: 2 })), { minLength: 1, maxLength: 4 }),
  )
  .map(([ordered, items]) =>
    items
      .map(([text, nested], index) => {
        const marker = ordered ? `${index + 1}.` : "-";
        const indent = " ".repeat(marker.length + 1);
        return [`${marker} ${text}`, ...nested.map((one) => `${indent}- ${one}`)].join("\n");
      })
      .join("\n"),
  );
const table = fc
  .array(fc.tuple(plain, line), { minLength: 1, maxLength: 3 })
  .map((rows) => ["| A | B |", "| - | :-: |", ...rows.map(([a, b]) => `| ${a} | ${b} |`)].join("\n"));
const block = fc.oneof(
  { weight: 4, arbitrary: paragraph },
  fc.tuple(fc.integer({ min: 1, max: 6 }), line).map(([depth, text]) => `${"#".repeat(depth)} ${text}`),
  list,
  line.map((text) => `> ${text}`),
  fc.array(plain, { minLength: 1, maxLength: 3 }).map((lines) => `\`\`\`ts\n${lines.join("\n")}\n\`\`\``),
  table,
  fc.constant("---"),
);
/** Two lists or quotes in a row are one in Markdown: something stands between any two blocks. */
const draft = fc
  .array(block, { minLength: 1, maxLength: 8 })
  .map(
    (blocks) => `${blocks.flatMap((one, index) => (index ? ["Between them.", one] : [one])).join("\n\n")}\n`,
  );

describe("a draft that is opened and not changed", () => {
  it("is the same Markdown, for everything agents write", () => {
    fc.assert(
      fc.property(draft, (markdown) => {
        expect(back(markdown)).toBe(markdown);
      }),
      { numRuns: 200 },
    );
  });
  it("is the same Markdown for any text at all", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (markdown) => {
        expect(back(markdown)).toBe(markdown);
      }),
      { numRuns: 300 },
    );
  });
  it.each([
    "Setext\n======\n\n* star\n* bullets\n\n1) one\n2) two\n",
    "A [reference][r] and ![picture][r].\n\n[r]: https://example.org 'T'\n",
    "<div onclick=alert(1)>raw</div>\n\nText with <b>html</b> inside.\n",
    "Note[^1].\n\n[^1]: The note.\n",
    "- [ ] open\n- [x] done\n\n  with a paragraph\n",
    "two  \nlines and a bare https://example.org/x address\n",
    "> quoted\n> > twice\n>\n> - with a list\n",
    "| a | b |\n|---|---|\n| `x|y` | **bold** |\n",
    "\n\n  leading blanks\n\n\n\nand gaps\n\n",
    "مرحبا **بالعالم** 🍞👩‍👩‍👧\n",
    "***both*** __strong__ _weak_\n",
    "",
  ])("keeps %j", (markdown) => {
    expect(back(markdown)).toBe(markdown);
  });
});

describe("a block that was touched", () => {
  it("is written the way agents write it", () => {
    fc.assert(
      fc.property(draft, (markdown) => {
        expect(`${anew(markdown)}\n`).toBe(markdown);
      }),
      { numRuns: 300 },
    );
  });
  it("is alone in the difference", () => {
    const markdown = "# One\n\nTwo\n---\n\n* three\n* four\n\nfive_six\n";
    const open = there(markdown);
    const changed = open.doc.copy(
      open.doc.content.replaceChild(2, schema.node("heading", { level: 2 }, [schema.text("Changed")])),
    );
    expect(open.toMarkdown(changed)).toBe("# One\n\nTwo\n---\n\n## Changed\n\nfive_six\n");
  });
  it("reads the same again, whatever was typed", () => {
    const typed = fc.string({
      unit: fc.constantFrom(..."ab *_[]()`~<>#-+.!|\\&:1\n"),
      minLength: 1,
      maxLength: 24,
    });
    fc.assert(
      fc.property(typed, fc.boolean(), (text, bold) => {
        const marks = bold ? [schema.mark("bold")] : [];
        const node = schema.node("paragraph", null, [schema.text(text, marks)]);
        const again = readMarkdown(schema, writeBlock(node));
        expect(again.map(({ node: one }) => lettersOf(one)).join("")).toBe(lettersOf(node));
      }),
      { numRuns: 500 },
    );
  });
  it("loses blanks at the edges of bold text, not the bold", () => {
    const node = schema.node("paragraph", null, [
      schema.text("a"),
      schema.text(" b ", [schema.mark("bold")]),
      schema.text("c"),
    ]);
    expect(writeBlock(node)).toBe("a **b** c");
  });
});

it("opens and writes thirty thousand words in the time a page takes to open", () => {
  const markdown = Array.from(
    { length: 600 },
    (_, index) => `## Part ${index}\n\n${"The dough **rests** for twelve hours [1] ".repeat(7).trim()}`,
  ).join("\n\n");
  const began = performance.now();
  const open = there(markdown);
  expect(open.toMarkdown(open.doc)).toBe(markdown);
  // Ten times what a busy machine takes; what it guards against grows with the square of the length.
  expect(performance.now() - began).toBeLessThan(15_000);
});

const lettersOf = (node: Node): string =>
  node
    .textBetween(0, node.content.size, "\n", (leaf) => leafLetters(leaf))
    .replace(/\s+/g, " ")
    .trim();
const leafLetters = (leaf: Node): string =>
  leaf.type.name === "citation" ? `[${leaf.attrs.number}]` : String(leaf.attrs.source ?? " ");
