import { load } from "cheerio";
import Turndown from "turndown";
import { mustDecodeText } from "./decode.ts";
import type { ParsedDocument } from "./document.ts";
import { LIMITS } from "./limits.ts";
import { markdownDocument } from "./markdown.ts";
import { Refusal } from "./refusal.ts";

/** What no reader reads. */
const NOISE =
  "script, style, noscript, template, iframe, svg, canvas, form, button, input, select, nav, aside, [hidden], [aria-hidden=true]";
/** What a page repeats around its content. */
const FRAME = "body > header, body > footer, [role=navigation], [role=banner], [role=contentinfo]";
/** Where authors put the content; the first one with enough text is it. */
const CONTENT = ["main", "[role=main]", "article", "#content", ".content", "body"];
const ENOUGH = 200;

/** The content of a web page without what surrounds it. */
export function parseHtml(bytes: Uint8Array): ParsedDocument {
  return htmlDocument(mustDecodeText(bytes));
}

/** {@link parseHtml} for HTML that comes from elsewhere, such as a Word document. */
export function htmlDocument(html: string): ParsedDocument {
  refuseDeep(html);
  const $ = load(html);
  const title = $("title").first().text().trim() || $("h1").first().text().trim() || undefined;
  $(NOISE).remove();
  $(FRAME).remove();
  const content =
    CONTENT.map((selector) => $(selector).first()).find((node) => node.text().trim().length >= ENOUGH) ??
    $("body");
  const markdown = converter().turndown(content.html() ?? "");
  const document = markdownDocument(markdown);
  return { ...document, title: title ?? document.title };
}

function converter(): Turndown {
  const turndown = new Turndown({ headingStyle: "atx", codeBlockStyle: "fenced", bulletListMarker: "-" });
  // Pictures and link targets say nothing to a reader of text; a link's words do.
  turndown.addRule("picture", {
    filter: "img",
    replacement: (_, node) => ("getAttribute" in node ? (node.getAttribute("alt") ?? "") : ""),
  });
  turndown.addRule("link", { filter: "a", replacement: (content) => content });
  turndown.addRule("row", {
    filter: "tr",
    replacement: (_, node) =>
      `${[...node.childNodes]
        .map((cell) => cell.textContent?.trim() ?? "")
        .filter(Boolean)
        .join(" | ")}\n`,
  });
  return turndown;
}

/** The parsers recurse, so a page that only nests would end the thread instead of being refused. */
function refuseDeep(html: string): void {
  let depth = 0;
  for (const [, closing, name = "", selfClosing] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/gi)) {
    if (selfClosing || /^(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|p|li)$/i.test(name))
      continue;
    depth = closing ? Math.max(0, depth - 1) : depth + 1;
    if (depth > LIMITS.htmlDepth)
      throw new Refusal("file_too_complex", "The page nests its elements too deeply to be read.");
  }
}
