import type { PlatformSetting } from "@leadmetrics/web";

/** A value as a person reads it. */
export function valueText({ type, unit }: Pick<PlatformSetting, "type" | "unit">, value: string): string {
  if (type === "switch") return value === "true" ? "On" : "Off";
  if (type === "number") return `${value} ${unit}`;
  return value === "" ? "Nothing" : `“${value}”`;
}

/** Whether a setting or feature has the words somebody looks for, in any order. */
export function isFound(of: { name: string; title: string; what: string }, words: string): boolean {
  const text = `${of.name} ${of.title} ${of.what}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
