import type { MessageInitShape } from "@bufbuild/protobuf";
import type { MultipartFile } from "@fastify/multipart";
import { AppError, asCaller, fromConnectError, type RpcClients } from "@leadmetrics/kit";
import { FileSchema, FilesService, type UploadFileRequestSchema } from "@leadmetrics/proto/rag/v1/files";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { errorSchema } from "../edge/errors.ts";
import { outputSchema } from "../wire/schema.ts";
import { toWire } from "../wire/to-wire.ts";
import type { CtxOf } from "./route.ts";

/** Bytes of one message of an upload; the contract's limit. */
const PART_BYTES = 262_144;

const itemSchema = z.object({
  name: z.string(),
  file: outputSchema(FileSchema).optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});

/** Uploads: each file is streamed on by itself, and one that is refused doesn't keep the others out. */
export function installFileRoutes(app: FastifyInstance, rpc: RpcClients, ctxOf: CtxOf): void {
  const files = rpc.client(FilesService, "rag");
  app.post(
    "/files",
    {
      schema: {
        summary: "Upload knowledge: multipart/form-data, up to 32 files of 10 MB in the field `files`",
        consumes: ["multipart/form-data"],
        response: { 207: z.object({ items: z.array(itemSchema) }), "4xx": errorSchema },
      },
    },
    async (request, reply) => {
      if (!request.isMultipart()) {
        throw new AppError(
          "invalid",
          "not_multipart",
          'Send the files as "multipart/form-data" in the field "files".',
        );
      }
      const items: z.output<typeof itemSchema>[] = [];
      for await (const part of partsOf(request)) {
        const name = part.filename || "unnamed";
        try {
          const answer = await files.uploadFile(messages(part), {
            ...asCaller(ctxOf(request)),
            timeoutMs: 60_000,
          });
          items.push({
            name,
            file: answer.file
              ? (toWire(FileSchema, answer.file) as z.output<typeof itemSchema>["file"])
              : undefined,
          });
        } catch (error) {
          const refused = part.file.truncated ? tooLarge() : fromConnectError(error);
          items.push({ name, error: { code: refused.reason, message: refused.message } });
        } finally {
          // What was not read must be, or the next file never comes.
          part.file.resume();
        }
      }
      if (items.length === 0)
        throw new AppError("invalid", "no_files", 'There is no file in the field "files".');
      return reply.status(207).send({ items });
    },
  );
}

/** The files of a form. What its parser says of a form that is cut or without a boundary is the sender's to mend. */
async function* partsOf(request: FastifyRequest): AsyncGenerator<MultipartFile> {
  try {
    yield* request.files();
  } catch (error) {
    if (error instanceof Error && "statusCode" in error) throw error;
    throw new AppError(
      "invalid",
      "broken_form",
      "The form can't be read: it ends too early, or its boundary is missing. Send it as a browser does.",
    );
  }
}

async function* messages(
  part: MultipartFile,
): AsyncGenerator<MessageInitShape<typeof UploadFileRequestSchema>> {
  yield { part: { case: "header", value: { name: part.filename, mediaType: part.mimetype } } };
  for await (const chunk of part.file) {
    const bytes = Uint8Array.from(chunk as Buffer);
    for (let at = 0; at < bytes.length; at += PART_BYTES) {
      yield { part: { case: "data", value: bytes.subarray(at, at + PART_BYTES) } };
    }
  }
  if (part.file.truncated) throw tooLarge();
}

function tooLarge(): AppError {
  return new AppError(
    "invalid",
    "file_too_large",
    "The file is larger than 10 MB. Split it, or leave out its pictures.",
  );
}
