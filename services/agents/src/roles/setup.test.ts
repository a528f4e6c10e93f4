import { ContextField } from "@leadmetrics/proto/tenancy/v1/onboarding";
import { describe, expect, it } from "vitest";
import { parseObject } from "../adapters/json.ts";
import { NO_USAGE } from "../adapters/port.ts";
import type { Material } from "../prompt/material.ts";
import { runInput } from "../prompt/material.ts";
import { setup } from "./setup.ts";

const page = (number: number, path: string, title: string, locator: string, text: string) => ({
  number,
  fileRef: `F${number}`,
  title,
  locator,
  text,
  url: `https://crumb.example${path}`,
});

const material: Material = {
  runRef: "RUN",
  tenantRef: "TENANT",
  wakeReason: "manual",
  context: {
    version: 0,
    companySummary: "",
    brandVoice: "",
    audience: "",
    products: [],
    competitors: [],
    dos: [],
    donts: [],
    keywords: [],
    website: "",
  },
  knowledge: [
    page(
      1,
      "/about",
      "About our sourdough",
      "About",
      "Crumb & Co is a neighbourhood bakery that mills its own rye. We never use baking agents in our bread.\n\nOur customers are home bakers who want to know why a loaf turned out well. We always say how long a dough has rested.",
    ),
    page(
      2,
      "/bread",
      "Sourdough bread",
      "What we offer",
      "- Rye loaf\n- Spelt loaf\n\nUnlike MegaBread, ours is baked on the day it is sold.",
    ),
  ],
  input: runInput.parse({
    contentType: "client_context",
    title: "Client context",
    company: { name: "Crumb & Co", website: "https://crumb.example/" },
  }),
};

function proposed(object: unknown, offline = false, of: Material = material) {
  const result = { text: "", object, usage: NO_USAGE, cost: 0, durationMs: 1 };
  const output = setup.accept(result, of, offline);
  if (output.case !== "context") throw new Error("another output");
  const fields = output.value.fields ?? [];
  const sources = output.value.sources ?? [];
  return {
    ...output.value,
    sources,
    texts: Object.fromEntries(
      fields.map(({ field, values }) => [ContextField[field ?? 0], values?.map(({ text }) => text)]),
    ),
  };
}

describe("the offline proposal", () => {
  const { texts, sources, offline } = proposed(parseObject(setup.sketch(material)), true);

  it("takes what the pages say, where they say it plainly", () => {
    expect(offline).toBe(true);
    expect(texts).toMatchObject({
      COMPANY_SUMMARY: [expect.stringContaining("Crumb & Co is a neighbourhood bakery")],
      AUDIENCE: [expect.stringContaining("home bakers")],
      PRODUCTS: ["Rye loaf", "Spelt loaf"],
      COMPETITORS: ["MegaBread"],
      DONTS: [expect.stringContaining("We never use baking agents")],
      DOS: [expect.stringContaining("We always say how long")],
      KEYWORDS: ["sourdough"],
      WEBSITE: ["https://crumb.example/"],
    });
  });

  it("quotes word for word", () => {
    const said = material.knowledge.map(({ text }) => text).join("\n");
    for (const { quote, url } of sources) {
      expect(said).toContain(quote);
      expect(url).toMatch(/^https:\/\/crumb\.example\//);
    }
  });

  it("says nothing about what no page says", () => {
    const bare = { ...material, knowledge: [page(1, "/", "Hi", "", "Hello.")] };
    expect(proposed(parseObject(setup.sketch(bare)), true, bare).texts).toEqual({
      WEBSITE: ["https://crumb.example/"],
    });
    const none = { ...material, knowledge: [] };
    expect(proposed(parseObject(setup.sketch(none)), true, none).texts).toEqual({});
  });
});

describe("a model's proposal", () => {
  const answer = {
    companySummary: { text: "A bakery with its own mill.", sources: [1, 99] },
    brandVoice: { text: "Cheeky and loud.", sources: [] },
    audience: null,
    products: [
      { text: "Rye loaf", sources: [2] },
      { text: "Wedding cakes", sources: [42] },
    ],
    competitors: [],
    dos: [],
    donts: [],
    keywords: [],
  };

  it("keeps what names a passage there is, and leaves out what nobody could check", () => {
    const { texts, sources } = proposed(answer);
    expect(texts).toEqual({
      COMPANY_SUMMARY: ["A bakery with its own mill."],
      PRODUCTS: ["Rye loaf"],
      WEBSITE: ["https://crumb.example/"],
    });
    expect(sources.map(({ number, quote }) => [number, quote])).toEqual([
      [1, "Crumb & Co is a neighbourhood bakery that mills its own rye."],
      [2, "Rye loaf"],
      // The address needs no quote, only the page it was read from.
      [3, ""],
    ]);
  });

  it("is refused when it has another form", () => {
    expect(() => proposed({ companySummary: "A bakery." })).toThrow();
  });
});
