/** Words of a document that are indexed; a text of more is found by its beginning. */
const MAX_WORDS = 16_000;
/** A lexeme's limit is far higher; nobody types longer words. */
const MAX_LENGTH = 60;

/** A text as the words it is found by: lower case, without accents. The one place that decides what a word is. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, MAX_WORDS).map((word) => word.slice(0, MAX_LENGTH));
}

/** The words a query asks for, each once, the first few. */
export function termsOf(query: string): string[] {
  return [...new Set(wordsOf(query))].slice(0, 12);
}

/** Typing mistakes that are forgiven in a word. */
export function forgiven(term: string): number {
  if (term.length < 4) return 0;
  return term.length < 8 ? 1 : 2;
}

/** How a word of a text meets a term of a query, best first; undefined when it doesn't. */
export type Match = "exact" | "prefix" | "similar";

export function matchOf(term: string, word: string): Match | undefined {
  if (word === term) return "exact";
  if (word.startsWith(term)) return "prefix";
  const most = forgiven(term);
  if (most === 0) return undefined;
  // A misspelt beginning of a word counts as well: "sourdog" for "sourdough".
  return within(term, word, most) ||
    (word.length > term.length && within(term, word.slice(0, term.length), most))
    ? "similar"
    : undefined;
}

/** Whether `a` becomes `b` by at most `most` insertions, deletions, replacements or swaps of neighbours. */
export function within(a: string, b: string, most: number): boolean {
  if (Math.abs(a.length - b.length) > most) return false;
  // Whoever mistypes a word gets its first letter right, nearly always; without this short words match anything.
  if (a[0] !== b[0]) return false;
  let twoBack: number[] = [];
  let back = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        at(back, column) + 1,
        at(current, column - 1) + 1,
        at(back, column - 1) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, at(twoBack, column - 2) + 1);
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return false;
    twoBack = back;
    back = current;
  }
  return at(back, b.length) <= most;
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
