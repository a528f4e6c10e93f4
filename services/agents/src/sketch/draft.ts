import { formatDraft, slugOf } from "../prompt/document.ts";
import { type Material, withoutUnknownMarkers } from "../prompt/material.ts";
import { seedOf, shorten } from "./text.ts";

/** Longest title that a draft may have. */
const TITLE_MAX = 200;
/** Phrasings tried before a draft is left as it is. */
const TURNS = 6;

interface Sketched {
  title: string;
  excerpt: string;
  body: string;
}

/**
 * The draft as its role reads it, in another phrasing than the one that was not accepted.
 *
 * @param compose writes the draft; the seed chooses among phrasings
 */
export function draftOf(material: Material, compose: (seed: number) => Sketched): string {
  const { title, prior } = material.input;
  const seed = seedOf(title, String(prior?.number ?? 0));
  const isPrior = ({ body }: Sketched) =>
    prior !== undefined && withoutUnknownMarkers(body, material.knowledge).trim() === prior.body.trim();
  let made = compose(seed);
  for (let turn = 1; turn < TURNS && isPrior(made); turn++) made = compose(seed + turn);
  const short = shorten(made.title, TITLE_MAX);
  return formatDraft({ ...made, title: short, slug: slugOf(short) });
}
