/** Longest slug the database column holds. */
const LONGEST = 200;

/** Letters that don't fall apart into a base letter and a mark. */
const LETTERS: Record<string, string> = {
  ß: "s",
  æ: "ae",
  Æ: "AE",
  ø: "o",
  Ø: "O",
  œ: "oe",
  Œ: "OE",
  ł: "l",
  Ł: "L",
  đ: "d",
  Đ: "D",
  þ: "th",
  Þ: "TH",
  ð: "d",
  Ð: "D",
  ı: "i",
};

/** `sanitize_title`: what WordPress makes of a title or a given slug. */
export function sanitizeSlug(text: string): string {
  const plain = removeAccents(text.replace(/<[^>]*>/g, ""));
  // Percent-encoded octets survive; any other percent sign goes.
  const kept = plain.replace(/%(?![a-fA-F0-9]{2})/g, "");
  return encodeOthers(kept.toLowerCase())
    .replace(/%c2%a0|%e2%80%9[34]/g, "-")
    .replace(/&(nbsp|#160|ndash|#8211|mdash|#8212);/g, "-")
    .replaceAll("/", "-")
    .replace(/%e2%80%(?:a6|9[89cd])|%c2%b4/g, "")
    .replace(/&[a-z0-9#]+?;/g, "")
    .replaceAll(".", "-")
    .replace(/[^%a-z0-9 _-]/g, "")
    .replace(/\s+/g, "-")
    .replace(/-+/g, "-")
    .replace(/^-|-$/g, "");
}

function removeAccents(text: string): string {
  return text
    .replace(/[^\u0020-\u007e]/g, (character) => LETTERS[character] ?? character)
    .normalize("NFD")
    .replace(/([A-Za-z])[\u0300-\u036f]+/g, "$1")
    .normalize("NFC");
}

/** Other scripts are percent-encoded, whole characters only, up to the column's length. */
function encodeOthers(text: string): string {
  let encoded = "";
  for (const character of text) {
    const next = character.charCodeAt(0) < 128 ? character : encodeURIComponent(character).toLowerCase();
    if (encoded.length + next.length > LONGEST) break;
    encoded += next;
  }
  return encoded;
}

/** `wp_unique_post_slug`: the slug itself when it is free, else with `-2`, `-3`, … */
export function uniqueSlug(slug: string, taken: (slug: string) => boolean): string {
  if (!taken(slug)) return slug;
  for (let suffix = 2; ; suffix++) {
    const candidate = `${truncated(slug, LONGEST - String(suffix).length - 1)}-${suffix}`;
    if (!taken(candidate)) return candidate;
  }
}

function truncated(slug: string, length: number): string {
  if (slug.length <= length) return slug;
  // Never in the middle of an encoded octet.
  return slug
    .slice(0, length)
    .replace(/%[0-9a-f]?$/, "")
    .replace(/-+$/, "");
}
