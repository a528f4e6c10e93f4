import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { refused, WpError } from "./errors.ts";
import { imageSize, sniff } from "./media-types.ts";
import type { Media } from "./model.ts";
import { integer, isTrue, listOf, paramsOf, textOf } from "./params.ts";
import { showMedia, trimFields } from "./post-view.ts";
import { mayEditOthers, mayUpload, mayWrite } from "./rights.ts";
import { homeOf, type Site } from "./site.ts";
import { sanitizeSlug, uniqueSlug } from "./slugs.ts";

const API = "/wp-json/wp/v2/media";
/** PHP's defaults; they bind multipart uploads only. */
const UPLOAD_MAX_FILESIZE = 2 * 1024 * 1024;
const POST_MAX_SIZE = 8 * 1024 * 1024;

interface Upload {
  readonly name: string;
  readonly bytes: Buffer;
  readonly fields: Readonly<Record<string, string>>;
}

export function mediaRoutes(app: FastifyInstance, site: Site): void {
  app.post(API, async (request, reply) => {
    const user = site.userOf(request);
    if (!mayWrite(user))
      throw refused(user, "rest_cannot_create", "Sorry, you are not allowed to create posts as this user.");
    if (!mayUpload(user))
      throw refused(user, "rest_cannot_create", "Sorry, you are not allowed to upload media on this site.");
    const upload = request.isMultipart() ? await fromMultipart(site, request) : fromRawBody(request);
    const media = keep(site, upload, user?.id ?? 0);
    const home = homeOf(request);
    reply
      .code(201)
      .header("location", `${home}${API}/${media.id}`)
      .header("x-wp-upload-attachment-id", String(media.id));
    return showMedia(site, media, home, "edit");
  });

  app.get(API, async (request, reply) => {
    const params = paramsOf(request);
    const slugs = listOf(params.slug).map((slug) => sanitizeSlug(String(slug)));
    const found = [...site.store.media.values()]
      .filter((media) => slugs.length === 0 || slugs.includes(media.slug))
      .reverse();
    reply
      .header("x-wp-total", String(found.length))
      .header("x-wp-totalpages", String(Math.ceil(found.length / 10)));
    return trimFields(
      found.slice(0, 10).map((media) => showMedia(site, media, homeOf(request), "view")),
      params._fields,
    );
  });

  app.get(`${API}/:id`, async (request) => showMedia(site, find(site, request), homeOf(request), "view"));

  app.post(`${API}/:id`, async (request) => {
    const user = site.userOf(request);
    const media = find(site, request);
    if (media.author !== user?.id && !mayEditOthers(user)) {
      throw refused(user, "rest_cannot_edit", "Sorry, you are not allowed to edit this post.");
    }
    const params = paramsOf(request);
    describe(site, media, {
      title: textOf(params.title),
      caption: textOf(params.caption),
      alt_text: textOf(params.alt_text),
      slug: textOf(params.slug),
    });
    site.store.saveMedia(media);
    return showMedia(site, media, homeOf(request), "edit");
  });

  app.delete(`${API}/:id`, async (request) => {
    const user = site.userOf(request);
    const media = find(site, request);
    if (media.author !== user?.id && !mayEditOthers(user)) {
      throw refused(user, "rest_cannot_delete", "Sorry, you are not allowed to delete this post.");
    }
    if (!isTrue(paramsOf(request).force)) {
      throw new WpError(
        501,
        "rest_trash_not_supported",
        "The post does not support trashing. Set 'force=true' to delete.",
      );
    }
    site.store.deleteMedia(media);
    return { deleted: true, previous: showMedia(site, media, homeOf(request), "edit") };
  });
}

function fromRawBody(request: FastifyRequest): Upload {
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  if (bytes.length === 0) throw new WpError(400, "rest_upload_no_data", "No data supplied.");
  if (!request.headers["content-type"]) {
    throw new WpError(400, "rest_upload_no_content_type", "No Content-Type supplied.");
  }
  const disposition = request.headers["content-disposition"];
  if (!disposition)
    throw new WpError(400, "rest_upload_no_content_disposition", "No Content-Disposition supplied.");
  const name = /(?:^|;)\s*filename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(disposition);
  const filename = name?.[1] ?? name?.[2];
  if (!filename) {
    throw new WpError(
      400,
      "rest_upload_invalid_disposition",
      'Invalid Content-Disposition supplied. Content-Disposition needs to be formatted as `attachment; filename="image.png"` or similar.',
    );
  }
  checkHash(request, bytes);
  return { name: filename, bytes, fields: {} };
}

