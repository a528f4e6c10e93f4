import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sanitizeSlug } from "./slugs.ts";
import { POSTS, type Reply, TestSite } from "./test-site.ts";

let w: TestSite;
beforeEach(async () => {
  w = await TestSite.start();
});
afterEach(() => w.close());

describe("bad requests", () => {
  it.each([
    ["an unknown status", { title: "x", status: "bogus" }, 400, "rest_invalid_param"],
    ["names instead of tag ids", { title: "x", tags: ["news"] }, 400, "rest_invalid_param"],
    ["a date that is none", { title: "x", date: "tomorrow" }, 400, "rest_invalid_param"],
    ["nothing", {}, 400, "empty_content"],
    ["an id", { id: 5, title: "x" }, 400, "rest_post_exists"],
    ["a field nobody knows", { title: "x", colour: "red" }, 201, undefined],
    [
      "a category and an image that don't exist",
      { title: "x", categories: [999], featured_media: 999 },
      201,
      undefined,
    ],
  ])("%s", async (_what, json, status, code) => {
    const reply = await w.create(json);
    expect([reply.status, reply.body.code]).toEqual([status, code]);
    if (status === 201) expect(reply.body.featured_media).toBe(0);
  });

  it("lists every bad field in one answer", async () => {
    const { body } = await w.create({ title: "x", status: "bogus", author: "me" });
    expect(body.message).toBe("Invalid parameter(s): status, author");
    expect(body.data.params.author).toBe("author is not of type integer.");
    expect(body.data.details.status.code).toBe("rest_not_in_enum");
  });

  it("reads JSON only as JSON", async () => {
    const broken = await w.call("POST", POSTS, {
      as: "editor",
      body: "{",
      headers: { "content-type": "application/json" },
    });
    expect(broken.body).toMatchObject({
      code: "rest_invalid_json",
      data: { json_error_message: "Syntax error" },
    });
    const plain = await w.call("POST", POSTS, {
      as: "editor",
      body: '{"title":"x"}',
      headers: { "content-type": "text/plain" },
    });
    expect(plain.body.code).toBe("empty_content");
  });

  it("knows its routes and its pages", async () => {
    expect(await w.call("PUT", POSTS, { as: "editor" })).toMatchObject({
      status: 404,
      body: { code: "rest_no_route" },
    });
    expect((await w.call("GET", `${POSTS}?per_page=101`)).body.code).toBe("rest_invalid_param");
    await w.create({ title: "x", status: "publish" });
    expect((await w.call("GET", `${POSTS}?page=2`)).body.code).toBe("rest_post_invalid_page_number");
  });
});

describe("slugs", () => {
  it.each([
    ["Straße & Ünï_Code/..%20 x", "strase-uni_code-%20-x"],
    ["日本語", "%e6%97%a5%e6%9c%ac%e8%aa%9e"],
    ["2026", "2026"],
    ["x".repeat(250), "x".repeat(200)],
  ])("%s is normalised", (given, slug) => expect(sanitizeSlug(given)).toBe(slug));

  it("are made unique when a state is given, and not looked at when it is left out", async () => {
    await w.create({ title: "a", slug: "x", status: "publish" });
    expect((await w.create({ title: "b", slug: "x", status: "draft" })).body.slug).toBe("x-2");
    expect((await w.create({ title: "c", slug: "x" })).body.slug).toBe("x");
    expect((await w.call("GET", `${POSTS}?slug=x&status=any`, { as: "editor" })).body).toHaveLength(2);
  });

  it("of a published post move when it is edited beside a draft of the same slug, and the old address redirects", async () => {
    const { body: post } = await w.create({ title: "a", slug: "x", status: "publish" });
    await w.create({ title: "b", slug: "x" });
    const edited = await w.call("POST", `${POSTS}/${post.id}`, {
      as: "editor",
      json: { title: "A", slug: "x" },
    });
    expect(edited.body.slug).toBe("x-2");
    const old = await w.call("GET", "/2026/11/20/x/");
    expect([old.status, old.headers.get("location")]).toEqual([301, "/2026/11/20/x-2/"]);
  });

  it("find in lists, exactly, in any state but the bin; search looks at the text", async () => {
    await w.create({ title: "One", slug: "a", status: "draft", content: "<!-- idem:K123 --> text" });
    await w.create({ title: "Two", slug: "a-2", status: "publish" });
    const titles = (reply: Reply) =>
      reply.body.map((post: { title: { rendered: string } }) => post.title.rendered);
    expect(titles(await w.call("GET", `${POSTS}?slug=a&status=any`, { as: "editor" }))).toEqual(["One"]);
    expect(
      titles(
        await w.call("GET", `${POSTS}?slug[]=a&slug[]=a-2&status=any&orderby=id&order=asc`, { as: "editor" }),
      ),
    ).toEqual(["One", "Two"]);
    expect(titles(await w.call("GET", `${POSTS}?search=idem:K123&status=any`, { as: "editor" }))).toEqual([
      "One",
    ]);
    expect(titles(await w.call("GET", `${POSTS}?search=a-2`))).toEqual([]);
  });
});
