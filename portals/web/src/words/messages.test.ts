import { describe, expect, it } from "vitest";
import { messages, plural, textsFor } from "./messages.ts";

const texts = messages(
  {
    title: "Runs",
    left: (count: number) => plural("en", count, { one: "# run left", other: "# runs left" }),
  },
  { de: { title: "Läufe" }, "pt-BR": { title: "Execuções" } },
);

describe("texts", () => {
  it("are the region's, else the language's, else English", () => {
    expect(textsFor(texts, "pt-BR").title).toBe("Execuções");
    expect(textsFor(texts, "de-AT").title).toBe("Läufe");
    expect(textsFor(texts, "fr-FR").title).toBe("Runs");
  });
  it("are English where a translation lacks one", () => {
    expect(textsFor(texts, "de").left(1)).toBe("1 run left");
  });
  it("take the plural form the language asks for, with the number its way", () => {
    const days = { one: "# dzień", few: "# dni", many: "# dni", other: "# dnia" };
    expect([1, 3, 5].map((count) => plural("pl", count, days))).toEqual(["1 dzień", "3 dni", "5 dni"]);
    expect(plural("de", 12_000, { one: "# Lauf", other: "# Läufe" })).toBe("12.000 Läufe");
  });
});
