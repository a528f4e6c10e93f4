import { marked } from "marked";
import sanitize from "sanitize-html";

/** Tags a post may have; everything else goes, its text stays. */
const ALLOWED = [
  "h2",
  "h3",
  "h4",
  "p",
  "ul",
  "ol",
  "li",
  "blockquote",
  "strong",
  "em",
  "code",
  "pre",
  "a",
  "img",
  "hr",
  "br",
  "table",
  "thead",
  "tbody",
  "tr",
  "th",
  "td",
];

/** A post's HTML out of its Markdown, safe whatever was written; the mark is a comment that only the source shows. */
export function postHtml(markdown: string, mark: string): string {
  const html = marked.parse(markdown, { async: false, gfm: true });
  const clean = sanitize(html, {
    allowedTags: ALLOWED,
    allowedAttributes: { a: ["href", "title"], img: ["src", "alt", "title"], code: ["class"] },
    allowedSchemes: ["https", "http", "mailto"],
    // The site sets the title itself: a second first-level heading would compete with it.
    transformTags: { h1: "h2" },
  });
  return `${clean.trim()}\n<!-- leadmetrics:${mark} -->`;
}

/** How a post says which publication it is. */
export function markIn(content: string): string | undefined {
  return /<!-- leadmetrics:([0-9A-Z]{26}) -->/.exec(content)?.[1];
}
