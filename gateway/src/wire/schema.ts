import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { z } from "zod";
import { wordsOf } from "./words.ts";

/** Scalar types by what they are in JSON. */
const TEXT = [9, 12];
const TRUTH = 8;
const FRACTION = [1, 2];
const SHORT = [5, 15, 17];
const UNSIGNED_SHORT = [7, 13];
const DAY_TEXT = /^\d{4}-\d{2}-\d{2}$/;

/** What a client may send for a message: unknown fields are refused; the contract's own rules are checked by its service. */
export function inputSchema(desc: DescMessage, omit: readonly string[] = []): z.ZodObject {
  const shape: Record<string, z.ZodType> = {};
  for (const field of desc.fields) {
    if (!omit.includes(field.localName)) shape[field.localName] = fieldSchema(field, inputSchema).nullish();
  }
  return z.strictObject(shape);
}

/** What the API answers with for a message. */
export function outputSchema(desc: DescMessage): z.ZodObject {
  const known = outputs.get(desc.typeName);
  if (known) return known;
  const shape: Record<string, z.ZodType> = {};
  for (const field of desc.fields) {
    if (field.fieldKind === "message" && field.message.typeName === "leadmetrics.type.v1.Stamp") {
      Object.assign(shape, outputSchema(field.message).shape);
    } else if (field.oneof) {
      shape[field.localName] = fieldSchema(field, outputSchema).optional();
    } else {
      const plain = fieldSchema(field, outputSchema);
      shape[field.localName] =
        field.fieldKind === "message" || field.fieldKind === "enum" ? plain.nullable() : plain;
    }
  }
  const schema = z.object(shape);
  outputs.set(desc.typeName, schema);
  return schema;
}

const outputs = new Map<string, z.ZodObject>();

function fieldSchema(field: DescField, nested: (desc: DescMessage) => z.ZodType): z.ZodType {
  switch (field.fieldKind) {
    case "scalar":
      return scalarSchema(field.scalar);
    case "enum":
      return z.enum(wordsOf(field.enum));
    case "message":
      return messageSchema(field.message, nested);
    case "list":
      if (field.listKind === "message") return z.array(messageSchema(field.message, nested));
      if (field.listKind === "enum") return z.array(z.enum(wordsOf(field.enum)));
      return z.array(scalarSchema(field.scalar));
    case "map":
      return z.record(z.string(), z.unknown());
  }
}

function messageSchema(desc: DescMessage, nested: (desc: DescMessage) => z.ZodType): z.ZodType {
  if (desc.typeName === "google.protobuf.Timestamp") return z.iso.datetime();
  if (desc.typeName === "leadmetrics.type.v1.Day")
    return z.string().regex(DAY_TEXT, "must be a day like 2026-12-31");
  return nested(desc);
}

function scalarSchema(scalar: number): z.ZodType {
  if (TEXT.includes(scalar)) return z.string();
  if (scalar === TRUTH) return z.boolean();
  if (FRACTION.includes(scalar)) return z.number();
  // What doesn't fit is refused here: it couldn't be sent on.
  if (SHORT.includes(scalar)) return z.int32();
  return UNSIGNED_SHORT.includes(scalar) ? z.uint32() : z.int();
}
