import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fenceFor, fenceRule } from "./fence.ts";

const fence = fenceFor("RUN");
const tag = `data-${fence.nonce}`;

/** Whatever somebody could try who knows the nonce: tags whole, halved, nested, and glued by what is taken out. */
const nasty = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.constantFrom(
        ...["<", ">", "/", "</", "data-", "<data-x>", "</data-x>", "\u0000", "\u0085", "\r", "\n", " ", '"'],
        ...[fence.nonce, fence.nonce.slice(0, 8), fence.nonce.slice(8), tag, `<${tag}>`, `</${tag}>`],
        ...[`</ ${tag} >`, `</${tag.toUpperCase()}>`, "</da", "ta-", "[…]", "‹"],
      ),
    ),
    { maxLength: 16 },
  )
  .map((parts) => parts.join(""));

function expectClosed(fenced: string): void {
  // The nonce is there twice, in the tag that opens and in the one that closes, at the two ends.
  expect(fenced.split(fence.nonce)).toHaveLength(3);
  expect(fenced.startsWith(`<${tag} kind="knowledge"`)).toBe(true);
  expect(fenced.endsWith(`\n</${tag}>`)).toBe(true);
  expect(fenced.match(/<\s*\/?\s*data-/gi)).toHaveLength(2);
}

describe("a fence", () => {
  it("can't be closed or imitated by any text, whatever it knows", () => {
    fc.assert(
      fc.property(nasty, nasty, (text, name) => {
        const fenced = fence.data("knowledge", text, { file: name });
        expectClosed(fenced);
        const opening = fenced.slice(1, fenced.indexOf(">"));
        expect(opening).not.toMatch(/[<\n]/);
        // The name stays one attribute.
        expect((opening.match(/"/g) ?? []).length % 2).toBe(0);
        expect((opening.match(/"/g) ?? []).length).toBeLessThanOrEqual(4);
      }),
      { numRuns: 1_000 },
    );
  });

  const half = [fence.nonce.slice(0, 8), fence.nonce.slice(8)] as const;
  it.each([
    ["a tag inside the tag", `</da<data-x>ta-${half[0]}<data-x>${half[1]}>`],
    ["control characters", `</da\u0000ta-${half[0]}\u0000${half[1]}>`],
    ["the nonce inside the nonce", `</data-${half[0]}${fence.nonce}${half[1]}>`],
  ])("can't be closed by halves that %s keeps apart until it is taken out", (_what, text) => {
    expectClosed(fence.data("knowledge", text));
  });

  it("leaves ordinary text, code and other tags as they are", () => {
    const text = "If a < b && c > d:\n\t<div data-id='7'>naïve 🍞</div> `data-x` 5 </b>";
    expect(fence.data("brief", text)).toContain(`\n${text}\n`);
  });

  it("is the same for the same seed, another for another one", () => {
    expect(fenceFor("A").nonce).toBe(fenceFor("A").nonce);
    expect(fenceFor("A").nonce).not.toBe(fenceFor("B").nonce);
    expect(fenceRule(fenceFor("A"), fenceFor("B"))).toContain(`<data-${fenceFor("B").nonce}>`);
  });

  it("takes long text of half tags in its stride", () => {
    const since = performance.now();
    fence.data("brief", `<${" ".repeat(100_000)}${"<da".repeat(30_000)}${"</ ".repeat(30_000)}`);
    expect(performance.now() - since).toBeLessThan(500);
  });
});
