import { describe, expect, it } from "vitest";
import type { Block } from "../parse/document.ts";
import { CHUNK_SIZES, chunk } from "./chunk.ts";

const block = (text: string, more: Partial<Block> = {}): Block => ({ text, headings: [], ...more });
const sentences = (count: number) =>
  Array.from({ length: count }, (_, n) => `Sentence number ${n} says something about bread.`);

describe("chunk", () => {
  it("keeps a short section whole and says where it stands", () => {
    const document = {
      blocks: [
        block("Keep warm.", { headings: ["Care"] }),
        block("Feed daily.", { headings: ["Care"] }),
        block("Bake.", { page: 3 }),
      ],
    };
    expect(chunk(document)).toEqual([
      { ordinal: 0, text: "Keep warm.\n\nFeed daily.", locator: "Care" },
      { ordinal: 1, text: "Bake.", locator: "page 3" },
    ]);
  });

  it("never exceeds the maximum and loses no sentence", () => {
    const all = sentences(200);
    const passages = chunk({
      blocks: [block(all.slice(0, 150).join(" ")), block(all.slice(150).join("\n"))],
    });
    expect(Math.max(...passages.map(({ text }) => text.length))).toBeLessThanOrEqual(CHUNK_SIZES.max);
    for (const sentence of all) expect(passages.some(({ text }) => text.includes(sentence))).toBe(true);
  });

  it("repeats the end of a passage at the start of the next one of the same section", () => {
    const passages = chunk({ blocks: sentences(60).map((text) => block(text)) });
    expect(passages.length).toBeGreaterThan(2);
    for (const [index, { text }] of passages.slice(1).entries()) {
      const before = passages[index]?.text ?? "";
      const repeated = Array.from({ length: CHUNK_SIZES.overlap }, (_, n) => text.slice(0, n + 1)).filter(
        (start) => before.endsWith(start),
      );
      expect(repeated.at(-1)?.length ?? 0).toBeGreaterThan(40);
    }
  });

  it("adds no passage that only repeats", () => {
    const passages = chunk({ blocks: [block(sentences(25).join(" ").slice(0, 1_000))] });
    expect(passages).toHaveLength(1);
  });

  it("cuts a text without any boundary, but not inside a character", () => {
    const passages = chunk({ blocks: [block("🍞".repeat(1_500))] });
    expect(passages.map(({ text }) => text).join("")).not.toContain("\ufffd");
    expect(passages.every(({ text }) => text.isWellFormed() && text.length <= CHUNK_SIZES.max)).toBe(true);
  });
});
