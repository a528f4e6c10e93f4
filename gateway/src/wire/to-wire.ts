import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { wordOf } from "./words.ts";

type Fields = Record<string, unknown>;

const TIMESTAMP = "google.protobuf.Timestamp";
const DAY = "leadmetrics.type.v1.Day";
const STAMP = "leadmetrics.type.v1.Stamp";

/**
 * A message as the API shows it: camelCase, enums as words, timestamps ISO 8601, days `YYYY-MM-DD`, 64-bit numbers as
 * numbers, a record's stamp among its own fields. What is unset is null, so a field is always there.
 */
export function toWire(desc: DescMessage, message: object): Fields {
  const source = message as Fields;
  const wire: Fields = {};
  for (const field of desc.fields) {
    const value = fieldValue(field, source);
    if (field.fieldKind === "message" && field.message.typeName === STAMP) {
      Object.assign(wire, toWire(field.message, (value as object | undefined) ?? {}));
      continue;
    }
    if (field.oneof && value === undefined) continue;
    wire[field.localName] = wireValue(field, value);
  }
  return wire;
}

function fieldValue(field: DescField, source: Fields): unknown {
  if (!field.oneof) return source[field.localName];
  const chosen = source[field.oneof.localName] as { case?: string; value?: unknown } | undefined;
  return chosen?.case === field.localName ? chosen.value : undefined;
}

function wireValue(field: DescField, value: unknown): unknown {
  switch (field.fieldKind) {
    case "scalar":
      return scalar(value ?? null);
    case "enum":
      return wordOf(field.enum, typeof value === "number" ? value : 0);
    case "message":
      return value === undefined ? null : messageValue(field.message, value as object);
    case "list": {
      const items = (value as unknown[] | undefined) ?? [];
      if (field.listKind === "message")
        return items.map((item) => messageValue(field.message, item as object));
      if (field.listKind === "enum") return items.map((item) => wordOf(field.enum, Number(item)));
      return items.map(scalar);
    }
    case "map":
      return value ?? {};
  }
}

function messageValue(desc: DescMessage, message: object): unknown {
  const fields = message as Fields;
  if (desc.typeName === TIMESTAMP) {
    return new Date(Number(fields.seconds) * 1_000 + Number(fields.nanos) / 1_000_000).toISOString();
  }
  if (desc.typeName === DAY) return dayText(fields);
  return toWire(desc, message);
}

function dayText({ year, month, day }: Fields): string {
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function scalar(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return value;
}
