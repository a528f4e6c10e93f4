import { createReadStream, existsSync } from "node:fs";
import type { FastifyInstance, FastifyReply } from "fastify";
import { escapeHtml as esc } from "../html.ts";
import { COMPANY_PAGES } from "./company.ts";
import type { Post } from "./model.ts";
import { integer } from "./params.ts";
import { excerptOf, rendered } from "./post-view.ts";
import { homeOf, permalink, type Site } from "./site.ts";

const STYLE = `
:root { color-scheme: light dark; --ink: #1d1b16; --soft: #6f695d; --line: #e6e1d6; --paper: #fdfcf9; --accent: #8a3b12 }
@media (prefers-color-scheme: dark) { :root { --ink: #ece7dc; --soft: #a49c8c; --line: #37322a; --paper: #171511; --accent: #e9a178 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 19px/1.65 Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif; text-rendering: optimizeLegibility }
.page { max-width: 38em; margin: 0 auto; padding: 0 22px }
.site { padding: 30px 0; border-bottom: 1px solid var(--line); display: flex; justify-content: space-between; align-items: baseline; font: 500 15px/1.4 system-ui, sans-serif }
.site a { color: inherit; text-decoration: none; font-weight: 650 } .soft { color: var(--soft) }
article { padding: 52px 0 80px }
h1 { font-size: clamp(30px, 6vw, 44px); line-height: 1.12; letter-spacing: -.022em; margin: 0 0 14px; text-wrap: balance }
h2 { font-size: 26px; line-height: 1.25; letter-spacing: -.012em; margin: 2em 0 .5em; text-wrap: balance } h3 { font-size: 21px; line-height: 1.3; margin: 1.8em 0 .4em }
p, ul, ol { margin: 0 0 1.05em; text-wrap: pretty; hanging-punctuation: first } li { margin-bottom: .35em } li::marker { color: var(--soft) }
.meta { font: 15px/1.5 system-ui, sans-serif; color: var(--soft); margin: 0 0 40px }
a { color: var(--accent); text-underline-offset: 3px; text-decoration-thickness: 1px }
blockquote { margin: 1.6em 0; padding-left: 20px; border-left: 3px solid var(--line); font-style: italic }
img { max-width: 100%; height: auto; border-radius: 6px } figure { margin: 2em 0 } figcaption { font: 14px/1.5 system-ui, sans-serif; color: var(--soft) }
pre, code { font: 15px/1.6 ui-monospace, monospace } pre { overflow-x: auto; padding: 16px; border: 1px solid var(--line); border-radius: 8px }
table { border-collapse: collapse; width: 100%; font-size: 17px } th, td { text-align: left; padding: 8px 10px; border-bottom: 1px solid var(--line) }
.list { list-style: none; padding: 0; margin: 0 0 80px } .list li { padding: 30px 0; border-bottom: 1px solid var(--line); margin: 0 }
.list h2 { margin: 0 0 6px } .list h2 a { color: inherit; text-decoration: none } .list h2 a:hover { color: var(--accent) } .list p { margin: 0 }
.empty { padding: 90px 0; text-align: center; color: var(--soft) }
`;

export function pageRoutes(app: FastifyInstance, site: Site): void {
  app.get("/", async (request, reply) => {
    const id = integer(new URL(request.url, homeOf(request)).searchParams.get("p") ?? undefined);
    if (id === undefined) return html(reply, frontPage(published(site)));
    const post = site.store.posts.get(id);
    if (post?.status !== "publish") return html(reply.code(404), notFoundPage());
    return reply.redirect(permalink(post.date, post.slug), 301);
  });

  app.get<{ Params: { year: string; month: string; day: string; slug: string } }>(
    "/:year/:month/:day/:slug",
    async (request, reply) => {
      const { year, month, day } = request.params;
      // The path's own spelling: percent-encoded, as slugs are stored.
      const slug = (request.url.split("?")[0] ?? "").split("/")[4]?.toLowerCase() ?? "";
      const here = `/${year}/${month}/${day}/${slug}/`;
      const post = published(site).find((each) => permalink(each.date, each.slug) === here);
      if (post) return html(reply, postPage(site, post));
      const moved = published(site).find((each) => each.oldSlugs.includes(slug));
      if (moved) return reply.redirect(permalink(moved.date, moved.slug), 301);
      return html(reply.code(404), notFoundPage());
    },
  );

  for (const { path, title, body } of COMPANY_PAGES)
    app.get(path, async (_request, reply) =>
      html(reply, page(title, `<article><h1>${esc(title)}</h1>${body}</article>`)),
    );

  app.get<{ Params: { "*": string } }>("/wp-content/uploads/*", async (request, reply) => {
    const media = [...site.store.media.values()].find((each) => each.file === request.params["*"]);
    const path = media && site.store.uploadPath(media.file);
    if (!path || !existsSync(path)) return html(reply.code(404), notFoundPage());
    return reply.type(media.mimeType).send(createReadStream(path));
  });
}

function published(site: Site): Post[] {
  return [...site.store.posts.values()]
    .filter((post) => post.status === "publish")
    .sort((a, b) => b.date - a.date || b.id - a.id);
}

function html(reply: FastifyReply, text: string): FastifyReply {
  return (
    reply
      .type("text/html; charset=utf-8")
      .header("link", `</wp-json/>; rel="https://api.w.org/"`)
      // Posts may hold any HTML an editor wrote; scripts in it don't run here.
      .header(
        "content-security-policy",
        "default-src 'self'; img-src * data:; style-src 'unsafe-inline'; script-src 'none'",
      )
      .send(text)
  );
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${esc(title)}</title><style>${STYLE}</style></head><body><div class="page">
<header class="site"><a href="/">Sandbox</a><span class="soft">posts from the local platform</span></header>${body}
<footer class="site soft">${COMPANY_PAGES.map(({ path, title }) => `<a href="${path}">${esc(title)}</a>`).join(" ")}</footer></div></body></html>`;
}

function frontPage(posts: readonly Post[]): string {
  const items = posts.map(
    (
      post,
    ) => `<li><h2><a href="${esc(permalink(post.date, post.slug))}">${esc(post.title || "Untitled")}</a></h2>
<p class="meta" style="margin:0 0 10px">${day(post.date)}</p><p>${esc(excerptOf(post))}</p></li>`,
  );
  return page(
    "Sandbox",
    items.length > 0
      ? `<ul class="list">${items.join("")}</ul>`
      : `<p class="empty">Nothing is published yet.</p>`,
  );
}

function postPage(site: Site, post: Post): string {
  const image = site.store.media.get(post.featuredMedia);
  const figure = image
    ? `<figure><img src="/wp-content/uploads/${esc(image.file)}" alt="${esc(image.altText)}"></figure>`
    : "";
  return page(
    post.title,
    `<article><h1>${esc(post.title || "Untitled")}</h1><p class="meta"><time datetime="${new Date(post.date).toISOString()}">${day(post.date)}</time></p>
${figure}${rendered(post.content)}</article>`,
  );
}

export function notFoundPage(): string {
  return page("Not found", `<p class="empty">There is nothing here.<br><a href="/">All posts</a></p>`);
}

function day(ms: number): string {
  return new Date(ms).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
}
