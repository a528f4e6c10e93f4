import { createHash } from "node:crypto";
import { load } from "cheerio";
import { mustDecodeText } from "./decode.ts";
import type { ParsedDocument } from "./document.ts";
import { parseHtml } from "./html.ts";

/** What a crawler has to know of a web page. */
export interface PageFacts {
  readonly title: string;
  /** The address the page names as its own; may be relative. */
  readonly canonical: string | undefined;
  /** What relative links are relative to; undefined for the page's own address. */
  readonly base: string | undefined;
  /** As they stand in the page, in its order, without those that ask not to be followed. */
  readonly links: readonly string[];
  readonly noindex: boolean;
  readonly nofollow: boolean;
  /** SHA-256 of title and text; empty when there is no text. */
  readonly textHash: string;
}

/** Reads a page for its links and for whether its text has changed. The bytes are UTF-8. */
export function readPage(bytes: Uint8Array, mostLinks: number): PageFacts {
  // Refuses what nests too deeply for the parsers, this one's as well.
  const document = parseHtml(bytes);
  const $ = load(mustDecodeText(bytes));
  const rules = $("meta[name='robots' i], meta[name='leadmetricsbot' i]")
    .toArray()
    .map((meta) => ($(meta).attr("content") ?? "").toLowerCase())
    .join(",");
  const links = $("a[href], area[href]")
    .toArray()
    .filter((link) => !/\bnofollow\b/i.test($(link).attr("rel") ?? ""))
    .map((link) => $(link).attr("href") ?? "")
    .filter((href) => href !== "" && !href.startsWith("#"));
  return {
    title: (document.title ?? "").replaceAll(/\s+/g, " ").trim().slice(0, 300),
    canonical: $("link[rel='canonical' i]").first().attr("href") || undefined,
    base: $("base[href]").first().attr("href") || undefined,
    links: [...new Set(links)].slice(0, mostLinks),
    noindex: /\b(noindex|none)\b/.test(rules),
    nofollow: /\b(nofollow|none)\b/.test(rules),
    textHash: textHashOf(document),
  };
}

function textHashOf({ title, blocks }: ParsedDocument): string {
  if (blocks.length === 0) return "";
  const hash = createHash("sha256").update(title ?? "");
  for (const block of blocks)
    hash.update("\n").update(block.headings.join(" › ")).update("\n").update(block.text);
  return hash.digest("hex");
}
