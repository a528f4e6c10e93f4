import { Worker } from "node:worker_threads";
import type { FileKind, ParsedDocument } from "./document.ts";
import { LIMITS } from "./limits.ts";
import { Refusal } from "./refusal.ts";
import type { ParseAnswer, ParseTask } from "./thread.ts";

/**
 * Parses in a thread of its own: hostile or heavy files neither block the event loop nor take the process's memory, and
 * one that doesn't end is ended.
 *
 * @param options.limitMs milliseconds; by default {@link LIMITS}.parseMs
 * @throws Refusal for the file's sake; any other error is ours
 */
export function parseApart(
  kind: FileKind,
  bytes: Uint8Array,
  options: { signal?: AbortSignal; limitMs?: number } = {},
): Promise<ParsedDocument> {
  const { signal, limitMs = LIMITS.parseMs } = options;
  signal?.throwIfAborted();
  const task: ParseTask = { kind, bytes };
  const worker = new Worker(new URL("./thread.ts", import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: LIMITS.parseHeapMb },
    // Libraries print warnings about odd files; they are nobody's business.
    stdout: true,
    stderr: true,
    execArgv: [],
  });
  return new Promise<ParsedDocument>((resolve, reject) => {
    const limit = setTimeout(() => end(tooSlow(limitMs)), limitMs);
    const onAbort = () => end(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    function end(error?: unknown, document?: ParsedDocument): void {
      clearTimeout(limit);
      signal?.removeEventListener("abort", onAbort);
      void worker.terminate();
      if (document) resolve(document);
      else reject(error);
    }
    worker.once("message", (answer: ParseAnswer) => {
      if ("document" in answer) end(undefined, answer.document);
      else if ("refusal" in answer) end(new Refusal(answer.refusal.reason, answer.refusal.message));
      else end(new Error(`parsing ${kind} failed: ${answer.failure}`));
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
