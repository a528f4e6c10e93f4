import { keyWords } from "./text.ts";

/** What a reviewer's note asks for, as far as a program can tell. */
export interface Wishes {
  shorter: boolean;
  longer: boolean;
  newTitle: boolean;
  friendlier: boolean;
  moreFormal: boolean;
  moreSources: boolean;
  callToAction: boolean;
  asList: boolean;
  /** To be said, in the note's own words. */
  mention: string[];
  /** Not to be said. */
  avoid: string[];
  note: string;
}

/** Reads a reviewer's note. What it does not understand is still in `note`, and the draft answers to it. */
export function readFeedback(note: string): Wishes {
  const has = (pattern: RegExp) => pattern.test(note);
  return {
    shorter: has(/\b(short(er|en)?|too long|cut|trim|condense|concise|tighter)\b/i),
    longer: has(/\b(longer|too short|more detail|expand|elaborate|deeper|in more depth)\b/i),
    newTitle: has(/\b(title|headline|heading)\b/i),
    friendlier: has(/\b(friendl(y|ier)|warm(er)?|casual|conversational|less formal|human)\b/i),
    moreFormal: has(/\b(more formal|more professional|too casual|serious)\b/i),
    moreSources: has(/\b(sources?|citations?|cite|evidence|facts?|numbers?|proof|data)\b/i),
    callToAction: has(/\b(call to action|cta|next step)\b/i),
    asList: has(/\b(list|bullets?|checklist|steps)\b/i),
    mention: phrases(
      note,
      /(?<!\b(?:don['’]?t|not|never|no|without)\s+)\b(?:mention|include|add|talk about|say something about|bring in)\s+(?:that\s+|the\s+|our\s+|a\s+)?(["“]?[^.;,\n"”]+["”]?)/gi,
    ),
    avoid: phrases(
      note,
      /\b(?:remove|delete|drop|avoid|(?:don['’]?t|do not|never) (?:mention|say|use|name|include|add|talk about|bring in)|leave out|no mention of)\s+(?:the (?:word |phrase |part about )?|any |all )?(["“]?[^.;,\n"”]+["”]?)/gi,
    ),
    note: note.trim(),
  };
}

/** Whether a note asks for something that the program does not understand, so that a person has to see to it. */
export const isUnread = ({ note, mention, avoid, ...wishes }: Wishes): boolean =>
  note !== "" && mention.length === 0 && avoid.length === 0 && !Object.values(wishes).some(Boolean);

const FORM_WORDS = new Set([
  "title",
  "headline",
  "list",
  "bullets",
  "sources",
  "citations",
  "detail",
  "action",
  "more",
  "call",
]);

function phrases(note: string, pattern: RegExp): string[] {
  return [...note.matchAll(pattern)]
    .map((match) => (match[1] ?? "").split(/\s(?:and|but|so|because|instead)\s/i)[0] ?? "")
    .map((phrase) => phrase.replace(/["“”]/g, "").trim())
    .filter((phrase) => {
      const words = keyWords(phrase);
      return words.length > 0 && words.length <= 12 && !words.every((word) => FORM_WORDS.has(word));
    });
}
