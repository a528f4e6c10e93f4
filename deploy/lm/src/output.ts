import { styleText } from "node:util";

/** Where a command's words go. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
}

type Colour = "green" | "yellow" | "red" | "dim" | "bold";

/** Writes results, for people or (`--json`) for programs. */
export class Output {
  readonly json: boolean;
  readonly #streams: Streams;

  constructor(streams: Streams, json: boolean) {
    this.#streams = streams;
    this.json = json;
  }

  /** The result: the value as JSON, or as what people read. */
  result(value: unknown, text: () => readonly string[]): void {
    if (this.json) this.#streams.out(`${toJson(value, 2)}\n`);
    else for (const line of text()) this.#streams.out(`${line}\n`);
  }

  /** One of many results, on a line of its own. */
  item(value: unknown, text: () => readonly string[]): void {
    if (this.json) this.#streams.out(`${toJson(value)}\n`);
    else this.result(value, text);
  }

  /** What ended the command. */
  problem(sentence: string): void {
    this.#streams.err(
      this.json ? `${toJson({ problem: sentence })}\n` : `${colour("red", "✗")} ${sentence}\n`,
    );
  }
}

/** Coloured where a terminal reads it. */
export function colour(name: Colour, text: string): string {
  return styleText(name, text, { stream: process.stdout });
}

/** Rows under their headings, each column as wide as its widest cell; numbers to the right. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string[] {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => String(row[column] ?? "").length)),
  );
  const line = (cells: readonly (string | number)[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return typeof cell === "number" ? String(cell).padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return [colour("dim", line(headings)), ...rows.map(line)].map((text) => `  ${text}`);
}

function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_name, each: unknown) => (typeof each === "bigint" ? Number(each) : each),
    indent,
  );
}
