import type { Answer } from "./call.ts";

/** Names of what belongs to one call only: references, ids, hashes, traces, times. */
const OF_ONE_CALL: readonly [RegExp, string][] = [
  [/\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g, "<ref>"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "<uuid>"],
  [/\b[0-9a-f]{64}\b/g, "<hash>"],
  [/\b\d+(\.\d+)?(?= seconds|s")/g, "<seconds>"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "<time>"],
];
/** Headers that differ from call to call without saying anything. */
const UNSAID = new Set([
  "date",
  "x-request-id",
  "connection",
  // As long as the text, which is compared without its times.
  "content-length",
  "keep-alive",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
]);
/** Beside a detail's bytes stands what they mean. */
const SPELT_OUT = /("debug":\{[^{}]*\}),"value":"[^"]*"/g;
/** The details of an error are protobuf in base64. */
const DETAIL = /"value":"([A-Za-z0-9+/]+={0,2})"/g;

/** All an answer says, without what belongs to this one call. */
export function said(answer: Answer): string {
  const headers = [...answer.headers]
    .filter(([name]) => !UNSAID.has(name))
    .map(([name, value]) => `${name}: ${value}`);
  const text = opened(answer.text.replace(SPELT_OUT, "$1"));
  const plain = OF_ONE_CALL.reduce((so, [what, name]) => so.replace(what, name), text);
  return [`${answer.status}`, ...headers, plain].join("\n");
}

/** The text with what it holds in base64 spelled out. */
export function opened(text: string): string {
  return text.replace(
    DETAIL,
    (_, value: string) => `"value":${Buffer.from(value, "base64").toString("latin1")}`,
  );
}

/** Which of the words stand in the text. */
export function found(text: string, words: readonly string[]): string[] {
  const all = opened(text);
  return words.filter((word) => all.includes(word));
}
