import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { basic, POSTS, TestSite } from "./test-site.ts";

let w: TestSite;
beforeEach(async () => {
  w = await TestSite.start();
});
afterEach(() => w.close());

describe("media", () => {
  const PNG = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  const upload = (bytes: Buffer, headers: Record<string, string>, as = "editor") =>
    w.call("POST", "/wp-json/wp/v2/media", { as, body: new Uint8Array(bytes), headers });
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
    expect((await w.create({ title: "x", featured_media: first.body.id })).body.featured_media).toBe(
      first.body.id,
    );
  });

  it("come by multipart with their texts", async () => {
    const form = new FormData();
    form.append("title", "A picture");
    form.append("alt_text", "One pixel");
    form.append("file", new Blob([new Uint8Array(PNG)], { type: "image/png" }), "multi.png");
    const { status, body } = await w.call("POST", "/wp-json/wp/v2/media", { as: "author", body: form });
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
    expect((await w.call("DELETE", `/wp-json/wp/v2/media/${body.id}`, { as: "editor" })).status).toBe(501);
  });
});

describe("tags", () => {
  it("exist once, and the second create names the first", async () => {
    const { body } = await w.call("POST", "/wp-json/wp/v2/tags", { as: "author", json: { name: "lm K1" } });
    const again = await w.call("POST", "/wp-json/wp/v2/tags", { as: "author", json: { name: "LM k1" } });
    expect(again).toMatchObject({ status: 400, body: { code: "term_exists", data: { term_id: body.id } } });
    await w.create({ title: "tagged", tags: [body.id] });
    expect((await w.call("GET", `${POSTS}?tags=${body.id}&status=any`, { as: "editor" })).body).toHaveLength(
      1,
    );
  });
});

describe("trouble", () => {
  const found = async (slug: string) =>
    (await w.call("GET", `${POSTS}?slug=${slug}&status=any`, { as: "editor" })).body.length;

  it("a plugin that dies after the insert answers 500 and leaves the post", async () => {
    const reply = await w.call("POST", POSTS, {
      as: "editor",
      json: { title: "x", slug: "x" },
      headers: { "x-sandbox-fault": '{"fatalAfterInsert":true}' },
    });
    expect(reply).toMatchObject({ status: 500, body: { code: "internal_server_error" } });
    expect(await found("x")).toBe(1);
  });

  it("a client that leaves early gets its post later, or at once with the pause after the insert", async () => {
    const leave = (slug: string, fault: object) =>
      fetch(`${w.site.url}${POSTS}`, {
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
    w.site.site.faults.set({ delayBeforeInsertMs: 100 });
    const replies = await Promise.all(
      [1, 2].map(() => w.create({ title: "x", slug: "x", status: "publish" })),
    );
    expect(replies.map((reply) => reply.body.slug)).toEqual(["x", "x"]);
  });

  it("the connection is cut so often as was asked, and the request log tells what came", async () => {
    await w.call("PUT", "/__sandbox/faults", { json: { hangUpAfterInsert: true, times: 1 } });
    await expect(w.create({ title: "x", slug: "cut" })).rejects.toThrow();
    expect(await found("cut")).toBe(1);
    expect((await w.create({ title: "y" })).status).toBe(201);
    const { body } = await w.call("GET", "/__sandbox/requests");
    expect(body.requests.filter((seen: { method: string }) => seen.method === "POST")).toHaveLength(2);
  });

  it("maintenance answers everything with 503, in JSON for who asks for JSON", async () => {
    w.site.site.faults.set({ maintenance: true });
    const page = await w.call("GET", POSTS, { as: "editor" });
    expect([page.status, page.headers.get("retry-after")]).toEqual([503, "600"]);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect((await w.call("GET", POSTS, { headers: { accept: "application/json" } })).body.code).toBe(
      "wp_die",
    );
  });
});

describe("pages", () => {
  it("show what is published, without running its scripts, and nothing else", async () => {
    await w.create({
      title: "Clean <teeth>",
      content: "<p>Body</p><script>alert(1)</script>",
      status: "publish",
      slug: "clean",
    });
    await w.create({ title: "Hidden draft" });
    const front = await w.call("GET", "/");
    expect(front.body).toContain("Clean &lt;teeth&gt;");
    expect(front.body).not.toContain("Hidden draft");
    const post = await w.call("GET", "/2026/11/20/clean/");
    expect(post.body).toContain("<p>Body</p>");
    expect(post.headers.get("content-security-policy")).toContain("script-src 'none'");
    expect((await w.call("GET", "/2026/11/20/nothing/")).status).toBe(404);
  });
});
