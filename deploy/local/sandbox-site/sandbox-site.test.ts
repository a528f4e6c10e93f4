import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { basic, POSTS, passwords, TestSite } from "./test-site.ts";

let w: TestSite;
beforeEach(async () => {
  w = await TestSite.start();
});
afterEach(() => w.close());

describe("authentication", () => {
  it("takes an application password with or without spaces, with the login or the e-mail address", async () => {
    const spaceless = basic("editor", (passwords.editor ?? "").replaceAll(" ", ""));
    expect((await w.call("GET", "/wp-json/wp/v2/users/me", { auth: spaceless })).status).toBe(200);
    const me = await w.call("GET", "/wp-json/wp/v2/users/me?context=edit", {
      auth: basic("editor@sandbox.example", passwords.editor),
    });
    expect(me.body.roles).toEqual(["editor"]);
  });

  it("reads wrong credentials as nobody's: 401 on writing, 200 on what is public", async () => {
    await w.create({ title: "Public", status: "publish" });
    const wrong = basic("editor", "wrong");
    expect(await w.call("POST", POSTS, { auth: wrong, json: { title: "x" } })).toMatchObject({
      status: 401,
      body: { code: "rest_cannot_create", data: { status: 401 } },
    });
    expect(await w.call("GET", "/wp-json/wp/v2/users/me", { auth: wrong })).toMatchObject({
      status: 401,
      body: { code: "rest_not_logged_in" },
    });
    expect((await w.call("GET", POSTS, { auth: wrong })).status).toBe(200);
    expect((await w.call("GET", `${POSTS}?slug=public`, { auth: wrong })).body).toHaveLength(1);
  });

  it("answers a search over all states without rights with 400 and the reason inside", async () => {
    await w.create({ title: "Draft", slug: "x", status: "draft" });
    expect((await w.call("GET", `${POSTS}?slug=x`)).body).toEqual([]);
    const anonymous = await w.call("GET", `${POSTS}?slug=x&status=any`);
    expect(anonymous).toMatchObject({ status: 400, body: { code: "rest_invalid_param" } });
    expect(anonymous.body.data.details.status).toMatchObject({
      code: "rest_forbidden_status",
      data: { status: 401 },
    });
    const subscriber = await w.call("GET", `${POSTS}?slug=x&status=any`, { as: "subscriber" });
    expect(subscriber.body.data.details.status.data.status).toBe(403);
  });

  it("marks replies to a recognised user, and only those, as not to be cached", async () => {
    expect((await w.call("GET", POSTS)).headers.get("expires")).toBeNull();
    const known = await w.call("GET", POSTS, { as: "editor" });
    expect(known.headers.get("cache-control")).toContain("no-cache");
    expect(known.headers.get("allow")).toBe("GET, POST");
  });

  it("ignores application passwords on a production site without https, and names the plugin's errors when one looks early", async () => {
    w.site.site.faults.set({ applicationPasswordsOff: true });
    expect((await w.create({ title: "x" })).status).toBe(401);
    expect((await w.call("GET", "/wp-json/")).body.authentication).toEqual([]);
    w.site.site.faults.set({ earlyUserLookup: true });
    expect((await w.call("GET", POSTS, { auth: basic("editor", "wrong") })).body.code).toBe(
      "incorrect_password",
    );
    expect((await w.call("GET", POSTS, { auth: basic("nobody", "wrong") })).body.code).toBe(
      "invalid_username",
    );
  });
});

describe("rights", () => {
  it("refuses what the role may not do, each with its own code", async () => {
    const others = (await w.create({ title: "Editor's", status: "draft" })).body.id;
    const refusals = await Promise.all([
      w.create({ title: "x" }, "subscriber"),
      w.create({ title: "x", status: "publish" }, "contributor"),
      w.create({ title: "x", author: 1 }, "contributor"),
      w.call("POST", `${POSTS}/${others}`, { as: "author", json: { title: "y" } }),
      w.call("DELETE", `${POSTS}/${others}`, { as: "contributor" }),
      w.call("POST", "/wp-json/wp/v2/categories", { as: "author", json: { name: "News" } }),
    ]);
    expect(refusals.map(({ status, body }) => [status, body.code])).toEqual([
      [403, "rest_cannot_create"],
      [403, "rest_cannot_publish"],
      [403, "rest_cannot_edit_others"],
      [403, "rest_cannot_edit"],
      [403, "rest_cannot_delete"],
      [403, "rest_cannot_create"],
    ]);
    expect((await w.create({ title: "x" }, "contributor")).status).toBe(201);
  });

  it("hides other people's drafts from an author and still counts them", async () => {
    await w.create({ title: "One" });
    const list = await w.call("GET", `${POSTS}?status=any`, { as: "author" });
    expect(list.body).toEqual([]);
    expect(list.headers.get("x-wp-total")).toBe("1");
  });
});

