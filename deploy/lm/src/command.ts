import { Command, InvalidArgumentError } from "commander";
import type { z } from "zod";
import type { Output } from "./output.ts";
import type { ExitCode } from "./problem.ts";
import { momentOf } from "./rules.ts";
import type { Session } from "./session.ts";

/** What a command works with. */
export interface Work<O> {
  readonly session: Session;
  readonly out: Output;
  readonly options: O;
  readonly args: readonly string[];
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Runs the work of a command and remembers how it ended. */
export type Run = <O>(
  options: z.ZodType<O>,
  work: (work: Work<O>) => Promise<ExitCode>,
) => (...called: unknown[]) => Promise<void>;

/** Adds one command to the program. */
export type Register = (parent: Command, run: Run) => void;

/** A moment in an option: `15m`, `2h`, `3d` ago, or an ISO time. */
export function moment(text: string): Date {
  const found = momentOf(text, new Date());
  if (!found) throw new InvalidArgumentError('Say "15m", "2h", "3d", or a time like 2026-12-01T08:00:00Z.');
  return found;
}

/** A whole number from 1 on in an option or an argument. */
export function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError("It is a whole number from 1 on.");
  return number;
}

export { Command };
