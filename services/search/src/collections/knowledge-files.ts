import {
  FileDeletedSchema,
  FileIndexedSchema,
  FileRefusedSchema,
} from "@leadmetrics/proto/rag/events/v1/events";
import { type File, FileStatusSchema } from "@leadmetrics/proto/rag/v1/files";
import { type Change, collection, feed, word } from "./define.ts";

/** Uploaded knowledge by file name; what stands in the files is found by asking rag. The time of the event orders changes. */
export const knowledgeFiles = collection("knowledge_files", {
  boost: 0.9,
  feeds: [
    feed(FileIndexedSchema, ({ file }, { occurredAt }) => changeOf(file, occurredAt)),
    feed(FileRefusedSchema, ({ file }, { occurredAt }) => changeOf(file, occurredAt)),
    feed(FileDeletedSchema, ({ fileRef }) => ({
      kind: "remove",
      ref: fileRef,
      version: Number.MAX_SAFE_INTEGER,
    })),
  ],
});

function changeOf(file: File | undefined, at: Date): Change | undefined {
  return (
    file && {
      kind: "put",
      ref: file.ref,
      version: at.getTime(),
      title: file.name,
      keywords: [file.name.split(".").at(-1) ?? ""],
      status: word(FileStatusSchema, file.status),
    }
  );
}
