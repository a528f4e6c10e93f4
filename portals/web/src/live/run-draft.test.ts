import { describe, expect, it } from "vitest";
import { readableRun } from "./run-draft.ts";

const draft =
  "---\ntitle: Rye at home\nslug: rye-at-home\nexcerpt: Flour and time.\n---\n\nFirst line.\n\n---\n\nLast.\n";

describe("what an agent writes, made readable", () => {
  it("shows the head of a draft as its heading and keeps rules in the body", () => {
    expect(readableRun(draft)).toBe("# Rye at home\n\n*Flour and time.*\n\nFirst line.\n\n---\n\nLast.\n");
  });
  it("never shows a piece of the head while it arrives", () => {
    for (let length = 0; length <= draft.length; length++) {
      expect(readableRun(draft.slice(0, length))).not.toMatch(/slug:|excerpt:|title:|^---/);
    }
  });
  it("lists the titles of a plan, as far as they are written", () => {
    const plan = '{"activities":[{"title":"The \\"long\\" rest","theme":"x"},{"title":"Cut o';
    expect(readableRun(plan)).toBe('1. The "long" rest');
  });
  it("lists what a client context has found, as far as it is written", () => {
    const found = '{"companySummary":{"text":"A \\"real\\" bakery.","sources":[1]},"products":[{"text":"Rye';
    expect(readableRun(found)).toBe('- A "real" bakery.');
  });
  it("leaves everything else as it is", () => {
    expect(readableRun("# Research\n\n- a fact")).toBe("# Research\n\n- a fact");
  });
});
