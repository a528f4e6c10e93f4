/**
 * The text of `buf/validate/validate.proto`, rebuilt from the descriptor inside @bufbuild/protovalidate, which
 * ships no text. Options on the rules themselves (their CEL) are left out: the runtime has its own copy.
 */
import type { DescriptorProto, EnumDescriptorProto, FieldDescriptorProto } from "@bufbuild/protobuf/wkt";
import { file_buf_validate_validate as file } from "../node_modules/@bufbuild/protovalidate/dist/esm/gen/buf/validate/validate_pb.js";

const scalarNames: Record<number, string> = {
  1: "double",
  2: "float",
  3: "int64",
  4: "uint64",
  5: "int32",
  6: "fixed64",
  7: "fixed32",
  8: "bool",
  9: "string",
  12: "bytes",
  13: "uint32",
  15: "sfixed32",
  16: "sfixed64",
  17: "sint32",
  18: "sint64",
};
const labels: Record<number, string> = { 1: "optional ", 2: "required ", 3: "repeated " };
const MAX_EXTENSION = 536_870_912;

const inOneof = (field: FieldDescriptorProto): boolean => Object.hasOwn(field, "oneofIndex");

function fieldLine(field: FieldDescriptorProto, label: string): string {
  return `${label}${scalarNames[field.type] ?? field.typeName} ${field.name} = ${field.number};`;
}

function enumLines(desc: EnumDescriptorProto): string[] {
  return [`enum ${desc.name} {`, ...desc.value.map((v) => `  ${v.name} = ${v.number};`), "}"];
}

function messageLines(desc: DescriptorProto): string[] {
  const body = [
    ...desc.enumType.flatMap(enumLines),
    ...desc.nestedType.flatMap(messageLines),
    ...desc.field.filter((f) => !inOneof(f)).map((f) => fieldLine(f, labels[f.label] ?? "")),
    ...desc.oneofDecl.flatMap((oneof, index) => [
      `oneof ${oneof.name} {`,
      ...desc.field.filter((f) => inOneof(f) && f.oneofIndex === index).map((f) => `  ${fieldLine(f, "")}`),
      "}",
    ]),
    ...desc.extensionRange.map(
      (r) => `extensions ${r.start} to ${r.end === MAX_EXTENSION ? "max" : r.end - 1};`,
    ),
    ...desc.reservedRange.map((r) => `reserved ${r.start}${r.end - 1 > r.start ? ` to ${r.end - 1}` : ""};`),
    ...(desc.reservedName.length > 0
      ? [`reserved ${desc.reservedName.map((n) => JSON.stringify(n)).join(", ")};`]
      : []),
  ];
  return [`message ${desc.name} {`, ...body.map((line) => `  ${line}`), "}"];
}

/** The file's source, compilable by any protobuf compiler. */
export function validateProtoSource(): string {
  const { proto } = file;
  return [
    `syntax = "${proto.syntax || "proto2"}";`,
    `package ${proto.package};`,
    ...proto.dependency.map((path) => `import "${path}";`),
    ...proto.enumType.flatMap(enumLines),
    ...proto.messageType.flatMap(messageLines),
    ...proto.extension.flatMap((x) => [
      `extend ${x.extendee} {`,
      `  ${fieldLine(x, labels[x.label] ?? "")}`,
      "}",
    ]),
    "",
  ].join("\n");
}
