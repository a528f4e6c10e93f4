/** Which backend was taken and why, in words a person reads at start. */
export interface Choice {
  readonly backend: string;
  readonly why: string;
}

/**
 * A backend can't be had. The message is one sentence that says what is wrong and what to do about it; no stack is
 * worth showing beside it.
 */
export class BackendUnavailable extends Error {
  override readonly name = "BackendUnavailable";
}

/** The first useful line of whatever was thrown, fit for the middle of a sentence. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text
    .split("\n")
    .map((each) => each.trim())
    .find((each) => each.length > 0);
  return (line ?? "no reason given").replace(/[.\s]+$/, "");
}

/** Disk trouble and missing rights read the same wherever they turn up; undefined for anything else. */
export function diskSentence(text: string, dir: string): string | undefined {
  if (/ENOSPC|No space left on device/i.test(text)) {
    return `The disk that holds ${dir} is full: free some space and start again.`;
  }
  if (/EROFS|Read-only file system/i.test(text)) {
    return `${dir} is on a read-only file system: use a folder that can be written (--data-dir).`;
  }
  if (/EACCES|Permission denied/i.test(text)) {
    return `${dir} can't be written by this user: change its owner or use another folder (--data-dir).`;
  }
  return undefined;
}
