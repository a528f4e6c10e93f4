import type { Page } from "playwright-core";

/**
 * What a page can't be asked for while the server writes it: what stands in another answer (a reference the address doesn't
 * name), what only the browser knows (its time zone), further pages of a list, and what a new page asks once it is looked at.
 */
const LATER = [
  /[?&]timeZone=/,
  /[?&]pageToken=/,
  /^\/dm\/v1\/skills\/[^/]+$/,
  /^\/dm\/v1\/queue\?tenantRefs=/,
  /^\/dm\/v1\/tenants\/[0-9A-Z]{26}\//,
  /^\/admin\/v1\/tenants\/[0-9A-Z]{26}\//,
  /^\/tenant\/v1\/(activities|strategies|plans|runs|contract)\/[0-9A-Z]{26}/,
];

/**
 * Watches the pages opened from now on for questions they ask by themselves although the server could have asked them with the
 * page (`Ahead`): each is a round trip before anything is shown.
 *
 * @returns what was found so far, as "page: question"
 */
export function watchAsks(page: Page): () => Promise<string[]> {
  const documents: { readonly path: string; readonly html: Promise<string>; readonly asks: string[] }[] = [];
  page.on("response", (response) => {
    if (response.request().resourceType() !== "document" || response.status() !== 200) return;
    const { pathname } = new URL(response.url());
    documents.push({ path: pathname, html: response.text().catch(() => ""), asks: [] });
  });
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    if (request.method() !== "GET" || !pathname.startsWith("/api/") || pathname.endsWith("/events")) return;
    // The page before may still ask something while the next one's document comes.
    const asker = new URL(request.frame().url()).pathname;
    documents
      .findLast(({ path }) => path === asker)
      ?.asks.push(decodeURIComponent(pathname.slice("/api".length)) + search);
  });
  return async () => {
    const found = new Set<string>();
    for (const { path, html, asks } of documents) {
      // In the document the answers are text in a script, where an ampersand is written by its number.
      const brought = (await html).replaceAll("\\u0026", "&");
      for (const ask of asks)
        if (!brought.includes(`"${ask}\\"`) && !LATER.some((one) => one.test(ask)))
          found.add(`${path}: ${ask}`);
    }
    return [...found].sort();
  };
}
