import type { FastifyInstance } from "fastify";
import { refused, WpError } from "./errors.ts";
import type { Term } from "./model.ts";
import { integer, listOf, paramsOf, textOf } from "./params.ts";
import { showTerm, trimFields } from "./post-view.ts";
import { mayManageCategories, mayWrite } from "./rights.ts";
import { homeOf, type Site } from "./site.ts";
import { sanitizeSlug } from "./slugs.ts";

/** Categories and tags. */
export function termRoutes(app: FastifyInstance, site: Site): void {
  collection(app, site, "categories", "category");
  collection(app, site, "tags", "post_tag");
}

function collection(app: FastifyInstance, site: Site, name: string, taxonomy: Term["taxonomy"]): void {
  const api = `/wp-json/wp/v2/${name}`;
  const terms = () => [...site.store.terms.values()].filter((term) => term.taxonomy === taxonomy);

  app.get(api, async (request, reply) => {
    const params = paramsOf(request);
    const slugs = listOf(params.slug).map((slug) => sanitizeSlug(String(slug)));
    const search = textOf(params.search)?.toLowerCase() ?? "";
    const found = terms()
      .filter((term) => slugs.length === 0 || slugs.includes(term.slug))
      .filter((term) => term.name.toLowerCase().includes(search))
      .sort((a, b) => a.name.localeCompare(b.name, "en"));
    const perPage = Math.min(integer(params.per_page) ?? 10, 100);
    reply
      .header("x-wp-total", String(found.length))
      .header("x-wp-totalpages", String(Math.ceil(found.length / perPage)));
    return trimFields(
      found.slice(0, perPage).map((term) => showTerm(term, homeOf(request))),
      params._fields,
    );
  });

  app.get(`${api}/:id`, async (request) => {
    const params = request.params;
    const id =
      typeof params === "object" && params !== null && "id" in params ? integer(params.id) : undefined;
    const term = terms().find((each) => each.id === id);
    if (!term) throw new WpError(404, "rest_term_invalid", "Term does not exist.");
    return showTerm(term, homeOf(request));
  });

  app.post(api, async (request, reply) => {
    const user = site.userOf(request);
    const allowed = taxonomy === "category" ? mayManageCategories(user) : mayWrite(user);
    if (!allowed)
      throw refused(
        user,
        "rest_cannot_create",
        "Sorry, you are not allowed to create terms in this taxonomy.",
      );
    const params = paramsOf(request);
    const title = textOf(params.name)?.trim();
    if (!title) {
      throw new WpError(400, "rest_missing_callback_param", "Missing parameter(s): name", {
        params: ["name"],
      });
    }
    const slug = sanitizeSlug(textOf(params.slug) ?? title);
    const existing = terms().find(
      (term) => term.slug === slug || term.name.toLowerCase() === title.toLowerCase(),
    );
    if (existing) {
      throw new WpError(
        400,
        "term_exists",
        "A term with the name provided already exists in this taxonomy.",
        { term_id: existing.id },
      );
    }
    const term = site.store.addTerm(taxonomy, title, slug);
    reply.code(201).header("location", `${homeOf(request)}${api}/${term.id}`);
    return showTerm(term, homeOf(request));
  });
}
