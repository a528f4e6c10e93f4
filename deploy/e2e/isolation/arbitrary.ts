import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { FieldRules } from "@leadmetrics/proto/gen/buf/validate/validate_pb";
import fc from "fast-check";
import { hostileNumber, hostileText, hostileValue } from "./hostile.ts";
import { rulesOf } from "./requests.ts";

type Json = Record<string, unknown>;

/** How many levels of messages are filled. */
const DEPTH = 3;
/** Items of a list at most; the contracts' own limits are larger. */
const ITEMS = 4;

/** Mostly what is right, now and then what isn't quite. */
function nearly<T>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 5, arbitrary: right }, { weight: 1, arbitrary: wrong });
}

/** A message within another one; a moment is a text in JSON. */
function partJson(desc: DescMessage, refs: readonly string[], depth: number): fc.Arbitrary<unknown> {
  return desc.typeName === "google.protobuf.Timestamp"
    ? fc.constantFrom("2026-12-01T00:00:00Z", "0001-01-01T00:00:00Z", "nonsense")
    : messageJson(desc, refs, depth);
}

/** Messages of a contract in JSON: its rules kept, touched at their edges, and slightly broken. */
export function messageJson(desc: DescMessage, refs: readonly string[], depth = DEPTH): fc.Arbitrary<Json> {
  const fields = depth === 0 ? [] : desc.fields;
  const required = fields.filter((field) => rulesOf(field)?.required).map((field) => field.localName);
  const plain = fields.filter((field) => !field.oneof);
  const chosen = desc.oneofs.map((oneof) =>
    fc.oneof(
      ...oneof.fields.map((field) =>
        fieldJson(field, refs, depth).map((value): Json => ({ [field.localName]: value })),
      ),
    ),
  );
  const shape = Object.fromEntries(plain.map((field) => [field.localName, fieldJson(field, refs, depth)]));
  return fc
    .tuple(fc.record(shape, { requiredKeys: required }), ...chosen)
    .map((parts) => Object.assign({}, ...parts) as Json);
}

function fieldJson(field: DescField, refs: readonly string[], depth: number): fc.Arbitrary<unknown> {
  const rules = rulesOf(field);
  switch (field.fieldKind) {
    case "scalar":
      return scalarJson(field.scalar, rules, field.localName, refs);
    case "enum":
      return nearly(
        fc.constantFrom(...field.enum.values.map(({ name }) => name)),
        fc.constantFrom<unknown>(-1, 99, 0, "NO"),
      );
    case "message":
      return partJson(field.message, refs, depth - 1);
    case "list": {
      const item =
        field.listKind === "message"
          ? partJson(field.message, refs, depth - 1)
          : field.listKind === "enum"
            ? fc.constantFrom<unknown>(...field.enum.values.map(({ name }) => name), 99)
            : scalarJson(field.scalar, undefined, field.localName, refs);
      const most = rules?.type.case === "repeated" ? Number(rules.type.value.maxItems) : 0;
      const tooMany = fc.constant(Array.from({ length: most + 1 }, () => "x"));
      return nearly(fc.array(item, { maxLength: ITEMS }), most > 0 ? tooMany : fc.constant(null));
    }
    case "map":
      return fc.dictionary(hostileText, hostileText, { maxKeys: ITEMS });
  }
}

function scalarJson(
  scalar: ScalarType,
  rules: FieldRules | undefined,
  name: string,
  refs: readonly string[],
): fc.Arbitrary<unknown> {
  switch (scalar) {
    case ScalarType.BOOL:
      return nearly(fc.boolean(), hostileValue);
    case ScalarType.BYTES:
      return nearly(
        fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString("base64")),
        hostileText,
      );
    case ScalarType.STRING:
      return nearly(rightText(rules, name, refs), hostileText);
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return nearly(fc.double({ noNaN: true }), fc.constantFrom("NaN", "Infinity", "-Infinity"));
    default:
      return nearly(rightNumber(rules), fc.oneof(hostileNumber, hostileText));
  }
}

function rightText(
  rules: FieldRules | undefined,
  name: string,
  refs: readonly string[],
): fc.Arbitrary<string> {
  if (/refs?$/i.test(name)) return fc.constantFrom(...refs);
  if (rules?.type.case !== "string") return fc.string({ unit: "grapheme", maxLength: 30 });
  const { wellKnown, pattern, minLen, maxLen } = rules.type.value;
  if (wellKnown.case === "email") return fc.constantFrom("fuzz@isolation.example", "ä@isolation.example");
  if (pattern.includes("[A-Z]{3}")) return fc.constantFrom("EUR", "XXX");
  const [least, most] = [Number(minLen), Number(maxLen) || 200];
  return fc.oneof(
    fc.string({ unit: "grapheme", minLength: least, maxLength: Math.max(least, Math.min(most, 60)) }),
    fc.constantFrom("x".repeat(least), "x".repeat(most), "ü".repeat(most), "x".repeat(most + 1)),
  );
}

function rightNumber(rules: FieldRules | undefined): fc.Arbitrary<number> {
  if (rules?.type.case !== "int32" && rules?.type.case !== "int64") return fc.integer({ min: 0, max: 1_000 });
  const { greaterThan, lessThan } = rules.type.value;
  const least = Number(greaterThan.value ?? 0);
  const most = Number(lessThan.value ?? 2 ** 31 - 1);
  return fc.oneof(
    fc.constantFrom(least, most, least - 1, Math.min(most + 1, 2 ** 31 - 1)),
    fc.integer({ min: least, max: most }),
  );
}

/** Values of a JSON schema, and now and then others. */
export function schemaJson(shape: Json, refs: readonly string[]): fc.Arbitrary<unknown> {
  return nearly(rightJson(shape, refs), hostileValue);
}

function rightJson(shape: Json, refs: readonly string[]): fc.Arbitrary<unknown> {
  const anyOf = (shape.anyOf ?? shape.oneOf) as Json[] | undefined;
  if (anyOf) return fc.oneof(...anyOf.map((each) => rightJson(each, refs)));
  if (Array.isArray(shape.enum)) return fc.constantFrom(...(shape.enum as unknown[]));
  if ("const" in shape) return fc.constant(shape.const);
  switch (shape.type) {
    case "object": {
      const properties = (shape.properties ?? {}) as Record<string, Json>;
      const fields = Object.entries(properties).map(([name, each]): [string, fc.Arbitrary<unknown>] => [
        name,
        /refs?$/i.test(name) ? fc.constantFrom(...refs) : schemaJson(each, refs),
      ]);
      return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
    }
    case "array":
      return fc.array(rightJson((shape.items ?? {}) as Json, refs), { maxLength: ITEMS });
    case "integer":
      return fc.integer({ min: 0, max: 50 });
    case "number":
      return fc.double({ noNaN: true, min: -1e6, max: 1e6 });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "string":
      return shape.pattern || shape.format
        ? fc.constantFrom("2027-01-15", "2027-01-15T10:00:00Z", "2027-02-30")
        : fc.string({ unit: "grapheme", minLength: 3, maxLength: 40 });
    default:
      return hostileValue;
  }
}
