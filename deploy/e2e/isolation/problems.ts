import { expect } from "vitest";

/** Lists everything that is wrong instead of ending at the first: a gap in one rule shows in many methods. */
export class Problems {
  readonly #found: string[] = [];
  #looks = 0;

  /** One thing looked at; `wrong` says what is wrong with it. */
  look(wrong: string | undefined | false): void {
    this.#looks += 1;
    if (wrong) this.#found.push(wrong);
  }

  /** @param least how many things must have been looked at: a loop over nothing proves nothing */
  expectNone(least: number): void {
    expect(this.#found).toEqual([]);
    expect(this.#looks).toBeGreaterThanOrEqual(least);
  }
}

/** Runs jobs some at a time; the platform shares two processors with us. */
export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const next = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}
const AT_ONCE = 6;
