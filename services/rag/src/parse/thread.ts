import { parentPort, workerData } from "node:worker_threads";
import type { FileKind, ParsedDocument } from "./document.ts";
import { parse } from "./parse.ts";
import { Refusal, type RefusalReason } from "./refusal.ts";

/** What the thread is given, and what it answers with. */
export interface ParseTask {
  readonly kind: FileKind;
  readonly bytes: Uint8Array;
}
export type ParseAnswer =
  | { readonly document: ParsedDocument }
  | { readonly refusal: { readonly reason: RefusalReason; readonly message: string } }
  | { readonly failure: string };

async function answer({ kind, bytes }: ParseTask): Promise<ParseAnswer> {
  try {
    return { document: await parse(kind, bytes) };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: { reason: error.reason, message: error.message } };
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

if (parentPort) parentPort.postMessage(await answer(workerData as ParseTask));
