import {
  create,
  type DescField,
  type DescMessage,
  getOption,
  hasOption,
  type Message,
  ScalarType,
} from "@bufbuild/protobuf";
import {
  type FieldRules,
  field as fieldOption,
  type Int32Rules,
  type Int64Rules,
} from "@leadmetrics/proto/gen/buf/validate/validate_pb";
import type { Method } from "./contract.ts";
import type { Fill } from "./fixture.ts";
import { fixtureOf } from "./fixtures.ts";
import { REF_KINDS, type RefKind, type Refs } from "./refs.ts";

type Fields = Record<string, unknown>;

/** Messages whose own meaning the rules don't say. */
const SAMPLES: Readonly<Record<string, Fields | undefined>> = {
  "leadmetrics.type.v1.Day": { year: 2027, month: 1, day: 15 },
};
/** Lists are asked for as much as there is. */
const PAGE = { pageSize: 200 };
const NOT_SENT = new Set(["leadmetrics.type.v1.Stamp", "google.protobuf.Timestamp"]);
const TEXT = "isolation";

/** The smallest request the contract accepts, its references those of `refs`, corrected by the method's fixture. */
export function requestOf(method: Method, refs: Refs, password = "none"): Message {
  const fill: Fill = fixtureOf(method.name)?.fill ?? (() => ({}));
  return create(method.desc.input, { ...smallest(method.desc.input, refs), ...fill(refs, password) });
}

/** A message with what its rules demand and every reference it can name. */
export function smallest(desc: DescMessage, refs: Refs): Fields {
  const init: Fields = {};
  for (const field of desc.fields) {
    if (field.oneof && init[field.oneof.localName] !== undefined) continue;
    const value = fieldOf(desc, field, refs);
    if (value === undefined) continue;
    if (field.oneof) init[field.oneof.localName] = { case: field.localName, value };
    else init[field.localName] = value;
  }
  return init;
}

function fieldOf(parent: DescMessage, field: DescField, refs: Refs): unknown {
  const rules = rulesOf(field);
  switch (field.fieldKind) {
    case "scalar":
      return field.scalar === ScalarType.STRING
        ? textOf(parent, field, rules, refs)
        : numberOf(field.scalar, rules);
    case "enum":
      return field.enum.values.find((value) => value.number !== 0 && demanded(rules))?.number;
    case "message":
      return messageOf(field.message, refs, rules?.required === true || field.oneof !== undefined);
    case "list": {
      const demanded = rules?.type.case === "repeated" && rules.type.value.minItems > 0n;
      if (field.listKind === "message") return demanded ? [messageOf(field.message, refs, true)] : undefined;
      const kind = refKind(field.localName.replace(/s$/, ""));
      return kind ? [refs[kind]] : undefined;
    }
    case "map":
      return undefined;
  }
}

function messageOf(desc: DescMessage, refs: Refs, demanded: boolean): Fields | undefined {
  if (desc.typeName === "leadmetrics.type.v1.PageRequest") return PAGE;
  if (NOT_SENT.has(desc.typeName) || !demanded) return undefined;
  return SAMPLES[desc.typeName] ?? smallest(desc, refs);
}

function textOf(parent: DescMessage, field: DescField, rules: FieldRules | undefined, refs: Refs) {
  const name = field.localName;
  if (name === "ref") return refs[mustKind(lowerFirst(parent.name), parent)];
  if (name.endsWith("Ref")) return refs[mustKind(name.replace(/Ref$/, ""), parent)];
  if (rules?.type.case !== "string") return undefined;
  const text = rules.type.value;
  if (text.wellKnown.case === "email") return "somebody@isolation.example";
  if (text.pattern.includes("[A-Z]{3}")) return "EUR";
  return text.minLen > 0n ? TEXT.padEnd(Number(text.minLen), ".") : undefined;
}

/** What a reference is called where its field has another name than the thing. */
const CALLED: Readonly<Record<string, RefKind>> = { entity: "activity", thread: "comment" };

function refKind(name: string): RefKind | undefined {
  const bare = name.replace(/Ref$/, "");
  return CALLED[bare] ?? REF_KINDS.find((kind) => kind === bare);
}

function mustKind(name: string, parent: DescMessage): RefKind {
  const kind = refKind(name);
  if (kind) return kind;
  throw new Error(
    `${parent.typeName} names a "${name}": say in refs.ts that there is such a thing, and make one in world.ts`,
  );
}

/** Enumerations that may stay unspecified are left out. */
function demanded(rules: FieldRules | undefined): boolean {
  return rules?.type.case === "enum" && rules.type.value.notIn.includes(0);
}

function numberOf(scalar: ScalarType, rules: FieldRules | undefined): number | bigint | undefined {
  if (rules?.type.case !== "int32" && rules?.type.case !== "int64") return undefined;
  const { greaterThan }: Int32Rules | Int64Rules = rules.type.value;
  if (greaterThan.case !== "gte" || Number(greaterThan.value) === 0) return undefined;
  return scalar === ScalarType.INT64 ? BigInt(greaterThan.value) : Number(greaterThan.value);
}

export function rulesOf(field: DescField): FieldRules | undefined {
  return hasOption(field, fieldOption) ? getOption(field, fieldOption) : undefined;
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** The paths of all texts in a request, dots between: `deliverables.0.theme`. */
export function textPaths(desc: DescMessage, fields: Fields): string[] {
  return desc.fields.flatMap((field): string[] => {
    const inOneof = fields[field.oneof?.localName ?? ""] as { case?: string; value?: Fields } | undefined;
    if (field.oneof && inOneof?.case !== field.localName) return [];
    if (field.fieldKind === "scalar") return field.scalar === ScalarType.STRING ? [field.localName] : [];
    const value = field.oneof ? inOneof?.value : fields[field.localName];
    const inner = (message: DescMessage, at: string, of: unknown) =>
      textPaths(message, (of ?? {}) as Fields).map((path) => `${at}.${path}`);
    if (field.fieldKind === "message") return value ? inner(field.message, field.localName, value) : [];
    if (field.fieldKind !== "list" || !Array.isArray(value) || value.length === 0) return [];
    const first = `${field.localName}.0`;
    if (field.listKind === "message") return inner(field.message, first, value[0]);
    return field.listKind === "scalar" && field.scalar === ScalarType.STRING ? [first] : [];
  });
}
