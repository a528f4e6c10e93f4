import { asApiError } from "./errors.ts";
import { p, refusal, sessionFetch } from "./http.ts";
import type { Contract, KnowledgeFile } from "./shapes.ts";

/** Said by the contract: ten megabytes a file. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

export type UploadResult =
  | { ok: true; file: KnowledgeFile }
  | { ok: false; reason: string; requestId?: string };

/** Why a file can't be taken, known before it is sent; undefined when nothing speaks against it. */
export function refuseEarly(file: { name: string; size: number }): string | undefined {
  if (file.size === 0) return "This file is empty.";
  if (file.size > MAX_FILE_BYTES)
    return "This file is larger than 10 MB. Split it, or leave out its pictures.";
  return undefined;
}

/**
 * Sends one file and tells how far it is (0 to 1). One request a file, so that each has its own progress and its own
 * refusal. XMLHttpRequest because fetch can't tell how much of a body has been sent.
 */
export async function uploadFile(file: File, onProgress: (share: number) => void): Promise<UploadResult> {
  const early = refuseEarly(file);
  if (early) return { ok: false, reason: early };
  const first = await send(file, onProgress);
  if (first.status !== 401) return read(first);
  // The session ended while the file was on its way: any call renews it, then the file goes again.
  await sessionFetch(new Request(new URL("/api/auth/v1/me", location.origin)));
  return read(await send(file, onProgress));
}

/** Bytes of a contract at most. */
export const MAX_CONTRACT_BYTES = 4_000_000;

/** Why a file can't be a contract, known before it is sent; undefined when nothing speaks against it. */
export async function refuseContract(file: File): Promise<string | undefined> {
  if (file.size > MAX_CONTRACT_BYTES) return "This file is larger than 4 MB. Leave out its pictures.";
  const begin = await file.slice(0, 5).text();
  return begin === "%PDF-" ? undefined : "This is not a PDF, whatever its name says. Export it as one.";
}

/** Puts a contract before a company. */
export async function offerContract(tenantRef: string, title: string, file: File): Promise<Contract> {
  const body = new FormData();
  body.append("title", title);
  body.append("document", file, file.name);
  const url = new URL(p`/api/admin/v1/tenants/${tenantRef}/contract`, location.origin);
  const answer = await sessionFetch(new Request(url, { method: "POST", body }));
  const read: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw await refusal(answer.status, read, answer.headers.get("x-request-id"));
  return read as Contract;
}

/** Where a super admin's browser reads a company's contract. */
export const offeredDocument = (tenantRef: string, ref: string): string =>
  p`/api/admin/v1/tenants/${tenantRef}/contract/${ref}/document`;

interface Sent {
  status: number;
  body: unknown;
}

function send(file: File, onProgress: (share: number) => void): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/tenant/v1/files");
    request.setRequestHeader("idempotency-key", crypto.randomUUID());
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new TypeError("the upload did not arrive"));
    request.onload = () => {
      let body: unknown;
      try {
        body = JSON.parse(request.responseText);
      } catch {
        body = undefined;
      }
      resolve({ status: request.status, body });
    };
    const form = new FormData();
    form.append("files", file, file.name);
    request.send(form);
  });
}

interface Outcome {
  items?: { name: string; file?: KnowledgeFile; error?: { code?: string; message: string } }[];
}

async function read({ status, body }: Sent): Promise<UploadResult> {
  if (status < 200 || status >= 300) {
    const error = await refusal(status, body);
    return { ok: false, reason: error.message, requestId: error.requestId };
  }
  const item = (body as Outcome | undefined)?.items?.[0];
  if (item?.file) return { ok: true, file: item.file };
  return { ok: false, reason: item?.error?.message ?? "This file was refused." };
}

/** The sentence for an upload that threw. */
export const uploadFailure = (cause: unknown): string => asApiError(cause).message;
