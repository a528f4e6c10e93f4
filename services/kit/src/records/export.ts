import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ExportTenantRecordsResponseSchema } from "@leadmetrics/proto/tenancy/v1/records";
import { z } from "zod";
import type { TenantCtx } from "../context.ts";
import { errors } from "../errors.ts";
import { exportedRecord, isLeftOut } from "./outside.ts";
import type { TenantFile, TenantRecordsOptions } from "./service.ts";
import { exportedTables, readRows } from "./stores.ts";
import { CALL_BUDGET_MS, EXPORT_BYTES, EXPORT_PIECE_BYTES } from "./tunables.ts";

/** Records, a piece of a file, or the end. */
export type ExportPart = MessageInitShape<typeof ExportTenantRecordsResponseSchema>;

/** Where an export goes on: after a row of a table, or after a file. Tables come first, in the order of their names. */
const positionSchema = z.union([
  z.strictObject({ table: z.string(), key: z.array(z.string()).optional() }),
  z.strictObject({ file: z.string() }),
]);
type Position = z.output<typeof positionSchema>;

/** The tenant's rows and files from a position on, until the call's time or bytes are spent. */
export async function* exportRecords<DB>(
  { db, derived = [], files }: Pick<TenantRecordsOptions<DB>, "db" | "derived" | "files">,
  ctx: TenantCtx,
  after: string,
): AsyncGenerator<ExportPart> {
  let at = positionOf(after);
  const until = performance.now() + CALL_BUDGET_MS;
  let bytes = 0;
  const spent = () => bytes > EXPORT_BYTES || performance.now() > until || ctx.signal.aborted;
  const all = await exportedTables(db);
  const tables = all.filter(({ name }) => !derived.includes(name));
  for (const table of tables) {
    if ("file" in at || table.name < at.table) continue;
    for (let key = table.name === at.table ? at.key : undefined; ; ) {
      const rows = await readRows(db, ctx, table, key);
      const last = rows.at(-1);
      if (!last) break;
      const lines = rows.map(({ row }) => `${JSON.stringify(exportedRecord(row, table.columns))}\n`).join("");
      const data = Buffer.from(lines);
      bytes += data.length;
      key = last.key;
      at = { table: table.name, key };
      yield {
        part: {
          case: "records",
          value: { kind: table.name, lines: Uint8Array.from(data), count: BigInt(rows.length) },
        },
        position: JSON.stringify(at),
      };
      if (spent()) return;
    }
  }
  for await (const file of files?.(ctx, "file" in at ? at.file : "") ?? []) {
    yield* piecesOf(file);
    bytes += file.bytes.length;
    if (spent()) return;
  }
  const secrets = tables.flatMap(({ name, columns }) =>
    columns.filter(isLeftOut).map((column) => `${name}.${column.name}`),
  );
  const made = all.filter(({ name }) => derived.includes(name)).map(({ name }) => name);
  yield { part: { case: "end", value: { leftOut: [...made, ...secrets] } }, position: "" };
}

function* piecesOf({ path, bytes, position }: TenantFile): Generator<ExportPart> {
  for (let from = 0; from === 0 || from < bytes.length; from += EXPORT_PIECE_BYTES) {
    const data = Uint8Array.from(bytes.subarray(from, from + EXPORT_PIECE_BYTES));
    const last = from + data.length >= bytes.length;
    yield {
      part: { case: "file", value: { path, data, last } },
      position: JSON.stringify({ file: position } satisfies Position),
    };
  }
}

function positionOf(text: string): Position {
  if (text === "") return { table: "" };
  try {
    return positionSchema.parse(JSON.parse(text));
  } catch (error) {
    throw errors.invalid("after: is no position of an export.", [
      { field: "after", description: `use a position that was answered (${String(error).slice(0, 80)})` },
    ]);
  }
}
