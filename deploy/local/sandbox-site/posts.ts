import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { critical, notFound, refused, WpError } from "./errors.ts";
import type { Post, User } from "./model.ts";
import { integer, isTrue, paramsOf } from "./params.ts";
import { checkNotEmpty, checkRights, type PostFields, readPostFields, settleStatus } from "./post-fields.ts";
import { listPosts } from "./post-list.ts";
import { generatedSlug, showPost, slugTakenByPost, trimFields } from "./post-view.ts";
import { mayEdit, mayRead, mayWrite } from "./rights.ts";
import { homeOf, type Site } from "./site.ts";
import { uniqueSlug } from "./slugs.ts";

const API = "/wp-json/wp/v2/posts";

export function postRoutes(app: FastifyInstance, site: Site): void {
  app.get(API, async (request, reply) => listPosts(site, request, reply));

  app.post(API, async (request, reply) => {
    const user = site.userOf(request);
    const params = paramsOf(request);
    if (params.id !== undefined) throw new WpError(400, "rest_post_exists", "Cannot create existing post.");
    if (!mayWrite(user))
      throw refused(user, "rest_cannot_create", "Sorry, you are not allowed to create posts as this user.");
    refuseTooBig(request);
    const fields = readPostFields(site, params, site.faults.of(request).metaKeys ?? []);
    checkRights(user, fields, "create");
    checkNotEmpty(fields);
    return create(site, request, reply, user, fields);
  });

  app.route({
    method: ["POST", "PUT", "PATCH"],
    url: `${API}/:id`,
    handler: async (request) => {
      const user = site.userOf(request);
      const post = find(site, request);
      if (!mayEdit(user, post))
        throw refused(user, "rest_cannot_edit", "Sorry, you are not allowed to edit this post.");
      refuseTooBig(request);
      const fields = readPostFields(site, paramsOf(request), site.faults.of(request).metaKeys ?? []);
      checkRights(user, fields, "update");
      update(site, post, fields);
      return shown(site, request, post, "edit");
    },
  });

  app.get(`${API}/:id`, async (request) => {
    const user = site.userOf(request);
    const post = find(site, request);
    const edit = paramsOf(request).context === "edit";
    if (edit && !mayEdit(user, post)) {
      throw refused(user, "rest_forbidden_context", "Sorry, you are not allowed to edit this post.");
    }
    if (!mayRead(user, post)) throw refused(user, "rest_forbidden", "Sorry, you are not allowed to do that.");
    return shown(site, request, post, edit ? "edit" : "view");
  });

  app.delete(`${API}/:id`, async (request) => {
    const user = site.userOf(request);
    const post = find(site, request);
    if (!mayEdit(user, post))
      throw refused(user, "rest_cannot_delete", "Sorry, you are not allowed to delete this post.");
    if (isTrue(paramsOf(request).force)) {
      const previous = shown(site, request, post, "edit");
      site.store.deletePost(post.id);
      return { deleted: true, previous };
    }
    if (post.status === "trash")
      throw new WpError(410, "rest_already_trashed", "The post has already been deleted.");
    post.status = "trash";
    // The slug becomes free for another post.
    if (post.slug) post.slug = `${post.slug}__trashed`;
    post.modified = site.now();
    site.store.savePost(post);
    return shown(site, request, post, "edit");
  });
}

async function create(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  user: User | undefined,
  fields: PostFields,
) {
  const fault = site.faults.takeInsert(request);
  const now = site.now();
  const post: Post = {
    id: 0,
    title: "",
    content: "",
    excerpt: "",
    status: "draft",
    slug: "",
    author: user?.id ?? 0,
    date: now,
    dateFixed: false,
    modified: now,
    featuredMedia: 0,
    categories: [1],
    tags: [],
    meta: {},
    oldSlugs: [],
    ...defined(fields),
  };
  if (fields.date !== undefined) post.dateFixed = true;
  settleStatus(post, now);
  // Without a status in the request WordPress doesn't look whether a draft's slug is free.
  if (fields.status !== undefined) post.slug = checkedSlug(site, post);
  // The check and the insert are two steps without a lock between them.
  await sleep(fault.delayBeforeInsertMs);
  const stored: Post = { ...post, id: site.store.nextId() };
  if (stored.status !== "draft" && stored.status !== "pending" && !stored.slug)
    stored.slug = generatedSlug(site, stored);
  site.store.savePost(stored);
  await sleep(fault.delayAfterInsertMs);
  if (fault.fatalAfterInsert) throw critical();
  if (fault.hangUpAfterInsert) {
    request.raw.socket.destroy();
    return reply.hijack();
  }
  const home = homeOf(request);
  reply.code(201).header("location", `${home}${API}/${stored.id}`);
  return shown(site, request, stored, "edit");
}

/** Any update of a public post looks again whether its slug is free, whether or not the slug was sent. */
function update(site: Site, post: Post, fields: PostFields): void {
  const before = { slug: post.slug, public: post.status === "publish" };
  const now = site.now();
  Object.assign(post, defined(fields), { meta: { ...post.meta, ...fields.meta } });
  if (fields.date !== undefined) post.dateFixed = true;
  const draft = post.status === "draft" || post.status === "pending";
  if (!draft && !before.public && !post.dateFixed) post.date = now;
  if (!draft) post.dateFixed = true;
  settleStatus(post, now);
  if (!draft || fields.slug) post.slug = checkedSlug(site, post);
  if (before.public && before.slug !== post.slug) post.oldSlugs.push(before.slug);
  post.modified = now;
  site.store.savePost(post);
}

function checkedSlug(site: Site, post: Post): string {
  const draft = post.status === "draft" || post.status === "pending";
  if (!post.slug) return draft || post.id === 0 ? "" : generatedSlug(site, post);
  return uniqueSlug(post.slug, (slug) => slugTakenByPost(site, slug, post.id));
}

/** A body past the database's packet size. */
const MAX_PACKET = 16 * 1024 * 1024;

function refuseTooBig(request: FastifyRequest): void {
  if (!Buffer.isBuffer(request.body) || request.body.length <= MAX_PACKET) return;
  throw new WpError(
    500,
    "db_insert_error",
    "Could not insert post into the database.",
    {},
    {
      additional_data: ["Got a packet bigger than 'max_allowed_packet' bytes"],
    },
  );
}

function find(site: Site, request: FastifyRequest): Post {
  const params = request.params;
  const id = typeof params === "object" && params !== null && "id" in params ? integer(params.id) : undefined;
  const post = id === undefined ? undefined : site.store.posts.get(id);
  if (!post) throw notFound();
  return post;
}

function shown(site: Site, request: FastifyRequest, post: Post, context: "view" | "edit"): unknown {
  return trimFields(showPost(site, post, homeOf(request), context), paramsOf(request)._fields);
}

function defined(fields: PostFields): Partial<Post> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

async function sleep(ms: number | undefined): Promise<void> {
  if (ms) await new Promise((resolve) => setTimeout(resolve, ms));
}
