import { AppError, type GuardedResponse, guardedFetch } from "@leadmetrics/kit";
import { z } from "zod";
import type { ChannelAdapter, LookupResult, Post, Refusal, SendResult, TestResult } from "../port.ts";
import { markIn, postHtml } from "./html.ts";

export interface WordPressCredentials {
  readonly siteUrl: string;
  readonly username: string;
  readonly applicationPassword: string;
}

/** Milliseconds for a call; a busy site takes seconds, and what takes longer is looked up later. */
const CALL_MS = 25_000;
const MAINTENANCE_MS = 60_000;
/** Roles whose users may publish. */
const PUBLISHERS = ["administrator", "editor", "author"];

const postReply = z.object({
  id: z.number(),
  link: z.string(),
  status: z.string(),
  slug: z.string().default(""),
});
const found = z.array(
  postReply.extend({ content: z.object({ raw: z.string().optional(), rendered: z.string() }).optional() }),
);
const me = z.object({ id: z.number(), name: z.string(), roles: z.array(z.string()).default([]) });
const problemReply = z.object({ code: z.string(), message: z.string().default("") });

/** A WordPress 6 site, by its REST API with an application password. */
export function wordPress(
  credentials: WordPressCredentials,
  allowPrivate: readonly string[],
): ChannelAdapter {
  const base = credentials.siteUrl.replace(/\/+$/, "");
  const authorization = `Basic ${Buffer.from(`${credentials.username}:${credentials.applicationPassword}`).toString("base64")}`;
  // Some sites have no pretty permalinks: their API is reached by a query.
  const urlOf = (path: string, query: Record<string, string>, plain: boolean): string => {
    const params = new URLSearchParams(plain ? { rest_route: `/wp/v2${path}`, ...query } : query);
    const text = params.toString();
    return plain ? `${base}/?${text}` : `${base}/wp-json/wp/v2${path}${text ? `?${text}` : ""}`;
  };
  const call = (
    method: string,
    path: string,
    signal: AbortSignal,
    options: { query?: Record<string, string>; body?: unknown; plain?: boolean } = {},
  ) =>
    guardedFetch(
      urlOf(path, options.query ?? {}, options.plain ?? false),
      {
        method,
        headers: {
          authorization,
          accept: "application/json",
          ...(options.body ? { "content-type": "application/json" } : {}),
        },
        body: options.body ? JSON.stringify(options.body) : undefined,
      },
      { allowPrivate, signal, timeoutMs: CALL_MS },
    );
  /** The usual address, then the plain one when there is no API at the first. */
  const read = async (
    path: string,
    query: Record<string, string>,
    signal: AbortSignal,
  ): Promise<GuardedResponse> => {
    const first = await call("GET", path, signal, { query });
    return first.status === 404 && problemOf(first) === undefined
      ? call("GET", path, signal, { query, plain: true })
      : first;
  };

  return {
    async test(signal): Promise<TestResult> {
      try {
        const response = await read("/users/me", { context: "edit" }, signal);
        if (response.status === 401) return wrongCredentials(credentials);
        if (response.status === 403)
          return refused("missing_rights", `${credentials.username} may not use the site's API.`);
        const user = parse(me, response.text);
        if (response.status !== 200 || !user)
          return refused(
            "not_wordpress",
            `${base} doesn't answer like a WordPress site. Check the address; it is the one of the start page.`,
          );
        if (user.roles.length > 0 && !user.roles.some((role) => PUBLISHERS.includes(role))) {
          return refused(
            "missing_rights",
            `${credentials.username} is ${user.roles.join(", ")} and may not publish. Give them the role Author or Editor.`,
          );
        }
        return { kind: "works", name: new URL(base).host };
      } catch (error) {
        return fromNetwork(error);
      }
    },

    async publish(post: Post, signal): Promise<SendResult> {
      let response: GuardedResponse;
      try {
        response = await call("POST", "/posts", signal, {
          body: {
            title: post.title,
            content: postHtml(post.body, post.mark),
            excerpt: post.excerpt,
            slug: post.slug,
            status: "publish",
          },
        });
      } catch (error) {
        if (error instanceof AppError && error.reason === "private_address")
          return refused("private_address", error.message);
        // Nothing was sent when no connection came about; anything later may have been carried out.
        if (
          error instanceof AppError &&
          error.reason === "unreachable" &&
          error.kind === "conflict" &&
          neverConnected(error)
        ) {
          return { kind: "retryable", afterMs: MAINTENANCE_MS, problem: error.message };
        }
        return { kind: "unclear", problem: `The site's answer didn't come: ${messageOf(error)}` };
      }
      const accepted =
        response.status === 201 || response.status === 200 ? parse(postReply, response.text) : undefined;
      if (accepted) return { kind: "accepted", remoteId: String(accepted.id), url: accepted.link };
      const problem = problemOf(response);
      if (response.status === 401) return wrongCredentials(credentials);
      if (response.status === 403)
        return refused("missing_rights", problem?.message || "The site doesn't allow this user to publish.");
      if (response.status === 503)
        return {
          kind: "retryable",
          afterMs: retryAfter(response),
          problem: "The site is down for maintenance.",
        };
      if (response.status === 429)
        return {
          kind: "retryable",
          afterMs: retryAfter(response),
          problem: "The site limits how often it may be asked.",
        };
      if (response.status >= 400 && response.status < 500)
        return refused("invalid", problem?.message || `The site refused the post (${response.status}).`);
      // A fatal error after the insert answers 500 with the post in place.
      return { kind: "unclear", problem: `The site answered ${response.status}.` };
    },

    async lookup({ mark, slug }, signal): Promise<LookupResult> {
      try {
        // With status=any the site answers 400 to unknown credentials; without it, 200 and an empty list.
        const bySlug = await read(
          "/posts",
          { slug: slugs(slug), status: "any", context: "edit", per_page: "20" },
          signal,
        );
        const byMark =
          bySlug.status === 200
            ? await read(
                "/posts",
                { search: `leadmetrics:${mark}`, status: "any", context: "edit", per_page: "20" },
                signal,
              )
            : bySlug;
        if (bySlug.status !== 200 || byMark.status !== 200)
          return {
            kind: "unknown",
            problem: problemOf(byMark)?.message || `The site answered ${byMark.status}.`,
          };
        const posts = [...(parse(found, bySlug.text) ?? []), ...(parse(found, byMark.text) ?? [])];
        const ours = posts.find((post) => markIn(post.content?.raw ?? post.content?.rendered ?? "") === mark);
        return ours ? { kind: "found", remoteId: String(ours.id), url: ours.link } : { kind: "absent" };
      } catch (error) {
        return { kind: "unknown", problem: messageOf(error) };
      }
    },
  };
}

