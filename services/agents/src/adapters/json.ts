import { unusable } from "./failure.ts";

/** Parses a model's JSON answer; some servers wrap it in a Markdown fence although a schema was asked for. */
export function parseObject(text: string): unknown {
  const bare = text
    .trim()
    .replace(/^```(?:json)?\s*\n?/i, "")
    .replace(/\n?```$/, "");
  try {
    return JSON.parse(bare);
  } catch {
    throw unusable("invalid_json", "The model's answer is not valid JSON.");
  }
}

const KEPT = new Set([
  "type",
  "description",
  "enum",
  "const",
  "properties",
  "required",
  "items",
  "anyOf",
  "additionalProperties",
]);

/**
 * The part of JSON Schema that both providers' structured outputs accept: no lengths, patterns or ranges (our own
 * validation has them), every object closed.
 */
export function providerSchema(schema: unknown): Record<string, unknown> {
  if (typeof schema !== "object" || schema === null) return {};
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (!KEPT.has(key)) continue;
    if (key === "properties" && typeof value === "object" && value !== null) {
      out[key] = Object.fromEntries(Object.entries(value).map(([name, sub]) => [name, providerSchema(sub)]));
    } else if (key === "items") {
      out[key] = providerSchema(value);
    } else if (key === "anyOf" && Array.isArray(value)) {
      out[key] = value.map(providerSchema);
    } else {
      out[key] = value;
    }
  }
  if (out.type === "object") out.additionalProperties = false;
  return out;
}

/** Whether every property of every object in a schema must be given. */
export function allRequired(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return true;
  if (Array.isArray(schema)) return schema.every(allRequired);
  const { properties, required, items, anyOf } = schema as Record<string, unknown>;
  const own = typeof properties === "object" && properties !== null ? properties : {};
  const given = new Set(Array.isArray(required) ? required : []);
  return (
    Object.keys(own).every((name) => given.has(name)) &&
    [...Object.values(own), items, anyOf].every(allRequired)
  );
}
