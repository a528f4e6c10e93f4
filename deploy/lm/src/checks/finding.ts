import { sentenceOf } from "../problem.ts";

/** One thing doctor has looked at. */
export interface Finding {
  readonly what: string;
  /** "note": works, but a person may want to know. */
  readonly state: "good" | "note" | "bad";
  /** What is so, and for anything but good what to do. */
  readonly says: string;
}

export const good = (what: string, says: string): Finding => ({ what, state: "good", says });
export const note = (what: string, says: string): Finding => ({ what, state: "note", says });
export const bad = (what: string, says: string): Finding => ({ what, state: "bad", says });

/** A look that fails is a finding too. */
export async function finding(
  what: string,
  toMend: string,
  look: () => Promise<Finding | Finding[]> | Finding | Finding[],
): Promise<Finding[]> {
  try {
    return [await look()].flat();
  } catch (error) {
    return [bad(what, `${sentenceOf(error)}: ${toMend}`)];
  }
}
