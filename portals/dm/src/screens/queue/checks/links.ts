import { type Check, type Looked, listed } from "./check.ts";

const LINK = /(?<!!)\[([^\]]*)\]\(\s*<?([^)\s>]*)>?(?:\s+["'(][^)]*)?\)/g;
const VAGUE = new Set(["here", "click here", "this", "link", "this link", "read more", "more", "learn more"]);
/** Addresses that writers put where the real one is missing. */
const PLACEHOLDER = /^(#|https?:\/\/(www\.)?(example\.(com|org|net)|your-?(site|domain)|url|link)\b)/i;

/** Links as they stand in the text; whether somebody answers there is not asked from a browser. */
export function linkChecks({ draft }: Looked): Check[] {
  const links = [...draft.body.matchAll(LINK)].map(([, words = "", href = ""]) => ({ words, href }));
  if (links.length === 0) return [];
  const broken = links.filter(({ href }) => !isAddress(href) || PLACEHOLDER.test(href));
  const open = links.filter(({ href }) => /^http:\/\//i.test(href));
  const vague = links.filter(({ words }) => VAGUE.has(words.trim().toLowerCase()) || !words.trim());
  const problem =
    broken.length > 0
      ? `${listed(broken.map(({ href, words }) => href || `“${words}”`))} leads nowhere.`
      : open.length > 0
        ? `${listed(open.map(({ href }) => href))} is not https.`
        : `${listed(vague.map(({ words }) => `“${words}”`))} doesn't say where it leads.`;
  return [{ name: "Links", passed: broken.length + open.length + vague.length === 0, hint: problem }];
}

function isAddress(href: string): boolean {
  if (/^(mailto:|tel:)[^\s]+$/i.test(href) || /^\/[^/]/.test(href)) return true;
  try {
    const { protocol, hostname } = new URL(href);
    return /^https?:$/.test(protocol) && hostname.includes(".");
  } catch {
    return false;
  }
}
