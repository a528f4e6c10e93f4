import { LIMITS } from "../parse/limits.ts";
import { Refusal } from "../parse/refusal.ts";

export type FileStatus = "uploaded" | "parsing" | "chunking" | "embedding" | "indexed" | "refused";

/** How far a file is when a stage begins, percent. Embedding goes from its own figure to 100. */
const PROGRESS: Readonly<Record<FileStatus, number>> = {
  uploaded: 0,
  parsing: 10,
  chunking: 30,
  embedding: 40,
  indexed: 100,
  refused: 0,
};

/** @param done share of the stage that is done, 0 to 1 */
export function progressOf(status: FileStatus, done = 0): number {
  if (status !== "embedding") return PROGRESS[status];
  return Math.min(99, Math.floor(PROGRESS.embedding + (100 - PROGRESS.embedding) * done));
}

/** Processing of one file. */
export const PROCESSING = {
  /** A file whose processing ends the process, or fails, this often is refused. */
  maxAttempts: 4,
  firstPauseMs: 5_000,
  /** Until something outside that didn't answer is asked again. */
  outsidePauseMs: 30_000,
} as const;

/** What to do about a file after an attempt that failed for a reason that isn't the file's own. */
export type AfterFailure =
  | { readonly kind: "again"; readonly pauseMs: number; readonly counts: boolean }
  | { readonly kind: "give_up" };

/**
 * @param attempts how many there were, the failed one included
 * @param outside true when something outside didn't answer: no fault of the file, so it waits for as long as it takes
 * @param random 0 to 1, spreads what failed together
 */
export function afterFailure(attempts: number, outside: boolean, random: number): AfterFailure {
  const spread = (ms: number) => Math.round(ms * (0.8 + 0.4 * random));
  if (outside) return { kind: "again", pauseMs: spread(PROCESSING.outsidePauseMs), counts: false };
  if (attempts >= PROCESSING.maxAttempts) return { kind: "give_up" };
  return { kind: "again", pauseMs: spread(PROCESSING.firstPauseMs * 2 ** (attempts - 1)), counts: true };
}

/** A name as it is kept: the last part of a path, without characters that only control something. */
export function tidyName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? "";
  const clean = last
    .normalize("NFC")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replaceAll(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, "")
    .trim();
  return clean === "" ? "file" : clean;
}

/** @throws Refusal `file_too_large` */
export function refuseTooLarge(name: string, bytes: number): void {
  if (bytes <= LIMITS.fileBytes) return;
  throw new Refusal(
    "file_too_large",
    `"${name}" is larger than ${LIMITS.fileBytes / (1024 * 1024)} MB, the most a file may have.`,
  );
}

/** `{tenant}/rag/{dataset}/{file}.{ext}`, all of them references. */
export function objectKey(tenantRef: string, datasetRef: string, fileRef: string, extension: string): string {
  return `${tenantRef}/rag/${datasetRef}/${fileRef}.${extension}`;
}