describe("create, publish, read", () => {
  it("answers 201 with the location and both spellings of the text, and a draft's link is its number", async () => {
    const { status, headers, body } = await w.create({
      title: "Hello wire",
      content: "Text",
      slug: "hello-wire",
      status: "draft",
    });
    expect(status).toBe(201);
    expect(headers.get("location")).toBe(`${w.site.url}${POSTS}/${body.id}`);
    expect(headers.get("content-type")).toBe("application/json; charset=UTF-8");
    expect(body).toMatchObject({
      slug: "hello-wire",
      status: "draft",
      link: `${w.site.url}/?p=${body.id}`,
      title: { raw: "Hello wire" },
      meta: [],
      categories: [1],
    });
    expect((await w.call("GET", `${POSTS}/${body.id}`)).body).toMatchObject({
      code: "rest_forbidden",
      data: { status: 401 },
    });
  });

  it("publishes once: the link is dated, and publishing again moves nothing", async () => {
    const { body: draft } = await w.create({ title: "Hello", slug: "hello" });
    w.clock += 3_600_000;
    const first = await w.call("POST", `${POSTS}/${draft.id}`, { as: "editor", json: { status: "publish" } });
    expect(first.body.link).toBe(`${w.site.url}/2026/11/20/hello/`);
    w.clock += 3_600_000;
    const again = await w.call("PUT", `${POSTS}/${draft.id}`, { as: "editor", json: { status: "publish" } });
    expect([again.status, again.body.date, again.body.slug]).toEqual([200, first.body.date, "hello"]);
  });

  it("schedules what lies ahead and publishes it on the first request after its time", async () => {
    const { body } = await w.create({ title: "Later", status: "publish", date: "2026-11-20T11:00:00" });
    expect(body.status).toBe("future");
    w.clock = Date.parse("2026-11-20T11:00:01Z");
    expect((await w.call("GET", `${POSTS}/${body.id}`)).body.status).toBe("publish");
  });

  it("bins, refuses to bin twice, and frees the slug", async () => {
    const { body } = await w.create({ title: "x", slug: "x", status: "publish" });
    expect((await w.call("DELETE", `${POSTS}/${body.id}`, { as: "editor" })).body).toMatchObject({
      status: "trash",
      slug: "x__trashed",
    });
    expect((await w.call("DELETE", `${POSTS}/${body.id}`, { as: "editor" })).status).toBe(410);
    expect((await w.create({ title: "x", slug: "x", status: "publish" })).body.slug).toBe("x");
    expect((await w.call("DELETE", `${POSTS}/${body.id}?force=true`, { as: "editor" })).body.deleted).toBe(
      true,
    );
    expect((await w.call("GET", `${POSTS}/${body.id}`)).body.code).toBe("rest_post_invalid_id");
  });

  it("takes forms, the rest_route parameter, a trailing slash and _fields", async () => {
    const form = await w.call("POST", "/?rest_route=/wp/v2/posts", {
      as: "editor",
      body: new URLSearchParams({ title: "Form", "tags[]": "1" }),
    });
    expect(form.status).toBe(201);
    const trimmed = await w.call("GET", `${POSTS}/?status=any&_fields=id,title.raw&context=edit`, {
      as: "editor",
    });
    expect(trimmed.body).toEqual([{ id: form.body.id, title: { raw: "Form" } }]);
  });

  it("keeps everything over a restart", async () => {
    const { body } = await w.create({ title: "Kept", status: "publish" });
    await w.restart();
    expect((await w.call("GET", `${POSTS}/${body.id}`)).body.title.rendered).toBe("Kept");
    expect((await w.create({ title: "Next" })).body.id).toBe(body.id + 1);
  });
});
