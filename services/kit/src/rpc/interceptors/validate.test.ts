import { create } from "@bufbuild/protobuf";
import { ContentType, CreatePlanRequestSchema } from "@leadmetrics/proto/content/v1/plans";
import { describe, expect, it } from "vitest";
import { assertValid } from "./validate.ts";

const day = { year: 2027, month: 1, day: 1 };

function check(title: string, theme: string): void {
  const deliverables = [{ contentType: ContentType.BLOG_POST, quantity: 1, theme }];
  assertValid(
    CreatePlanRequestSchema,
    create(CreatePlanRequestSchema, { title, start: day, end: day, deliverables }),
  );
}

describe("text", () => {
  it("of every language goes through", () => {
    expect(() => check("Bröd 🥐 ライ麦", "")).not.toThrow();
  });
  it.each([
    ["NUL", "a\0b"],
    ["half of a surrogate pair", "\ud83e"],
  ])("with %s is refused, wherever it stands", (_what, text) => {
    expect(() => check(text, "")).toThrow("title: holds a character that is none");
    expect(() => check("Rye", text)).toThrow("deliverables[0].theme: holds a character that is none");
  });
});
