import { parentPort, workerData } from "node:worker_threads";
import type { FileKind, ParsedDocument } from "./document.ts";
import { type PageFacts, readPage } from "./page.ts";
import { parse } from "./parse.ts";
import { Refusal, type RefusalReason } from "./refusal.ts";

/** What the thread is given, and what it answers with. */
export type ParseTask =
  | { readonly want: "document"; readonly kind: FileKind; readonly bytes: Uint8Array }
  | { readonly want: "page"; readonly bytes: Uint8Array; readonly mostLinks: number };
export type ParseAnswer =
  | { readonly document: ParsedDocument }
  | { readonly page: PageFacts }
  | { readonly refusal: { readonly reason: RefusalReason; readonly message: string } }
  | { readonly failure: string };

async function answer(task: ParseTask): Promise<ParseAnswer> {
  try {
    return task.want === "page"
      ? { page: readPage(task.bytes, task.mostLinks) }
      : { document: await parse(task.kind, task.bytes) };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: { reason: error.reason, message: error.message } };
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

if (parentPort) parentPort.postMessage(await answer(workerData as ParseTask));
