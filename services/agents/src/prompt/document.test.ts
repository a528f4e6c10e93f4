import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draft, formatDraft, notes, parseDraft, parseNotes, slugOf } from "./document.ts";

/** One line of any characters, as `formatDraft` leaves it. */
const line = fc
  .oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }),
    fc.constantFrom('"Quoted"', '"A" and "B"', '""', "---", "title: x", "```", "a: b: c", "日本"),
  )
  .map((text) => text.replace(/\s+/g, " ").trim())
  .filter((text) => text !== "" && text.length <= 200);

const body = fc
  .array(
    fc.oneof(
      fc.lorem({ maxCount: 12 }),
      fc.constantFrom("---", "```js\na: 1\n```", "title: stolen", "## H", "", "> q", "| a | b |\n|---|---|"),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => `Begin. ${parts.join("\n\n")}`.trim().padEnd(60, "."));

describe("a draft", () => {
  it("is read as it was written, whatever is in it", () => {
    fc.assert(
      fc.property(line, line, body, (title, excerpt, text) => {
        const value = { title, slug: slugOf(title), excerpt, body: text };
        expect(draft.parse(parseDraft(formatDraft(value)))).toEqual(value);
        const fenced = `\`\`\`markdown\n${formatDraft(value)}\`\`\``;
        expect(draft.parse(parseDraft(fenced))).toEqual(value);
        const windows = formatDraft(value).replaceAll("\n", "\r\n");
        expect(draft.parse(parseDraft(windows))).toMatchObject({ title, excerpt });
      }),
    );
  });

  it("can't have its text replaced by a line of its head", () => {
    const text = formatDraft({ title: "Rye", slug: "rye", excerpt: "On rye.", body: "The text." });
    expect(parseDraft(text.replace("slug:", "body: stolen\nslug:")).body?.trim()).toBe("The text.");
  });

  it("without its head is refused in words that mend it", () => {
    expect(() => parseDraft("# Just a text")).toThrow("does not begin with the head");
    expect(() => draft.parse(parseDraft("---\ntitle: Rye\n---\n\nText"))).toThrow("excerpt");
  });
});

describe("notes", () => {
  it("may come in a fence", () => {
    const text = `# Notes\n\n${"A line. ".repeat(10)}`.trim();
    expect(notes.parse(parseNotes(`\`\`\`md\n${text}\n\`\`\``)).body).toBe(text);
    expect(notes.parse(parseNotes(text)).body).toBe(text);
  });
});

describe("an address", () => {
  it("is short, lower case, and there for every title, in any script", () => {
    fc.assert(
      fc.property(line, (title) => {
        expect(slugOf(title)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(slugOf(title).length).toBeLessThanOrEqual(80);
        expect(slugOf(slugOf(title))).toBe(slugOf(title));
      }),
    );
    expect(slugOf("Größe & Café")).toBe("gro-e-cafe");
    expect(slugOf("日本のパン")).not.toBe(slugOf("日本の米"));
    expect(slugOf("  ")).toBe("");
  });
});
