import { describe, expect, it } from "vitest";
import { mailOf, render } from "../deliver/render.ts";
import { exampleFields } from "./examples.ts";
import { templates } from "./index.ts";

describe("examples of what people are told", () => {
  it.each(templates.map((template) => [template.kind, template] as const))(
    "%s: every name its text has is filled in",
    (_kind, template) => {
      const names = [template.title, template.body, template.link, template.action]
        .join(" ")
        .matchAll(/\{\{(?:#if )?(?!else\b)([\w.]+)\}\}/g);
      for (const [, name = ""] of names) {
        const value = name
          .split(".")
          .reduce<unknown>(
            (at, key) =>
              typeof at === "object" && at !== null
                ? Object.entries(at).find(([own]) => own === key)?.[1]
                : undefined,
            exampleFields,
          );
        expect(value, name).toBeDefined();
      }
      expect(mailOf(render(template, exampleFields), "https://a.example").html).toContain(
        "https://a.example/",
      );
    },
  );
});
