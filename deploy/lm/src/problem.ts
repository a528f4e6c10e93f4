import { ConnectError } from "@connectrpc/connect";

/** What a command ends with. */
export const EXIT = {
  good: 0,
  /** The command did its work and found something that a person has to mend. */
  found: 1,
  /** It was called in a way it can't be. */
  usage: 2,
  /** The platform, or a part of it that the command needs, isn't there or refused it. */
  unreachable: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Something that ends a command: one sentence that says what is wrong and how to mend it. */
export class Problem extends Error {
  readonly exitCode: ExitCode;

  constructor(sentence: string, exitCode: ExitCode = EXIT.unreachable) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

/** Any failure in a sentence. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ConnectError) return error.rawMessage;
  if (error instanceof AggregateError && error.errors.length > 0) return sentenceOf(error.errors[0]);
  return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
}
