import { describe, expect, it } from "vitest";
import { checksOf } from "./checks.ts";

const context = {
  companySummary: "",
  brandVoice: "",
  audience: "",
  website: "",
  products: [],
  dos: [],
  donts: [],
  competitors: ["Bean & Co."],
  keywords: ["office coffee"],
};
const draft = (change: object) => ({
  title: "Office coffee that people like",
  body: `## A\n\n${"Good words here. ".repeat(200)}\n\n## B\n\nEnd [1].`,
  excerpt: "x".repeat(90),
  citations: [{ number: 1, fileRef: "f", title: "t", locator: "", excerpt: "" }],
  ...change,
});
const failed = (value: ReturnType<typeof draft>, type: "blog_post" | "social_post" = "blog_post") =>
  checksOf(value, type, context)
    .filter((one) => !one.passed)
    .map((one) => one.name);

describe("what is checked before a reviewer reads", () => {
  it("passes a sound draft", () => expect(failed(draft({}))).toEqual([]));
  it("names what is short, long or missing", () => {
    expect(failed(draft({ body: "Short." }))).toEqual(["Length", "Headings"]);
    expect(failed(draft({ title: "t".repeat(80), excerpt: "" }))).toEqual(["Title", "Excerpt", "Keyword"]);
  });
  it("finds citations that point to nothing, and competitors with marks in their names", () => {
    expect(failed(draft({ citations: [] }))).toEqual(["Citations"]);
    expect(
      failed(
        draft({
          body: "Better than bean & co. at office coffee, by far and for every team that meets in the morning.",
        }),
        "social_post",
      ),
    ).toContain("No competitor named");
  });
});
