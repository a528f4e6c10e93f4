import { describe, expect, it } from "vitest";
import { inWords, mayReturn, type Skip, simplest, skipsClientReview } from "./rules.ts";

const everything: Skip = { contentType: null, channelId: null };
const posts: Skip = { contentType: "blog_post", channelId: null };
const onSite: Skip = { contentType: null, channelId: "site" };
const postsOnSite: Skip = { contentType: "blog_post", channelId: "site" };
const postsOnShop: Skip = { contentType: "blog_post", channelId: "shop" };

describe("what doesn't wait for the client", () => {
  it("is nothing while nobody said so", () => {
    expect(skipsClientReview([], "blog_post", ["site"])).toBe(false);
    expect(skipsClientReview([], "blog_post", [])).toBe(false);
  });

  it("is what a skip names by type, by channel or both", () => {
    expect(skipsClientReview([everything], "social_post", ["site", "shop"])).toBe(true);
    expect(skipsClientReview([posts], "blog_post", ["site"])).toBe(true);
    expect(skipsClientReview([posts], "social_post", ["site"])).toBe(false);
    expect(skipsClientReview([onSite], "social_post", ["site"])).toBe(true);
    expect(skipsClientReview([postsOnSite], "social_post", ["site"])).toBe(false);
    expect(skipsClientReview([postsOnSite], "blog_post", ["shop"])).toBe(false);
  });

  it("waits when only some of its channels are named", () => {
    expect(skipsClientReview([postsOnSite], "blog_post", ["site", "shop"])).toBe(false);
    expect(skipsClientReview([postsOnSite, postsOnShop], "blog_post", ["site", "shop"])).toBe(true);
    expect(skipsClientReview([onSite, postsOnShop], "blog_post", ["site", "shop"])).toBe(true);
  });

  it("waits when it goes to no channel, unless every channel is meant", () => {
    expect(skipsClientReview([onSite, postsOnShop], "blog_post", [])).toBe(false);
    expect(skipsClientReview([posts], "blog_post", [])).toBe(true);
  });

  it("is kept in as few skips as say it", () => {
    expect(simplest([postsOnSite, posts, onSite, posts])).toEqual([posts, onSite]);
    expect(simplest([postsOnSite, everything, posts])).toEqual([everything]);
    expect(simplest([postsOnSite, postsOnShop])).toEqual([postsOnSite, postsOnShop]);
  });

  it("reads as a sentence's end", () => {
    const nameOf = (id: string) => ({ site: "Bakery site" })[id] ?? "?";
    expect(inWords([], nameOf)).toBe("nothing");
    expect(inWords([everything], nameOf)).toBe("everything");
    expect(inWords([postsOnSite, { contentType: "social_post", channelId: null }], nameOf)).toBe(
      "blog posts on Bakery site, social posts",
    );
  });
});

it("what is out, in the air or failed doesn't come back to the client; what only waits does", () => {
  expect(mayReturn([])).toBe(true);
  expect(mayReturn(["due", "waiting"])).toBe(true);
  for (const part of ["out", "unsure", "going", "failed"] as const)
    expect(mayReturn(["waiting", part]), part).toBe(false);
});
