import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { USERS } from "./model.ts";
import { type SandboxSite, startSandboxSite } from "./server.ts";
import { sanitizeSlug } from "./slugs.ts";

let dir: string;
let site: SandboxSite;
let clock: number;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "lm-site-"));
  clock = Date.parse("2026-11-20T10:00:00Z");
  site = await startSandboxSite({ port: 0, dir, now: () => clock });
});
afterEach(async () => {
  await site.stop();
  await rm(dir, { recursive: true, force: true });
});

interface Reply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire, compared as it is
  body: any;
}

const passwords: Record<string, string> = Object.fromEntries(
  USERS.map((user) => [user.login, user.applicationPassword]),
);
const basic = (user: string, password = passwords[user] ?? "") =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

async function call(
  method: string,
  path: string,
  options: {
    as?: string;
    auth?: string;
    json?: unknown;
    body?: RequestInit["body"];
    headers?: Record<string, string>;
  } = {},
): Promise<Reply> {
  const headers: Record<string, string> = { ...options.headers };
  const auth = options.auth ?? (options.as ? basic(options.as) : undefined);
  if (auth) headers.authorization = auth;
  if (options.json !== undefined) headers["content-type"] = "application/json";
  const response = await fetch(`${site.url}${path}`, {
    method,
    headers,
    body: options.json === undefined ? options.body : JSON.stringify(options.json),
    redirect: "manual",
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

const POSTS = "/wp-json/wp/v2/posts";
const create = (json: unknown, as = "editor") => call("POST", POSTS, { as, json });

describe("authentication", () => {
  it("takes an application password with or without spaces, with the login or the e-mail address", async () => {
    const spaceless = basic("editor", (passwords.editor ?? "").replaceAll(" ", ""));
    expect((await call("GET", "/wp-json/wp/v2/users/me", { auth: spaceless })).status).toBe(200);
    const me = await call("GET", "/wp-json/wp/v2/users/me?context=edit", {
      auth: basic("editor@sandbox.example", passwords.editor),
    });
    expect(me.body.roles).toEqual(["editor"]);
  });

  it("reads wrong credentials as nobody's: 401 on writing, 200 on what is public", async () => {
    await create({ title: "Public", status: "publish" });
    const wrong = basic("editor", "wrong");
    expect(await call("POST", POSTS, { auth: wrong, json: { title: "x" } })).toMatchObject({
      status: 401,
      body: { code: "rest_cannot_create", data: { status: 401 } },
    });
    expect(await call("GET", "/wp-json/wp/v2/users/me", { auth: wrong })).toMatchObject({
      status: 401,
      body: { code: "rest_not_logged_in" },
    });
    expect((await call("GET", POSTS, { auth: wrong })).status).toBe(200);
    expect((await call("GET", `${POSTS}?slug=public`, { auth: wrong })).body).toHaveLength(1);
  });

  it("answers a search over all states without rights with 400 and the reason inside", async () => {
    await create({ title: "Draft", slug: "x", status: "draft" });
    expect((await call("GET", `${POSTS}?slug=x`)).body).toEqual([]);
    const anonymous = await call("GET", `${POSTS}?slug=x&status=any`);
    expect(anonymous).toMatchObject({ status: 400, body: { code: "rest_invalid_param" } });
    expect(anonymous.body.data.details.status).toMatchObject({
      code: "rest_forbidden_status",
      data: { status: 401 },
    });
    const subscriber = await call("GET", `${POSTS}?slug=x&status=any`, { as: "subscriber" });
    expect(subscriber.body.data.details.status.data.status).toBe(403);
  });

  it("marks replies to a recognised user, and only those, as not to be cached", async () => {
    expect((await call("GET", POSTS)).headers.get("expires")).toBeNull();
    const known = await call("GET", POSTS, { as: "editor" });
    expect(known.headers.get("cache-control")).toContain("no-cache");
    expect(known.headers.get("allow")).toBe("GET, POST");
  });

  it("ignores application passwords on a production site without https, and names the plugin's errors when one looks early", async () => {
    site.site.faults.set({ applicationPasswordsOff: true });
    expect((await create({ title: "x" })).status).toBe(401);
    expect((await call("GET", "/wp-json/")).body.authentication).toEqual([]);
    site.site.faults.set({ earlyUserLookup: true });
    expect((await call("GET", POSTS, { auth: basic("editor", "wrong") })).body.code).toBe(
      "incorrect_password",
    );
    expect((await call("GET", POSTS, { auth: basic("nobody", "wrong") })).body.code).toBe("invalid_username");
  });
});

describe("rights", () => {
  it("refuses what the role may not do, each with its own code", async () => {
    const others = (await create({ title: "Editor's", status: "draft" })).body.id;
    const refusals = await Promise.all([
      create({ title: "x" }, "subscriber"),
      create({ title: "x", status: "publish" }, "contributor"),
      create({ title: "x", author: 1 }, "contributor"),
      call("POST", `${POSTS}/${others}`, { as: "author", json: { title: "y" } }),
      call("DELETE", `${POSTS}/${others}`, { as: "contributor" }),
      call("POST", "/wp-json/wp/v2/categories", { as: "author", json: { name: "News" } }),
    ]);
    expect(refusals.map(({ status, body }) => [status, body.code])).toEqual([
      [403, "rest_cannot_create"],
      [403, "rest_cannot_publish"],
      [403, "rest_cannot_edit_others"],
      [403, "rest_cannot_edit"],
      [403, "rest_cannot_delete"],
      [403, "rest_cannot_create"],
    ]);
    expect((await create({ title: "x" }, "contributor")).status).toBe(201);
  });

  it("hides other people's drafts from an author and still counts them", async () => {
    await create({ title: "One" });
    const list = await call("GET", `${POSTS}?status=any`, { as: "author" });
    expect(list.body).toEqual([]);
    expect(list.headers.get("x-wp-total")).toBe("1");
  });
});

describe("create, publish, read", () => {
  it("answers 201 with the location and both spellings of the text, and a draft's link is its number", async () => {
    const { status, headers, body } = await create({
      title: "Hello wire",
      content: "Text",
      slug: "hello-wire",
      status: "draft",
    });
    expect(status).toBe(201);
    expect(headers.get("location")).toBe(`${site.url}${POSTS}/${body.id}`);
    expect(headers.get("content-type")).toBe("application/json; charset=UTF-8");
    expect(body).toMatchObject({
      slug: "hello-wire",
      status: "draft",
      link: `${site.url}/?p=${body.id}`,
      title: { raw: "Hello wire" },
      meta: [],
      categories: [1],
    });
    expect((await call("GET", `${POSTS}/${body.id}`)).body).toMatchObject({
      code: "rest_forbidden",
      data: { status: 401 },
    });
  });

  it("publishes once: the link is dated, and publishing again moves nothing", async () => {
    const { body: draft } = await create({ title: "Hello", slug: "hello" });
    clock += 3_600_000;
    const first = await call("POST", `${POSTS}/${draft.id}`, { as: "editor", json: { status: "publish" } });
    expect(first.body.link).toBe(`${site.url}/2026/11/20/hello/`);
    clock += 3_600_000;
    const again = await call("PUT", `${POSTS}/${draft.id}`, { as: "editor", json: { status: "publish" } });
    expect([again.status, again.body.date, again.body.slug]).toEqual([200, first.body.date, "hello"]);
  });

  it("schedules what lies ahead and publishes it on the first request after its time", async () => {
    const { body } = await create({ title: "Later", status: "publish", date: "2026-11-20T11:00:00" });
    expect(body.status).toBe("future");
    clock = Date.parse("2026-11-20T11:00:01Z");
    expect((await call("GET", `${POSTS}/${body.id}`)).body.status).toBe("publish");
  });

  it("bins, refuses to bin twice, and frees the slug", async () => {
    const { body } = await create({ title: "x", slug: "x", status: "publish" });
    expect((await call("DELETE", `${POSTS}/${body.id}`, { as: "editor" })).body).toMatchObject({
      status: "trash",
      slug: "x__trashed",
    });
    expect((await call("DELETE", `${POSTS}/${body.id}`, { as: "editor" })).status).toBe(410);
    expect((await create({ title: "x", slug: "x", status: "publish" })).body.slug).toBe("x");
    expect((await call("DELETE", `${POSTS}/${body.id}?force=true`, { as: "editor" })).body.deleted).toBe(
      true,
    );
    expect((await call("GET", `${POSTS}/${body.id}`)).body.code).toBe("rest_post_invalid_id");
  });

  it("takes forms, the rest_route parameter, a trailing slash and _fields", async () => {
    const form = await call("POST", "/?rest_route=/wp/v2/posts", {
      as: "editor",
      body: new URLSearchParams({ title: "Form", "tags[]": "1" }),
    });
    expect(form.status).toBe(201);
    const trimmed = await call("GET", `${POSTS}/?status=any&_fields=id,title.raw&context=edit`, {
      as: "editor",
    });
    expect(trimmed.body).toEqual([{ id: form.body.id, title: { raw: "Form" } }]);
  });

  it("keeps everything over a restart", async () => {
    const { body } = await create({ title: "Kept", status: "publish" });
    await site.stop();
    site = await startSandboxSite({ port: 0, dir, now: () => clock });
    expect((await call("GET", `${POSTS}/${body.id}`)).body.title.rendered).toBe("Kept");
    expect((await create({ title: "Next" })).body.id).toBe(body.id + 1);
  });
});

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
    const reply = await create(json);
    expect([reply.status, reply.body.code]).toEqual([status, code]);
    if (status === 201) expect(reply.body.featured_media).toBe(0);
  });

  it("lists every bad field in one answer", async () => {
    const { body } = await create({ title: "x", status: "bogus", author: "me" });
    expect(body.message).toBe("Invalid parameter(s): status, author");
    expect(body.data.params.author).toBe("author is not of type integer.");
    expect(body.data.details.status.code).toBe("rest_not_in_enum");
  });

  it("reads JSON only as JSON", async () => {
    const broken = await call("POST", POSTS, {
      as: "editor",
      body: "{",
      headers: { "content-type": "application/json" },
    });
    expect(broken.body).toMatchObject({
      code: "rest_invalid_json",
      data: { json_error_message: "Syntax error" },
    });
    const plain = await call("POST", POSTS, {
      as: "editor",
      body: '{"title":"x"}',
      headers: { "content-type": "text/plain" },
    });
    expect(plain.body.code).toBe("empty_content");
  });

  it("knows its routes and its pages", async () => {
    expect(await call("PUT", POSTS, { as: "editor" })).toMatchObject({
      status: 404,
      body: { code: "rest_no_route" },
    });
    expect((await call("GET", `${POSTS}?per_page=101`)).body.code).toBe("rest_invalid_param");
    await create({ title: "x", status: "publish" });
    expect((await call("GET", `${POSTS}?page=2`)).body.code).toBe("rest_post_invalid_page_number");
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
    await create({ title: "a", slug: "x", status: "publish" });
    expect((await create({ title: "b", slug: "x", status: "draft" })).body.slug).toBe("x-2");
    expect((await create({ title: "c", slug: "x" })).body.slug).toBe("x");
    expect((await call("GET", `${POSTS}?slug=x&status=any`, { as: "editor" })).body).toHaveLength(2);
  });

  it("of a published post move when it is edited beside a draft of the same slug, and the old address redirects", async () => {
    const { body: post } = await create({ title: "a", slug: "x", status: "publish" });
    await create({ title: "b", slug: "x" });
    const edited = await call("POST", `${POSTS}/${post.id}`, {
      as: "editor",
      json: { title: "A", slug: "x" },
    });
    expect(edited.body.slug).toBe("x-2");
    const old = await call("GET", "/2026/11/20/x/");
    expect([old.status, old.headers.get("location")]).toEqual([301, "/2026/11/20/x-2/"]);
  });

  it("find in lists, exactly, in any state but the bin; search looks at the text", async () => {
    await create({ title: "One", slug: "a", status: "draft", content: "<!-- idem:K123 --> text" });
    await create({ title: "Two", slug: "a-2", status: "publish" });
    const titles = (reply: Reply) =>
      reply.body.map((post: { title: { rendered: string } }) => post.title.rendered);
    expect(titles(await call("GET", `${POSTS}?slug=a&status=any`, { as: "editor" }))).toEqual(["One"]);
    expect(
      titles(
        await call("GET", `${POSTS}?slug[]=a&slug[]=a-2&status=any&orderby=id&order=asc`, { as: "editor" }),
      ),
    ).toEqual(["One", "Two"]);
    expect(titles(await call("GET", `${POSTS}?search=idem:K123&status=any`, { as: "editor" }))).toEqual([
      "One",
    ]);
    expect(titles(await call("GET", `${POSTS}?search=a-2`))).toEqual([]);
  });
});

