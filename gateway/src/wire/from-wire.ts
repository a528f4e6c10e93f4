import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { numberOf } from "./words.ts";

type Fields = Record<string, unknown>;

/** What the API was sent, validated already, as the initial value of a message. */
export function fromWire(desc: DescMessage, body: Fields): Fields {
  const init: Fields = {};
  for (const field of desc.fields) {
    const value = body[field.localName];
    if (value === undefined || value === null) continue;
    const converted = initValue(field, value);
    if (field.oneof) init[field.oneof.localName] = { case: field.localName, value: converted };
    else init[field.localName] = converted;
  }
  return init;
}

function initValue(field: DescField, value: unknown): unknown {
  switch (field.fieldKind) {
    case "scalar":
      return typeof value === "number" && isLong(field) ? BigInt(value) : value;
    case "enum":
      return numberOf(field.enum, String(value));
    case "message":
      return messageInit(field.message, value);
    case "list": {
      const items = Array.isArray(value) ? value : [value];
      if (field.listKind === "message") return items.map((item) => messageInit(field.message, item));
      if (field.listKind === "enum") return items.map((item) => numberOf(field.enum, String(item)));
      return items;
    }
    case "map":
      return value;
  }
}

function messageInit(desc: DescMessage, value: unknown): unknown {
  if (desc.typeName === "leadmetrics.type.v1.Day") {
    const [year, month, day] = String(value).split("-").map(Number);
    return { year, month, day };
  }
  if (desc.typeName === "google.protobuf.Timestamp") {
    const ms = Date.parse(String(value));
    return { seconds: BigInt(Math.floor(ms / 1_000)), nanos: (ms % 1_000) * 1_000_000 };
  }
  return fromWire(desc, value as Fields);
}

/** 64-bit integers are bigints in messages (scalar types 3 int64, 4 uint64, 18 sint64). */
function isLong(field: DescField & { fieldKind: "scalar" }): boolean {
  return [3, 4, 6, 16, 18].includes(field.scalar);
}
