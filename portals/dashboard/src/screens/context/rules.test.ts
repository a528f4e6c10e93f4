import { expect, it } from "vitest";
import { toContext, toForm } from "./rules.ts";

it("keeps a client context whole through its form, and drops empty lines", () => {
  const context = {
    companySummary: "We roast coffee.",
    brandVoice: "Plain",
    audience: "Offices",
    website: "https://roast.example",
    products: ["Beans", "Machines"],
    competitors: [],
    dos: ["Say where it grew"],
    donts: [],
    keywords: ["office coffee"],
  };
  const form = toForm(context);
  expect(toContext({ ...form, products: "Beans\n\n  Machines \n" })).toEqual(context);
});