describe("media", () => {
  const PNG = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  const upload = (bytes: Buffer, headers: Record<string, string>, as = "editor") =>
    call("POST", "/wp-json/wp/v2/media", { as, body: new Uint8Array(bytes), headers });
  const png = { "content-type": "image/png", "content-disposition": 'attachment; filename="pic.png"' };

  it("are stored, served, numbered when the name comes again, and set as a post's image", async () => {
    const first = await upload(PNG, png);
    expect(first).toMatchObject({
      status: 201,
      body: { slug: "pic", mime_type: "image/png", media_details: { width: 1, height: 1 } },
    });
    expect(first.headers.get("x-wp-upload-attachment-id")).toBe(String(first.body.id));
    const bytes = Buffer.from(await (await fetch(first.body.source_url)).arrayBuffer());
    expect(bytes.equals(PNG)).toBe(true);
    expect((await upload(PNG, png)).body.slug).toBe("pic-1");
    expect((await create({ title: "x", featured_media: first.body.id })).body.featured_media).toBe(
      first.body.id,
    );
  });

  it("come by multipart with their texts", async () => {
    const form = new FormData();
    form.append("title", "A picture");
    form.append("alt_text", "One pixel");
    form.append("file", new Blob([new Uint8Array(PNG)], { type: "image/png" }), "multi.png");
    const { status, body } = await call("POST", "/wp-json/wp/v2/media", { as: "author", body: form });
    expect([status, body.title.raw, body.alt_text]).toEqual([201, "A picture", "One pixel"]);
  });

  it("are refused as WordPress refuses them", async () => {
    const md5 = createHash("md5").update("other").digest("hex");
    const replies = await Promise.all([
      upload(PNG, { "content-type": "image/png" }),
      upload(PNG, { "content-disposition": png["content-disposition"] }).catch(() => undefined),
      upload(Buffer.alloc(0), png),
      upload(PNG, { ...png, "content-disposition": "attachment; filename*=UTF-8''pic.png" }),
      upload(Buffer.from("<svg/>"), { ...png, "content-disposition": 'attachment; filename="x.svg"' }),
      upload(Buffer.from("text"), png),
      upload(PNG, { ...png, "content-md5": md5 }),
      upload(PNG, png, "contributor"),
    ]);
    expect(replies.map((reply) => `${reply?.status} ${reply?.body.code}`)).toEqual([
      "400 rest_upload_no_content_disposition",
      "400 rest_upload_no_content_type",
      "400 rest_upload_no_data",
      "400 rest_upload_invalid_disposition",
      "500 rest_upload_sideload_error",
      "500 rest_upload_sideload_error",
      "412 rest_upload_hash_mismatch",
      "403 rest_cannot_create",
    ]);
    const { body } = await upload(PNG, { ...png, "content-disposition": 'attachment; filename="named.jpg"' });
    expect(body.source_url).toMatch(/named\.png$/);
    expect((await call("DELETE", `/wp-json/wp/v2/media/${body.id}`, { as: "editor" })).status).toBe(501);
  });
});

