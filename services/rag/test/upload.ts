import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import type { File, FilesService, UploadFileRequestSchema } from "@leadmetrics/proto/rag/v1/files";

const PIECE = 64 * 1024;

/** Uploads as the gateway does: a header, then the bytes in pieces. */
export async function upload(
  files: Client<typeof FilesService>,
  name: string,
  bytes: Uint8Array,
): Promise<File> {
  async function* parts(): AsyncGenerator<MessageInitShape<typeof UploadFileRequestSchema>> {
    yield { part: { case: "header", value: { name, mediaType: "" } } };
    for (let start = 0; start < bytes.length; start += PIECE) {
      yield { part: { case: "data", value: new Uint8Array(bytes.subarray(start, start + PIECE)) } };
    }
  }
  const { file } = await files.uploadFile(parts());
  if (!file) throw new Error("the answer has no file");
  return file;
}