async function fromMultipart(site: Site, request: FastifyRequest): Promise<Upload> {
  const fault = site.faults.of(request);
  // Past post_max_size PHP hands over neither files nor fields.
  if (Number(request.headers["content-length"] ?? 0) > (fault.postMaxSize ?? POST_MAX_SIZE)) {
    throw new WpError(400, "rest_upload_no_content_disposition", "No Content-Disposition supplied.");
  }
  let file: { name: string; bytes: Buffer } | undefined;
  const fields: Record<string, string> = {};
  for await (const part of request.parts()) {
    if (part.type === "file") {
      const bytes = await part.toBuffer();
      if (part.fieldname === "file") file = { name: part.filename, bytes };
    } else if (typeof part.value === "string") fields[part.fieldname] = part.value;
  }
  if (!file) throw new WpError(400, "rest_upload_no_data", "No data supplied.");
  if (file.bytes.length > (fault.uploadMaxFilesize ?? UPLOAD_MAX_FILESIZE)) {
    throw new WpError(
      500,
      "rest_upload_unknown_error",
      "The uploaded file exceeds the upload_max_filesize directive in php.ini.",
    );
  }
  checkHash(request, file.bytes);
  return { ...file, fields };
}

function checkHash(request: FastifyRequest, bytes: Buffer): void {
  const expected = request.headers["content-md5"];
  if (typeof expected !== "string" || expected.trim() === createHash("md5").update(bytes).digest("hex"))
    return;
  throw new WpError(412, "rest_upload_hash_mismatch", "Content hash did not match expected.");
}

function keep(site: Site, upload: Upload, author: number): Media {
  const type = sniff(upload.bytes, upload.name);
  if (!type)
    throw new WpError(
      500,
      "rest_upload_sideload_error",
      "Sorry, you are not allowed to upload this file type.",
    );
  const now = site.now();
  const base = upload.name.replace(/\.[^.]*$/, "").replace(/[^\w.-]+/g, "-") || "file";
  const folder = new Date(now).toISOString().slice(0, 7).replace("-", "/");
  const files = new Set([...site.store.media.values()].map((media) => media.file));
  let file = `${folder}/${base}.${type.extension}`;
  // The same file again is another file.
  for (let copy = 1; files.has(file); copy++) file = `${folder}/${base}-${copy}.${type.extension}`;
  const name = file.slice(folder.length + 1).replace(/\.[^.]*$/, "");
  const media: Media = {
    id: site.store.nextId(),
    slug: freeSlug(site, sanitizeSlug(name), 0),
    title: name,
    caption: "",
    altText: "",
    author,
    date: now,
    mimeType: type.mimeType,
    file,
    bytes: upload.bytes.length,
    ...imageSize(upload.bytes, type.mimeType),
  };
  describe(site, media, upload.fields);
  site.store.saveMedia(media, upload.bytes);
  return media;
}

function describe(site: Site, media: Media, fields: Readonly<Record<string, string | undefined>>): void {
  media.title = fields.title ?? media.title;
  media.caption = fields.caption ?? media.caption;
  media.altText = fields.alt_text ?? media.altText;
  if (fields.slug) media.slug = freeSlug(site, sanitizeSlug(fields.slug), media.id);
}

/** Media share their slugs with every type of post. */
function freeSlug(site: Site, slug: string, except: number): string {
  const taken = new Set([
    ...[...site.store.media.values()].filter((media) => media.id !== except).map((media) => media.slug),
    ...[...site.store.posts.values()].filter((post) => post.status !== "trash").map((post) => post.slug),
  ]);
  return uniqueSlug(slug, (candidate) => taken.has(candidate));
}

function find(site: Site, request: FastifyRequest): Media {
  const params = request.params;
  const id = typeof params === "object" && params !== null && "id" in params ? integer(params.id) : undefined;
  const media = id === undefined ? undefined : site.store.media.get(id);
  if (!media) throw new WpError(404, "rest_post_invalid_id", "Invalid post ID.");
  return media;
}
