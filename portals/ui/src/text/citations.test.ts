import { describe, expect, it } from "vitest";
import { remarkCitations, splitCitations } from "./citations.ts";

describe("citations in a draft", () => {
  it("become links to their source, close to the word they stand at", () => {
    expect(splitCitations("Tea grew [1], then fell [12].").map((part) => part.url ?? part.value)).toEqual([
      "Tea grew",
      "#source-1",
      ", then fell",
      "#source-12",
      ".",
    ]);
  });
  it("are not looked for in code", () => {
    const tree = { type: "root", children: [{ type: "inlineCode", value: "a[1]" }] };
    remarkCitations()(tree);
    expect(tree.children).toEqual([{ type: "inlineCode", value: "a[1]" }]);
  });
});
