import type { ClientContext, Crawl, Onboarding } from "@leadmetrics/web";
import { describe, expect, it } from "vitest";
import {
  acceptedField,
  crawlSentence,
  crawlShare,
  FIELDS,
  fieldsToAccept,
  foundSoFar,
  openStep,
  proposalForm,
  STEPS,
  sourcesOf,
  stepAfter,
} from "./rules.ts";

const crawl: Crawl = {
  ref: "R",
  startUrl: "https://crumb.example/",
  status: "reading",
  pagesFound: 10,
  pagesRead: 4,
  pagesUnchanged: 0,
  again: false,
  pagesAdded: 0,
  pagesChanged: 0,
  pagesGone: 0,
  goneUrls: [],
  pagesSkipped: 1,
  pagesFailed: 0,
  readingUrl: "",
  problem: "",
  problemReason: "",
  maxPages: 150,
};

const context: ClientContext = {
  companySummary: "",
  brandVoice: "Warm.",
  audience: "",
  products: ["Rye loaf"],
  competitors: [],
  dos: [],
  donts: [],
  keywords: [],
  website: "",
};

const after = (...done: string[]): Onboarding => ({
  status: "open",
  steps: STEPS.map(({ name }) => ({ step: name, state: done.includes(name) ? "done" : "open" })),
  research: {
    status: "none",
    website: "",
    crawlRef: "",
    runRef: "",
    problem: "",
    problemReason: "",
    accepted: [],
    acceptedVersion: 0,
  },
  version: 1,
});

describe("the wizard", () => {
  it("opens at the first step that is neither done nor left out, and goes on to the next such one", () => {
    expect(openStep(after())).toBe("company");
    expect(openStep(after("company", "website", "channels"))).toBe("context");
    expect(stepAfter(after("company", "context"), "company")).toBe("website");
    expect(stepAfter(after("context", "channels", "plan"), "website")).toBeUndefined();
  });
});

describe("a crawl", () => {
  it("fills its bar by what is settled, never to the end before the end", () => {
    expect(crawlShare({ ...crawl, status: "queued" })).toBeUndefined();
    expect(crawlShare(crawl)).toBe(0.5);
    expect(crawlShare({ ...crawl, pagesRead: 9 })).toBe(0.95);
    expect(crawlShare({ ...crawl, pagesFound: 900, maxPages: 7 })).toBe(0.625);
    expect(crawlShare({ ...crawl, status: "finished" })).toBe(1);
  });

  it("says in a sentence how far it is and why it ended", () => {
    expect(crawlSentence(crawl)).toBe("4 pages read, 10 found so far.");
    expect(crawlSentence({ ...crawl, status: "finished", pagesRead: 1 })).toBe("1 page read.");
    expect(crawlSentence({ ...crawl, status: "finished", limitedBy: "pages" })).toContain("the most we read");
    expect(crawlSentence({ ...crawl, status: "failed", problem: "Nobody answers." })).toBe("Nobody answers.");
    expect(crawlSentence({ ...crawl, status: "cancelled", pagesRead: 0 })).toContain("before a page");
  });
});

describe("a proposal", () => {
  const proposal = {
    offline: true,
    sources: [],
    fields: [
      {
        field: "products" as const,
        values: ["Rye loaf", "Spelt loaf"].map((text) => ({ text, sources: [1] })),
      },
      { field: "audience" as const, values: [{ text: "Home bakers", sources: [1] }] },
    ],
  };

  it("shows what is proposed, what is in force where nothing is, and what was taken over as it was stored", () => {
    const form = proposalForm(proposal, [], context);
    expect(form).toMatchObject({
      products: "Rye loaf\nSpelt loaf",
      audience: "Home bakers",
      brand_voice: "Warm.",
    });
    const taken = [{ field: "products" as const, values: ["Rye loaf"] }];
    expect(proposalForm(proposal, taken, context).products).toBe("Rye loaf");
  });

  it("is sent as it was corrected: lists line by line, only what holds something or is to be emptied", () => {
    const form = { ...proposalForm(proposal, [], context), products: " Rye \n\n Spelt ", brand_voice: " " };
    const products = FIELDS.find(({ field }) => field === "products");
    expect(products && acceptedField(form, products)).toEqual({
      field: "products",
      values: ["Rye", "Spelt"],
    });
    expect(fieldsToAccept(form, context)).toEqual([
      { field: "products", values: ["Rye", "Spelt"] },
      { field: "brand_voice", values: [] },
      { field: "audience", values: ["Home bakers"] },
    ]);
  });

  it("names every quote of a field once", () => {
    const source = (number: number, quote: string) => ({
      number,
      quote,
      title: `Page ${number}`,
      url: "",
      locator: "",
      fileRef: "",
    });
    const said = {
      ...proposal,
      sources: [source(1, "Rye."), source(2, "Rye."), source(3, "Spelt."), source(4, "Other.")],
      fields: [
        {
          field: "products" as const,
          values: [
            { text: "Rye", sources: [2, 1] },
            { text: "Spelt", sources: [3] },
          ],
        },
      ],
    };
    expect(sourcesOf(said, "products").map(({ number }) => number)).toEqual([1, 3]);
    expect(sourcesOf(said, "audience")).toEqual([]);
  });

  it("shows the last thing that was found while it is being written", () => {
    expect(foundSoFar("- One\n- Two")).toEqual({ count: 2, last: "Two" });
    expect(foundSoFar('{"companySum')).toEqual({ count: 0, last: "" });
  });
});
