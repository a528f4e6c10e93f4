import type { FastifyReply, FastifyRequest } from "fastify";
import { invalidParams, type ParamProblem, WpError } from "./errors.ts";
import type { Post, User } from "./model.ts";
import { integer, listOf, type Params, paramsOf } from "./params.ts";
import { showPost, trimFields } from "./post-view.ts";
import { mayRead, mayWrite } from "./rights.ts";
import { homeOf, type Site } from "./site.ts";
import { sanitizeSlug } from "./slugs.ts";

const LISTED_STATUSES = [
  "publish",
  "future",
  "draft",
  "pending",
  "private",
  "trash",
  "auto-draft",
  "inherit",
  "any",
];
const ORDERS = ["date", "modified", "id", "title", "slug", "relevance", "include", "author", "parent"];

interface Query {
  readonly statuses: readonly string[];
  readonly slugs: readonly string[];
  readonly search: string;
  readonly page: number;
  readonly perPage: number;
  readonly offset: number | undefined;
  readonly ids: (name: "include" | "exclude" | "tags" | "categories" | "author") => readonly number[];
  readonly orderBy: string;
  readonly ascending: boolean;
}

export function listPosts(site: Site, request: FastifyRequest, reply: FastifyReply): unknown {
  const user = site.userOf(request);
  const params = paramsOf(request);
  const query = readQuery(params, user);
  const matching = [...site.store.posts.values()].filter((post) => matches(post, query)).sort(inOrder(query));
  const pages = Math.ceil(matching.length / query.perPage);
  if (query.page > pages && matching.length > 0 && query.page > 1) {
    throw new WpError(
      400,
      "rest_post_invalid_page_number",
      "The page number requested is larger than the number of pages available.",
    );
  }
  const start = query.offset ?? (query.page - 1) * query.perPage;
  const edit = params.context === "edit";
  const home = homeOf(request);
  // The total still counts what this user may not see.
  const visible = matching.slice(start, start + query.perPage).filter((post) => mayRead(user, post));
  reply.header("x-wp-total", String(matching.length)).header("x-wp-totalpages", String(pages));
  const links = pageLinks(request, home, query.page, pages);
  if (links) reply.header("link", links);
  return trimFields(
    visible.map((post) => showPost(site, post, home, edit ? "edit" : "view")),
    params._fields,
  );
}

function readQuery(params: Params, user: User | undefined): Query {
  const problems = new Map<string, ParamProblem>();
  const statuses = listOf(params.status ?? "publish").map(String);
  const unknown = statuses.findIndex((status) => !LISTED_STATUSES.includes(status));
  if (unknown >= 0) {
    const names = `${LISTED_STATUSES.slice(0, -1).join(", ")}, and ${LISTED_STATUSES.at(-1)}`;
    problems.set("status", {
      code: "rest_not_in_enum",
      message: `status[${unknown}] is not one of ${names}.`,
    });
  } else if (statuses.some((status) => status !== "publish") && !mayWrite(user)) {
    problems.set("status", {
      code: "rest_forbidden_status",
      message: "Status is forbidden.",
      status: user ? 403 : 401,
    });
  }
  const perPage = bounded("per_page", params.per_page, 10, 1, 100, problems);
  const page = bounded("page", params.page, 1, 1, Number.MAX_SAFE_INTEGER, problems);
  const orderBy = String(params.orderby ?? "date");
  if (!ORDERS.includes(orderBy)) {
    problems.set("orderby", {
      code: "rest_not_in_enum",
      message: `orderby is not one of ${ORDERS.join(", ")}.`,
    });
  }
  if (problems.size > 0) throw invalidParams(problems);
  return {
    statuses,
    // An empty slug doesn't filter.
    slugs: listOf(params.slug).map((slug) => sanitizeSlug(String(slug))),
    search: typeof params.search === "string" ? params.search.toLowerCase() : "",
    page,
    perPage,
    offset: integer(params.offset),
    ids: (name) =>
      listOf(params[name])
        .map(integer)
        .filter((id) => id !== undefined),
    orderBy,
    ascending: params.order === "asc",
  };
}

function bounded(
  name: string,
  value: unknown,
  otherwise: number,
  least: number,
  most: number,
  problems: Map<string, ParamProblem>,
): number {
  if (value === undefined || value === "") return otherwise;
  const read = integer(value);
  if (read === undefined)
    problems.set(name, { code: "rest_invalid_type", message: `${name} is not of type integer.` });
  else if (read < least || read > most) {
    const range =
      most === Number.MAX_SAFE_INTEGER
        ? `greater than or equal to ${least}`
        : `between ${least} (inclusive) and ${most} (inclusive)`;
    problems.set(name, { code: "rest_out_of_bounds", message: `${name} must be ${range}` });
  }
  return read ?? otherwise;
}

function matches(post: Post, query: Query): boolean {
  // `any` means every status but the bin.
  const wanted = query.statuses.includes("any")
    ? post.status !== "trash"
    : query.statuses.includes(post.status);
  if (!wanted) return false;
  if (query.slugs.length > 0 && !query.slugs.includes(post.slug)) return false;
  if (
    query.search &&
    ![post.title, post.excerpt, post.content].some((text) => text.toLowerCase().includes(query.search))
  )
    return false;
  const has = (
    name: "include" | "exclude" | "tags" | "categories" | "author",
    test: (ids: readonly number[]) => boolean,
  ) => {
    const ids = query.ids(name);
    return ids.length === 0 || test(ids);
  };
  return (
    has("include", (ids) => ids.includes(post.id)) &&
    has("exclude", (ids) => !ids.includes(post.id)) &&
    has("tags", (ids) => post.tags.some((tag) => ids.includes(tag))) &&
    has("categories", (ids) => post.categories.some((category) => ids.includes(category))) &&
    has("author", (ids) => ids.includes(post.author))
  );
}

function inOrder({ orderBy, ascending }: Query): (a: Post, b: Post) => number {
  const key = (post: Post): string | number => {
    if (orderBy === "id") return post.id;
    if (orderBy === "title") return post.title;
    if (orderBy === "slug") return post.slug;
    return orderBy === "modified" ? post.modified : post.date;
  };
  const sign = ascending ? 1 : -1;
  return (a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : (a.id - b.id) * sign);
}

function pageLinks(request: FastifyRequest, home: string, page: number, pages: number): string {
  const to = (number: number, rel: string) => {
    const url = new URL(request.url, home);
    url.searchParams.set("page", String(number));
    return `<${url}>; rel="${rel}"`;
  };
  return [page > 1 ? to(page - 1, "prev") : "", page < pages ? to(page + 1, "next") : ""]
    .filter(Boolean)
    .join(", ");
}
