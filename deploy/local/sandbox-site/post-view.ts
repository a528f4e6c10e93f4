import { escapeHtml } from "../html.ts";
import type { Media, Post, Term, User } from "./model.ts";
import type { Site } from "./site.ts";
import { sanitizeSlug, uniqueSlug } from "./slugs.ts";

export type Context = "view" | "edit" | "embed";

/** Time as WordPress writes it: no zone. The sandbox's own zone is UTC, so local and GMT are the same. */
export const wpTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

/** `wpautop`, near enough: text without block tags becomes paragraphs. */
export function rendered(content: string): string {
  if (!content.trim()) return "";
  if (/<(p|h[1-6]|ul|ol|figure|blockquote|div|table|pre|section|article)\b/i.test(content))
    return `${content.trim()}\n`;
  return content
    .split(/\n\s*\n/)
    .map((part) => `<p>${part.trim().replaceAll("\n", "<br />\n")}</p>\n`)
    .join("");
}

export function excerptOf(post: Post): string {
  const words = (post.excerpt || post.content)
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<[^>]+>/g, " ")
    .split(/\s+/)
    .filter(Boolean);
  return words.length > 55 ? `${words.slice(0, 55).join(" ")} […]` : words.join(" ");
}

/** A post as the REST API shows it. */
export function showPost(site: Site, post: Post, home: string, context: Context): Record<string, unknown> {
  const edit = context === "edit";
  const api = `${home}/wp-json/wp/v2`;
  const raw = (text: string) => (edit ? { raw: text } : {});
  return {
    id: post.id,
    date: wpTime(post.date),
    date_gmt: wpTime(post.date),
    guid: { rendered: `${home}/?p=${post.id}`, ...raw(`${home}/?p=${post.id}`) },
    modified: wpTime(post.modified),
    modified_gmt: wpTime(post.modified),
    ...(edit ? { password: "" } : {}),
    slug: post.slug,
    status: post.status,
    type: "post",
    link: site.link(post, home),
    title: { ...raw(post.title), rendered: escapeHtml(post.title) },
    content: {
      ...raw(post.content),
      rendered: rendered(post.content),
      protected: false,
      ...(edit ? { block_version: post.content.includes("<!-- wp:") ? 1 : 0 } : {}),
    },
    excerpt: { ...raw(post.excerpt), rendered: `<p>${escapeHtml(excerptOf(post))}</p>\n`, protected: false },
    author: post.author,
    featured_media: post.featuredMedia,
    comment_status: "open",
    ping_status: "open",
    sticky: false,
    template: "",
    format: "standard",
    meta: Object.keys(post.meta).length > 0 ? post.meta : [],
    categories: post.categories,
    tags: post.tags,
    ...(edit
      ? {
          permalink_template: `${home}/${new Date(post.date).toISOString().slice(0, 10).replaceAll("-", "/")}/%postname%/`,
          generated_slug: generatedSlug(site, post),
        }
      : {}),
    _links: {
      self: [{ href: `${api}/posts/${post.id}` }],
      collection: [{ href: `${api}/posts` }],
      author: [{ embeddable: true, href: `${api}/users/${post.author}` }],
      ...(post.featuredMedia
        ? { "wp:featuredmedia": [{ embeddable: true, href: `${api}/media/${post.featuredMedia}` }] }
        : {}),
    },
  };
}

export function generatedSlug(site: Site, post: Post): string {
  const slug = sanitizeSlug(post.title) || String(post.id);
  return uniqueSlug(slug, (other) => slugTakenByPost(site, other, post.id));
}

/** Whether another post, in whatever state but the bin, has the slug. */
export function slugTakenByPost(site: Site, slug: string, except: number): boolean {
  for (const other of site.store.posts.values()) {
    if (other.id !== except && other.status !== "trash" && other.slug === slug) return true;
  }
  return false;
}

export function showMedia(site: Site, media: Media, home: string, context: Context): Record<string, unknown> {
  const raw = (text: string) => (context === "edit" ? { raw: text } : {});
  const url = site.uploadUrl(media, home);
  return {
    id: media.id,
    date: wpTime(media.date),
    date_gmt: wpTime(media.date),
    modified: wpTime(media.date),
    modified_gmt: wpTime(media.date),
    slug: media.slug,
    status: "inherit",
    type: "attachment",
    link: `${home}/${media.slug}/`,
    title: { ...raw(media.title), rendered: escapeHtml(media.title) },
    author: media.author,
    caption: {
      ...raw(media.caption),
      rendered: media.caption ? `<p>${escapeHtml(media.caption)}</p>\n` : "",
    },
    alt_text: media.altText,
    media_type: media.mimeType.startsWith("image/") ? "image" : "file",
    mime_type: media.mimeType,
    media_details: {
      ...(media.width ? { width: media.width, height: media.height, file: media.file } : {}),
      filesize: media.bytes,
      sizes: media.width
        ? {
            full: {
              file: media.file.split("/").at(-1),
              width: media.width,
              height: media.height,
              mime_type: media.mimeType,
              source_url: url,
            },
          }
        : {},
    },
    post: null,
    source_url: url,
    _links: { self: [{ href: `${home}/wp-json/wp/v2/media/${media.id}` }] },
  };
}

export function showTerm(term: Term, home: string): Record<string, unknown> {
  const collection = term.taxonomy === "category" ? "categories" : "tags";
  return {
    id: term.id,
    count: 0,
    description: "",
    link: `${home}/${term.taxonomy === "category" ? "category" : "tag"}/${term.slug}/`,
    name: term.name,
    slug: term.slug,
    taxonomy: term.taxonomy,
    ...(term.taxonomy === "category" ? { parent: 0 } : {}),
    meta: [],
    _links: { self: [{ href: `${home}/wp-json/wp/v2/${collection}/${term.id}` }] },
  };
}

export function showUser(user: User, home: string, context: Context): Record<string, unknown> {
  return {
    id: user.id,
    ...(context === "edit" ? { username: user.login } : {}),
    name: user.name,
    ...(context === "edit" ? { first_name: "", last_name: "", email: user.email } : {}),
    url: "",
    description: "",
    link: `${home}/author/${user.login}/`,
    ...(context === "edit" ? { locale: "en_US", nickname: user.login } : {}),
    slug: user.login,
    ...(context === "edit"
      ? { roles: [user.role], capabilities: { [user.role]: true }, extra_capabilities: { [user.role]: true } }
      : {}),
    avatar_urls: {},
    meta: [],
    _links: { self: [{ href: `${home}/wp-json/wp/v2/users/${user.id}` }] },
  };
}

/** `_fields=id,title.rendered`: only these. */
export function trimFields(value: unknown, fields: unknown): unknown {
  if (typeof fields !== "string" || fields === "") return value;
  if (Array.isArray(value)) return value.map((item) => trimFields(item, fields));
  const trimmed: Record<string, unknown> = {};
  for (const path of fields.split(",")) copyPath(value, trimmed, path.trim().split("."));
  return trimmed;
}

function copyPath(from: unknown, to: Record<string, unknown>, [name, ...rest]: string[]): void {
  if (name === undefined || typeof from !== "object" || from === null || !(name in from)) return;
  const value: unknown = Reflect.get(from, name);
  if (rest.length === 0) {
    to[name] = value;
    return;
  }
  const inner = to[name];
  const next: Record<string, unknown> = typeof inner === "object" && inner !== null ? { ...inner } : {};
  copyPath(value, next, rest);
  to[name] = next;
}
