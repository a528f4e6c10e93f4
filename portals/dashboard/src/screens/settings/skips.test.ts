import type { ContentType } from "@leadmetrics/web";
import { expect, it } from "vitest";
import { ALL_CHANNELS, extentOf, has, isChanged, isImplied, placesOf, skipsOf, toggled } from "./skips.ts";

const types: ContentType[] = ["blog_post", "social_post"];
const blogOnSite = { contentType: "blog_post", channelRef: "SITE" } as const;
const allBlog = { contentType: "blog_post", channelRef: ALL_CHANNELS } as const;

it("nothing, everything or some of it is told apart", () => {
  expect(extentOf([])).toBe("none");
  expect(extentOf([{ channelRef: "" }])).toBe("all");
  expect(extentOf([{ contentType: null, channelRef: "SITE" }])).toBe("some");
  expect(extentOf([{ contentType: "blog_post", channelRef: "" }])).toBe("some");
});

it("a setting for any type is every type's place", () => {
  expect(placesOf([{ contentType: null, channelRef: "SITE" }], types)).toEqual([
    blogOnSite,
    { contentType: "social_post", channelRef: "SITE" },
  ]);
});

it("a place is chosen and let go; all channels include each", () => {
  const chosen = toggled([], blogOnSite);
  expect(has(chosen, blogOnSite)).toBe(true);
  expect(toggled(chosen, blogOnSite)).toEqual([]);
  const wide = toggled(chosen, allBlog);
  expect(isImplied(wide, blogOnSite)).toBe(true);
  expect(isImplied(wide, allBlog)).toBe(false);
  expect(skipsOf("some", wide)).toEqual([allBlog]);
});

it("what is sent follows the choice, and only a change is one", () => {
  expect(skipsOf("none", [blogOnSite])).toEqual([]);
  expect(skipsOf("all", [])).toEqual([{ channelRef: "" }]);
  expect(isChanged([{ contentType: null, channelRef: "" }], skipsOf("all", []))).toBe(false);
  expect(isChanged([blogOnSite, allBlog], [allBlog, blogOnSite])).toBe(false);
  expect(isChanged([], [blogOnSite])).toBe(true);
});