/** A taken slug gets a number: the first few are asked for at once. */
function slugs(slug: string): string {
  return [slug, ...[2, 3, 4, 5].map((number) => `${slug}-${number}`)].join(",");
}

function refused(reason: Refusal, problem: string): { kind: "refused"; reason: Refusal; problem: string } {
  return { kind: "refused", reason, problem };
}

function wrongCredentials({ username, siteUrl }: WordPressCredentials) {
  const plainHttp = siteUrl.startsWith("http:")
    ? " Sites that are reached without https accept application passwords only in development."
    : "";
  return refused(
    "wrong_credentials",
    `The site doesn't accept the application password of ${username}. Make a new one under Users → Profile.${plainHttp}`,
  );
}

function fromNetwork(error: unknown) {
  if (error instanceof AppError && error.reason === "private_address")
    return refused("private_address", error.message);
  return refused("unreachable", messageOf(error));
}

function neverConnected(error: AppError): boolean {
  return /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT/.test(
    error.message,
  );
}

function messageOf(error: unknown): string {
  return error instanceof AppError ? error.message : "the connection broke off";
}

function problemOf(response: GuardedResponse): z.output<typeof problemReply> | undefined {
  return parse(problemReply, response.text);
}

function retryAfter(response: GuardedResponse): number {
  const seconds = Number(response.headers.get("retry-after"));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : MAINTENANCE_MS;
}

function parse<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    const result = schema.safeParse(JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}
