import type { FastifyRequest } from "fastify";
import { WpError } from "./errors.ts";

export type Params = Readonly<Record<string, unknown>>;

/**
 * A request's parameters: the query's and the body's, as WordPress merges them. A JSON body counts only with a JSON
 * content type; anything unknown is not read at all.
 */
export function paramsOf(request: FastifyRequest): Params {
  return { ...fromPairs(new URLSearchParams(request.url.split("?")[1] ?? "")), ...fromBody(request) };
}

function fromBody(request: FastifyRequest): Params {
  const type = request.headers["content-type"] ?? "";
  const text = Buffer.isBuffer(request.body) ? request.body.toString("utf8") : "";
  if (!text) return {};
  if (/^application\/([\w.+-]+\+)?json/i.test(type)) return fromJson(text);
  if (/^application\/x-www-form-urlencoded/i.test(type)) return fromPairs(new URLSearchParams(text));
  return {};
}

function fromJson(text: string): Params {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new WpError(400, "rest_invalid_json", "Invalid JSON body passed.", {
      json_error_code: 4,
      json_error_message: "Syntax error",
    });
  }
  return isRecord(parsed) ? parsed : {};
}

/** PHP's reading of a query: `a[]=1&a[]=2` is a list. */
function fromPairs(pairs: URLSearchParams): Params {
  const params: Record<string, unknown> = {};
  for (const [name, value] of pairs) {
    const listed = /^(.*)\[\d*\]$/.exec(name);
    if (!listed) params[name] = value;
    else {
      const key = listed[1] ?? name;
      const list = params[key];
      params[key] = Array.isArray(list) ? [...list, value] : [value];
    }
  }
  return params;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `{"raw": "…"}` or the text itself. */
export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (isRecord(value)) return typeof value.raw === "string" ? value.raw : undefined;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

/** A list, or its comma-separated form. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null || value === "") return [];
  if (Array.isArray(value)) return value;
  return typeof value === "string" ? value.split(/[\s,]+/).filter(Boolean) : [value];
}

export function integer(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? value : undefined;
  return typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : undefined;
}

export function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === "1" || value === "true";
}
