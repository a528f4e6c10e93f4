import { invalidParams, type ParamProblem, refused, WpError } from "./errors.ts";
import { type Post, STATUSES, type Status, type User } from "./model.ts";
import { integer, isRecord, listOf, type Params, textOf } from "./params.ts";
import { mayEditOthers, mayPublish } from "./rights.ts";
import type { Site } from "./site.ts";
import { sanitizeSlug } from "./slugs.ts";

/** What a create or update asks for, checked. A field that wasn't sent is undefined. */
export interface PostFields {
  title?: string;
  content?: string;
  excerpt?: string;
  status?: Exclude<Status, "trash">;
  slug?: string;
  author?: number;
  date?: number;
  featuredMedia?: number;
  categories?: number[];
  tags?: number[];
  meta?: Record<string, string>;
}

/** A scheduled post must be more than this ahead of now. */
const AHEAD_MS = 60_000;

/** @throws {WpError} with every bad field at once */
export function readPostFields(site: Site, params: Params, metaKeys: readonly string[]): PostFields {
  const problems = new Map<string, ParamProblem>();
  const status = readStatus(params.status, problems);
  const fields: PostFields = {
    title: textOf(params.title),
    content: textOf(params.content),
    excerpt: textOf(params.excerpt),
    status,
    slug: readSlug(params.slug, problems),
    author: readInteger("author", params.author, problems),
    date: readDate("date_gmt", params.date_gmt, problems) ?? readDate("date", params.date, problems),
    featuredMedia: readInteger("featured_media", params.featured_media, problems),
    categories: readIds("categories", params.categories, problems),
    tags: readIds("tags", params.tags, problems),
    meta: readMeta(params.meta, metaKeys),
  };
  if (problems.size > 0) throw invalidParams(problems);
  // Terms and media that don't exist are dropped without a word.
  const known = (taxonomy: string) => (id: number) => site.store.terms.get(id)?.taxonomy === taxonomy;
  fields.categories = fields.categories?.filter(known("category"));
  fields.tags = fields.tags?.filter(known("post_tag"));
  if (fields.featuredMedia && !site.store.media.has(fields.featuredMedia)) fields.featuredMedia = undefined;
  return fields;
}

function readStatus(
  value: unknown,
  problems: Map<string, ParamProblem>,
): Exclude<Status, "trash"> | undefined {
  if (value === undefined || value === null) return undefined;
  const status = STATUSES.find((each) => each === value);
  if (!status) {
    problems.set("status", {
      code: "rest_not_in_enum",
      message: "status is not one of publish, future, draft, pending, and private.",
    });
  }
  return status;
}

function readSlug(value: unknown, problems: Map<string, ParamProblem>): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" || typeof value === "number") return sanitizeSlug(String(value));
  problems.set("slug", { code: "rest_invalid_type", message: "slug is not of type string." });
  return undefined;
}

function readInteger(name: string, value: unknown, problems: Map<string, ParamProblem>): number | undefined {
  if (value === undefined || value === null) return undefined;
  const read = integer(value);
  if (read === undefined)
    problems.set(name, { code: "rest_invalid_type", message: `${name} is not of type integer.` });
  return read;
}

function readIds(name: string, value: unknown, problems: Map<string, ParamProblem>): number[] | undefined {
  if (value === undefined || value === null) return undefined;
  const ids: number[] = [];
  for (const [index, item] of listOf(value).entries()) {
    const id = integer(item);
    if (id === undefined) {
      problems.set(name, { code: "rest_invalid_type", message: `${name}[${index}] is not of type integer.` });
      return undefined;
    }
    ids.push(id);
  }
  return ids;
}

function readDate(name: string, value: unknown, problems: Map<string, ParamProblem>): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const text = String(value);
  const shaped = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/.test(text);
  const time = shaped
    ? Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text.replace(" ", "T")}Z`)
    : Number.NaN;
  if (Number.isNaN(time)) {
    problems.set(name, { code: "rest_invalid_date", message: "Invalid date." });
    return undefined;
  }
  return time;
}

/** Only keys a plugin registered are kept; the rest is ignored without an error. */
function readMeta(value: unknown, registered: readonly string[]): Record<string, string> | undefined {
  if (!isRecord(value)) return undefined;
  const kept = registered.filter((key) => key in value).map((key) => [key, String(value[key])]);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** Who may put a post into that state or under that name. */
export function checkRights(user: User | undefined, fields: PostFields, verb: "create" | "update"): void {
  if (fields.author !== undefined && fields.author !== user?.id && !mayEditOthers(user)) {
    throw refused(
      user,
      "rest_cannot_edit_others",
      `Sorry, you are not allowed to ${verb} posts as this user.`,
    );
  }
  const visible = fields.status === "publish" || fields.status === "future" || fields.status === "private";
  if (visible && !mayPublish(user)) {
    const what = fields.status === "private" ? "create private" : "publish";
    throw refused(
      user,
      "rest_cannot_publish",
      `Sorry, you are not allowed to ${what} posts in this post type.`,
    );
  }
}

export function checkNotEmpty(fields: PostFields): void {
  if (fields.title || fields.content || fields.excerpt) return;
  throw new WpError(400, "empty_content", "Content, title, and excerpt are empty.");
}

/** `publish` with a time ahead becomes `future`, and `future` with a time past becomes `publish`. */
export function settleStatus(post: Post, now: number): void {
  if (post.status === "publish" && post.date > now + AHEAD_MS) post.status = "future";
  else if (post.status === "future" && post.date <= now + AHEAD_MS) post.status = "publish";
}
