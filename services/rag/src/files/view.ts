import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { toRef } from "@leadmetrics/kit";
import { type FileSchema, FileStatus as Wire } from "@leadmetrics/proto/rag/v1/files";
import type { Selectable } from "kysely";
import type { RagDb } from "../db.ts";
import type { FileStatus } from "./rules.ts";

export type FileRow = Selectable<RagDb["file"]>;

const STATUS: Readonly<Record<FileStatus, Wire>> = {
  uploaded: Wire.UPLOADED,
  parsing: Wire.PARSING,
  chunking: Wire.CHUNKING,
  embedding: Wire.EMBEDDING,
  indexed: Wire.INDEXED,
  refused: Wire.REFUSED,
};

/** A file as it is shown and as events carry it. */
export function fileView(row: FileRow): MessageInitShape<typeof FileSchema> {
  return {
    ref: toRef(row.id),
    name: row.name,
    mediaType: row.media_type,
    sizeBytes: BigInt(row.size_bytes),
    status: STATUS[row.status],
    progressPercent: row.progress_percent,
    problem: row.problem,
    problemReason: row.problem_reason,
    chunkCount: row.chunk_count,
    embedding: row.embedding,
    createdOn: timestampFromDate(row.created_on),
    sourceUrl: row.source_url,
  };
}

/** What keeps a file's events in order. */
export function fileAggregate(row: Pick<FileRow, "id">): string {
  return `file:${toRef(row.id)}`;
}