describe("tags", () => {
  it("exist once, and the second create names the first", async () => {
    const { body } = await call("POST", "/wp-json/wp/v2/tags", { as: "author", json: { name: "lm K1" } });
    const again = await call("POST", "/wp-json/wp/v2/tags", { as: "author", json: { name: "LM k1" } });
    expect(again).toMatchObject({ status: 400, body: { code: "term_exists", data: { term_id: body.id } } });
    await create({ title: "tagged", tags: [body.id] });
    expect((await call("GET", `${POSTS}?tags=${body.id}&status=any`, { as: "editor" })).body).toHaveLength(1);
  });
});

describe("trouble", () => {
  const found = async (slug: string) =>
    (await call("GET", `${POSTS}?slug=${slug}&status=any`, { as: "editor" })).body.length;

  it("a plugin that dies after the insert answers 500 and leaves the post", async () => {
    const reply = await call("POST", POSTS, {
      as: "editor",
      json: { title: "x", slug: "x" },
      headers: { "x-sandbox-fault": '{"fatalAfterInsert":true}' },
    });
    expect(reply).toMatchObject({ status: 500, body: { code: "internal_server_error" } });
    expect(await found("x")).toBe(1);
  });

  it("a client that leaves early gets its post later, or at once with the pause after the insert", async () => {
    const leave = (slug: string, fault: object) =>
      fetch(`${site.url}${POSTS}`, {
        method: "POST",
        headers: {
          authorization: basic("editor"),
          "content-type": "application/json",
          "x-sandbox-fault": JSON.stringify(fault),
        },
        body: JSON.stringify({ title: slug, slug }),
        signal: AbortSignal.timeout(150),
      }).catch(() => undefined);
    await leave("before", { delayBeforeInsertMs: 600 });
    expect(await found("before")).toBe(0);
    await leave("after", { delayAfterInsertMs: 600 });
    expect(await found("after")).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await found("before")).toBe(1);
  });

  it("parallel creates with a pause before the insert hold the same slug: there is no lock", async () => {
    site.site.faults.set({ delayBeforeInsertMs: 100 });
    const replies = await Promise.all([1, 2].map(() => create({ title: "x", slug: "x", status: "publish" })));
    expect(replies.map((reply) => reply.body.slug)).toEqual(["x", "x"]);
  });

  it("the connection is cut so often as was asked, and the request log tells what came", async () => {
    await call("PUT", "/__sandbox/faults", { json: { hangUpAfterInsert: true, times: 1 } });
    await expect(create({ title: "x", slug: "cut" })).rejects.toThrow();
    expect(await found("cut")).toBe(1);
    expect((await create({ title: "y" })).status).toBe(201);
    const { body } = await call("GET", "/__sandbox/requests");
    expect(body.requests.filter((seen: { method: string }) => seen.method === "POST")).toHaveLength(2);
  });

  it("maintenance answers everything with 503, in JSON for who asks for JSON", async () => {
    site.site.faults.set({ maintenance: true });
    const page = await call("GET", POSTS, { as: "editor" });
    expect([page.status, page.headers.get("retry-after")]).toEqual([503, "600"]);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect((await call("GET", POSTS, { headers: { accept: "application/json" } })).body.code).toBe("wp_die");
  });
});

describe("pages", () => {
  it("show what is published, without running its scripts, and nothing else", async () => {
    await create({
      title: "Clean <teeth>",
      content: "<p>Body</p><script>alert(1)</script>",
      status: "publish",
      slug: "clean",
    });
    await create({ title: "Hidden draft" });
    const front = await call("GET", "/");
    expect(front.body).toContain("Clean &lt;teeth&gt;");
    expect(front.body).not.toContain("Hidden draft");
    const post = await call("GET", "/2026/11/20/clean/");
    expect(post.body).toContain("<p>Body</p>");
    expect(post.headers.get("content-security-policy")).toContain("script-src 'none'");
    expect((await call("GET", "/2026/11/20/nothing/")).status).toBe(404);
  });
});
