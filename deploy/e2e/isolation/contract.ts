import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createFileRegistry, type DescMethod, fromBinary, getOption, hasOption } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { type Access, access } from "@leadmetrics/proto/options/v1/access";

/** One method of one contract, with what the contract says about who may call it. */
export interface Method {
  /** `PlansService.GetPlan`. */
  readonly name: string;
  readonly desc: DescMethod;
  readonly rule: Access;
  /** The process that serves it. */
  readonly process: string;
}

const OURS = /^leadmetrics\.(\w+)\.v\d+$/;

/** Everything the platform's contracts hold, read from the compiled descriptors: a new method is in here by itself. */
export const registry = createFileRegistry(
  fromBinary(
    FileDescriptorSetSchema,
    readFileSync(fileURLToPath(import.meta.resolve("@leadmetrics/proto/descriptors.binpb"))),
  ),
);

export const methods: readonly Method[] = [...registry].flatMap((desc) => {
  const process = desc.kind === "service" ? OURS.exec(desc.file.proto.package)?.[1] : undefined;
  if (desc.kind !== "service" || !process) return [];
  return desc.methods.map((method) => {
    if (!hasOption(method, access)) throw new Error(`${desc.typeName}.${method.name} says nothing of access`);
    return {
      name: `${desc.name}.${method.name}`,
      desc: method,
      rule: getOption(method, access),
      process,
    };
  });
});

/** @throws Error when the contracts hold no such method any more */
export function methodNamed(name: string): Method {
  const method = methods.find((each) => each.name === name);
  if (!method) throw new Error(`no contract has ${name}`);
  return method;
}

/** The method behind an OpenAPI operation, whose id is the method's name. */
export function methodOf(operationId: string | undefined): Method | undefined {
  return methods.find((method) => method.desc.localName === operationId);
}
