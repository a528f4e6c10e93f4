/** A source a draft rests on; `[number]` in the text refers to it. */
export interface Citation {
  number: number;
  title: string;
  excerpt?: string;
  url?: string;
}
