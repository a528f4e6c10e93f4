import { describe, expect, it } from "vitest";
import { termsOf } from "./brand.ts";
import { type Check, look } from "./check.ts";
import { checksOf } from "./checks.ts";
import { linkChecks } from "./links.ts";
import { platformChecks } from "./platforms.ts";
import { readingChecks } from "./reading.ts";

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
  body: `## A\n\n${"Good words here. ".repeat(20).trim().concat("\n\n").repeat(10)}\n\n## B\n\nEnd [1].`,
  excerpt: "x".repeat(90),
  citations: [{ number: 1, fileRef: "f", title: "t", locator: "", excerpt: "" }],
  ...change,
});
const namesOf = (checks: readonly Check[]) => checks.filter((one) => !one.passed).map((one) => one.name);
const post = { title: "Rye", body: "It rests.", excerpt: "", citations: [] };
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

describe("a client's rules", () => {
  it("are looked for by the words they name", () => {
    expect(termsOf("Never say “cheap” or 'bargain'")).toEqual(["cheap", "bargain"]);
    expect(termsOf("Don't use synergy, leverage or game changer in headlines")).toEqual([
      "synergy",
      "leverage",
      "game changer",
    ]);
    expect(termsOf("Keep a warm tone")).toEqual([]);
    expect(termsOf("Don't promise what we can't hold")).toEqual([]);
  });
  it("name the word that breaks them, as a word and not as part of one", () => {
    const rules = { ...context, donts: ["Never say “cheap”"], dos: ["Mention “stone oven”"] };
    const of = (body: string) =>
      namesOf(checksOf({ ...post, body }, "social_post", rules)).filter((name) => name.startsWith("Brand"));
    expect(of("Cheap bread from the stone oven")).toEqual(["Brand don'ts"]);
    expect(of("Cheapest bread from the stone oven")).toEqual([]);
    expect(of("Bread")).toEqual(["Brand dos"]);
  });
});

describe("links", () => {
  const link = (body: string) => linkChecks(look({ ...post, body }, "blog_post", undefined))[0];
  it("pass when they lead somewhere and say where", () => {
    expect(link("See [our ovens](https://crumb.bakery/ovens).")?.passed).toBe(true);
    expect(link("Write [to us](mailto:hi@crumb.bakery).")?.passed).toBe(true);
    expect(link("No link, but [1] and ![a picture](x.png).")).toBeUndefined();
  });
  it.each([
    ["[our ovens](https://example.com/ovens)", /leads nowhere/],
    ["[our ovens](javascript:alert(1)", /leads nowhere/],
    ["[our ovens]()", /leads nowhere/],
    ["[our ovens](http://crumb.bakery)", /not https/],
    ["[click here](https://crumb.bakery)", /doesn't say where/],
  ])("%s is looked at", (body, hint) => {
    const check = link(body);
    expect(check?.passed).toBe(false);
    expect(check?.hint).toMatch(hint);
  });
});

describe("how a text reads", () => {
  const of = (body: string) =>
    readingChecks(look({ ...post, body }, "blog_post", undefined)).filter((one) => !one.passed);
  it("is fine with short sentences", () => {
    expect(of("The dough rests. It rises slowly. Then it is baked.")).toEqual([]);
  });
  it("is hard with long ones, and unfinished with what was left behind", () => {
    expect(of(Array.from({ length: 60 }, () => "word").join(" "))[0]?.name).toBe("Readability");
    expect(of("It rests. [insert hours] long.")[0]?.hint).toContain("[insert hours]");
  });
});

describe("platforms", () => {
  const of = (body: string) =>
    platformChecks(look({ ...post, body }, "social_post", undefined)).filter((one) => !one.passed);
  it("hold a post against each channel it goes to, whose name tells its platform", () => {
    const of = (length: number, ...channels: string[]) =>
      platformChecks(look({ ...post, body: "x".repeat(length) }, "social_post", undefined), channels)[0];
    expect(of(400, "Our site")?.passed).toBe(true);
    expect(of(400, "Bluesky of Acme", "X", "LinkedIn page")?.hint).toContain(
      "X takes 280, Bluesky of Acme takes 300",
    );
    expect(of(400, "LinkedIn page")?.passed).toBe(true);
  });
  it("hold a post against the one it names, and count people's characters", () => {
    expect(of("🍞".repeat(400))).toEqual([]);
    expect(of(`On Bluesky: ${"x".repeat(300)}`)[0]?.hint).toContain("Bluesky takes 300");
    expect(of("#a #b #c #d #e #f")[0]?.name).toBe("Hashtags");
  });
});

describe("what was said before", () => {
  const item = { activityRef: "A", title: "Rye", status: "published", share: 0.9, passage: "" } as const;
  it("is named when it is nearly the same, and left out while it is not known", () => {
    const hint = (likeness: "duplicate" | "similar") =>
      checksOf(post, "social_post", context, [{ ...item, likeness }]).find(
        (one) => !one.passed && /said/.test(one.name),
      )?.hint;
    expect(hint("duplicate")).toContain("“Rye”");
    expect(hint("similar")).toContain("Shares passages with 1 other item");
    expect(checksOf(post, "social_post", context).map(({ name }) => name)).not.toContain("Not said before");
  });
});
