import { type Check, type Looked, listed, names } from "./check.ts";

/** Characters a post may have, and from where it is folded away; as the platforms publish them. */
const PLATFORMS = [
  { name: "X", most: 280 },
  { name: "Bluesky", most: 300 },
  { name: "Threads", most: 500 },
  { name: "Google Business Profile", most: 1500 },
  { name: "Instagram", most: 2200 },
  { name: "LinkedIn", most: 3000 },
] as const;
/** Where a post of no named platform has to fit at least. */
const USUAL = ["Instagram", "LinkedIn"];
const HASHTAGS = 5;

/**
 * Which platforms a social post fits: those of the channels it goes to, as far as their names tell, and one it names by
 * itself.
 */
export function platformChecks(
  { type, text, draft, lower }: Looked,
  channels: readonly string[] = [],
): Check[] {
  if (type !== "social_post") return [];
  const length = Array.from(text).length;
  const named = PLATFORMS.filter(({ name }) => name.length > 1 && lower.includes(name.toLowerCase()));
  const bound = PLATFORMS.flatMap(({ name, most }) =>
    channels
      .filter((channel) => names(channel.toLowerCase(), name))
      .map((channel) => ({ name: channel, most })),
  );
  const limits = [...bound, ...named];
  const meant = limits.length > 0 ? limits : PLATFORMS.filter(({ name }) => USUAL.includes(name));
  const over = meant.filter(({ most }) => length > most);
  const tags = draft.body.match(/(?<![\p{L}\p{N}&])#[\p{L}\p{N}_]+/gu)?.length ?? 0;
  return [
    {
      name: "Platform limits",
      passed: over.length === 0,
      hint: `${length} characters; ${listed(over.map(({ name, most }) => `${name} takes ${most}`))}.`,
    },
    { name: "Hashtags", passed: tags <= HASHTAGS, hint: `${tags}; more than ${HASHTAGS} read as spam.` },
  ];
}
