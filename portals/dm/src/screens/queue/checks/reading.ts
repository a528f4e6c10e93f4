import { type Check, type Looked, some } from "./check.ts";

/** Words of a sentence from which it is hard to follow, and the share of such sentences a text bears. */
const LONG_SENTENCE = 32;
const LONG_SHARE = 0.15;
/** Words of a sentence on average. */
const USUAL_SENTENCE = 22;
/** Characters of a paragraph that nobody reads on a phone. */
const LONG_PARAGRAPH = 900;
/** What a writer leaves behind for later. */
const LEFT_BEHIND =
  /\b(lorem ipsum|tbd|todo|fixme|xxx)\b|\[(insert|add|your|link|source|citation needed)[^\]]*\]|\{\{[^}]*\}\}/i;

/** How easily a text is read, without a language's rules: by the length of sentences and paragraphs. */
export function readingChecks({ sentences, draft, type, text }: Looked): Check[] {
  const lengths = sentences.map((one) => one.split(/\s+/).length);
  const long = lengths.filter((length) => length > LONG_SENTENCE).length;
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  const paragraphs = draft.body.split(/\n{2,}/).filter((one) => one.length > LONG_PARAGRAPH).length;
  const easy = (long <= 1 || long / Math.max(1, lengths.length) <= LONG_SHARE) && average <= USUAL_SENTENCE;
  const left = LEFT_BEHIND.exec(`${draft.title}\n${draft.body}`)?.[0];
  return [
    {
      name: "Readability",
      passed: easy && (type !== "blog_post" || paragraphs === 0),
      hint: !easy
        ? `${some(long, "sentence is", "sentences are")} longer than ${LONG_SENTENCE} words; ${Math.round(average)} on average.`
        : `${some(paragraphs, "paragraph is", "paragraphs are")} longer than ${LONG_PARAGRAPH} characters.`,
    },
    {
      name: "Nothing left to fill in",
      passed: left === undefined && text !== "",
      hint: left ? `“${left}” is still in it.` : "There is no text.",
    },
  ];
}
