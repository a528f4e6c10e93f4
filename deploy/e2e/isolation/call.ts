import { type Message, toJsonString } from "@bufbuild/protobuf";
import { TENANT_HEADER } from "@leadmetrics/kit";
import { type Method, registry } from "./contract.ts";

/** An answer as bytes, whatever was asked and however. */
export interface Answer {
  readonly status: number;
  /** `ok`, a Connect code, or the API's error code. */
  readonly code: string;
  readonly headers: Headers;
  readonly text: string;
  readonly ms: number;
}

export interface CallOptions {
  readonly token?: string;
  /** Ref of the tenant named in `lm-tenant`. */
  readonly tenant?: string;
}

/** Milliseconds after which a call counts as hanging. */
const CALL_MS = 15_000;

/** Everything anybody was told that wasn't a success: the canary looks through it. */
export const errorAnswers: string[] = [];

/** Calls a method by the Connect protocol, with nothing between this and the wire. */
export function callMethod(
  base: string,
  method: Method,
  message: Message,
  options: CallOptions = {},
): Promise<Answer> {
  const json = toJsonString(method.desc.input, message, { registry });
  return callMethodRaw(base, method, json, options);
}

/** {@link callMethod} with any text in place of a message. */
export async function callMethodRaw(
  base: string,
  method: Method,
  json: string,
  options: CallOptions = {},
): Promise<Answer> {
  const streaming = method.desc.methodKind !== "unary";
  const answer = await send(`${base}/${method.desc.parent.typeName}/${method.desc.name}`, {
    method: "POST",
    headers: {
      "content-type": streaming ? "application/connect+json" : "application/json",
      "connect-protocol-version": "1",
      ...bearer(options.token),
      ...(options.tenant === undefined ? {} : { [TENANT_HEADER]: options.tenant }),
    },
    body: streaming ? framed(method, json) : json,
  });
  const body = streaming ? answer.text.slice(answer.text.lastIndexOf('{"error"')) : answer.text;
  return kept({ ...answer, code: connectCode(answer, body) });
}

/** Calls the REST API. A stream of events is let go once its head is here. */
export async function callRoute(
  url: string,
  init: RequestInit & { stream?: boolean },
  token?: string,
): Promise<Answer> {
  const answer = await send(url, {
    ...init,
    headers: { ...(init.headers as Record<string, string> | undefined), ...bearer(token) },
  });
  return kept({ ...answer, code: restCode(answer) });
}

const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

async function send(url: string, init: RequestInit & { stream?: boolean }): Promise<Omit<Answer, "code">> {
  const started = performance.now();
  const end = new AbortController();
  const late = setTimeout(() => end.abort(new Error(`${url} did not answer in ${CALL_MS} ms`)), CALL_MS);
  try {
    const response = await fetch(url, { ...init, signal: end.signal, redirect: "manual" });
    const endless = init.stream === true && response.status === 200;
    const text = endless ? "" : Buffer.from(await response.arrayBuffer()).toString("latin1");
    if (endless) end.abort();
    return { status: response.status, headers: response.headers, text, ms: performance.now() - started };
  } finally {
    clearTimeout(late);
  }
}

function kept(answer: Answer): Answer {
  if (answer.code !== "ok") errorAnswers.push(answer.text);
  return answer;
}

/** What a streaming call sends: one message, and a piece of data where more may follow. */
function framed(method: Method, json: string): Buffer {
  return method.desc.methodKind === "server_streaming"
    ? frame(json)
    : Buffer.concat([frame(json), frame('{"data":"c2xvdyBicmVhZA=="}')]);
}

/** A message of a stream: a byte of flags, four of length. */
function frame(json: string): Buffer {
  const body = Buffer.from(json);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

function connectCode(answer: Pick<Answer, "status">, body: string): string {
  const code = /"code"\s*:\s*"(\w+)"/.exec(body)?.[1];
  if (answer.status === 200) return body.startsWith('{"error"') && code ? code : "ok";
  return code ?? `http ${answer.status}`;
}

function restCode(answer: Pick<Answer, "status" | "text">): string {
  if (answer.status < 400) return "ok";
  return /"code"\s*:\s*"(\w+)"/.exec(answer.text)?.[1] ?? `http ${answer.status}`;
}
