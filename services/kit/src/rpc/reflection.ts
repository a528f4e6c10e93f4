import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { create, createFileRegistry, type DescFile, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, type ConnectRouter } from "@connectrpc/connect";
import * as v1 from "@leadmetrics/proto/gen/grpc/reflection/v1/reflection_pb";
import * as v1alpha from "@leadmetrics/proto/gen/grpc/reflection/v1alpha/reflection_pb";

type Answer = { messageResponse: v1.ServerReflectionResponse["messageResponse"] };

/** Server reflection, so that a foreign gRPC client can find its way without our files. */
export function reflectionServices(router: ConnectRouter, names: readonly string[]): void {
  const index = loadIndex();
  async function* answers(requests: AsyncIterable<v1.ServerReflectionRequest>) {
    for await (const request of requests) {
      yield { validHost: request.host, originalRequest: request, ...answer(index(), names, request) };
    }
  }
  router.service(v1.ServerReflection, { serverReflectionInfo: answers });
  router.service(v1alpha.ServerReflection, {
    // The two versions differ in their package name alone, so one is read as the other.
    async *serverReflectionInfo(requests) {
      for await (const old of requests) {
        const request = fromBinary(
          v1.ServerReflectionRequestSchema,
          toBinary(v1alpha.ServerReflectionRequestSchema, old),
        );
        const response = create(v1.ServerReflectionResponseSchema, {
          validHost: request.host,
          originalRequest: request,
          ...answer(index(), names, request),
        });
        yield fromBinary(
          v1alpha.ServerReflectionResponseSchema,
          toBinary(v1.ServerReflectionResponseSchema, response),
        );
      }
    },
  });
}

interface Index {
  file(name: string): DescFile | undefined;
  symbol(name: string): DescFile | undefined;
}

/** Read at the first question: few processes are ever asked. */
function loadIndex(): () => Index {
  let index: Index | undefined;
  return () => {
    if (index) return index;
    const path = createRequire(import.meta.url).resolve("@leadmetrics/proto/descriptors.binpb");
    const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(path)));
    const files = new Map([...registry.files].map((file) => [`${file.name}.proto`, file]));
    index = {
      file: (name) => files.get(name),
      symbol(name) {
        const found = registry.get(name) ?? registry.get(name.slice(0, name.lastIndexOf(".")));
        return found?.kind === "extension" || found ? found.file : undefined;
      },
    };
    return index;
  };
}

function answer(index: Index, names: readonly string[], request: v1.ServerReflectionRequest): Answer {
  const { messageRequest } = request;
  switch (messageRequest.case) {
    case "listServices":
      return {
        messageResponse: {
          case: "listServicesResponse",
          value: create(v1.ListServiceResponseSchema, { service: names.map((name) => ({ name })) }),
        },
      };
    case "fileByFilename":
      return found(index.file(messageRequest.value), messageRequest.value);
    case "fileContainingSymbol":
      return found(index.symbol(messageRequest.value), messageRequest.value);
    default:
      return failed(Code.Unimplemented, "this kind of question isn't answered");
  }
}

/** A file with everything it imports, each once. */
function found(file: DescFile | undefined, asked: string): Answer {
  if (!file) return failed(Code.NotFound, `nothing is known of ${asked}`);
  const all = new Map<string, Uint8Array>();
  const visit = (one: DescFile) => {
    if (all.has(one.name)) return;
    all.set(one.name, toBinary(FileDescriptorProtoSchema, one.proto));
    for (const dependency of one.dependencies) visit(dependency);
  };
  visit(file);
  return {
    messageResponse: {
      case: "fileDescriptorResponse",
      value: create(v1.FileDescriptorResponseSchema, { fileDescriptorProto: [...all.values()] }),
    },
  };
}

function failed(code: Code, message: string): Answer {
  return {
    messageResponse: {
      case: "errorResponse",
      value: create(v1.ErrorResponseSchema, { errorCode: code, errorMessage: message }),
    },
  };
}
