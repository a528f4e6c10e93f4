import { Worker } from "node:worker_threads";
import type { FileKind, ParsedDocument } from "./document.ts";
import { LIMITS } from "./limits.ts";
import type { PageFacts } from "./page.ts";
import { Refusal } from "./refusal.ts";
import type { ParseAnswer, ParseTask } from "./thread.ts";

interface ApartOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds; by default {@link LIMITS}.parseMs. */
  readonly limitMs?: number;
}

/** A file's text. @throws Refusal for the file's sake; any other error is ours */
export function parseApart(
  kind: FileKind,
  bytes: Uint8Array,
  options: ApartOptions = {},
): Promise<ParsedDocument> {
  return apart({ want: "document", kind, bytes }, options, (answer) =>
    "document" in answer ? answer.document : undefined,
  );
}

/** What a crawler has to know of a page in UTF-8. @throws Refusal for the page's sake; any other error is ours */
export function readPageApart(
  bytes: Uint8Array,
  mostLinks: number,
  options: ApartOptions = {},
): Promise<PageFacts> {
  return apart({ want: "page", bytes, mostLinks }, options, (answer) =>
    "page" in answer ? answer.page : undefined,
  );
}

/**
 * Reads in a thread of its own: hostile or heavy files neither block the event loop nor take the process's memory, and
 * one that doesn't end is ended.
 */
function apart<T>(
  task: ParseTask,
  { signal, limitMs = LIMITS.parseMs }: ApartOptions,
  wanted: (answer: ParseAnswer) => T | undefined,
): Promise<T> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL("./thread.ts", import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: LIMITS.parseHeapMb },
    // Libraries print warnings about odd files; they are nobody's business.
    stdout: true,
    stderr: true,
    execArgv: [],
  });
  return new Promise<T>((resolve, reject) => {
    const limit = setTimeout(() => end(tooSlow(limitMs)), limitMs);
    const onAbort = () => end(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    function end(error?: unknown, value?: T): void {
      clearTimeout(limit);
      signal?.removeEventListener("abort", onAbort);
      void worker.terminate();
      if (value !== undefined) resolve(value);
      else reject(error);
    }
    worker.once("message", (answer: ParseAnswer) => {
      const value = wanted(answer);
      if (value !== undefined) end(undefined, value);
      else if ("refusal" in answer) end(new Refusal(answer.refusal.reason, answer.refusal.message));
      else
        end(
          new Error(`reading a ${task.want} failed: ${"failure" in answer ? answer.failure : "no answer"}`),
        );
    });
    worker.once("error", (error: Error & { code?: string }) => {
      end(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? tooComplex(error) : error);
    });
    worker.once("exit", (code) => end(new Error(`the parsing thread ended with ${code}`)));
  });
}

function tooSlow(limitMs: number): Refusal {
  return new Refusal(
    "file_too_slow",
    `The file could not be read within ${Math.round(limitMs / 1_000)} seconds. Export it again or split it.`,
  );
}

function tooComplex(cause: Error): Refusal {
  return new Refusal(
    "file_too_complex",
    "The file needs more memory to be read than a document should. Export it again or split it.",
    cause,
  );
}
