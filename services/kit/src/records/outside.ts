import { isId, toRef } from "../ids.ts";

/** A column of an exported table. */
export interface ExportedColumn {
  readonly name: string;
  /** As Postgres calls it: `uuid`, `timestamp with time zone`. */
  readonly type: string;
}

/** Sealed credentials, password and token hashes: of no use outside, and nobody's business there. */
const SECRET = /^sealed_|password|secret|(^|_)token(_hash)?$/;
/** Made from the other columns by the database. */
const DERIVED_TYPES: readonly string[] = ["tsvector"];

/** Whether a column stays inside. */
export function isLeftOut({ name, type }: ExportedColumn): boolean {
  return SECRET.test(name) || DERIVED_TYPES.includes(type);
}

/** A row as JSON gives it, in the words and with the references that are shown outside. */
export function exportedRecord(
  row: Readonly<Record<string, unknown>>,
  columns: readonly ExportedColumn[],
): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const column of columns) {
    if (isLeftOut(column)) continue;
    record[nameOutside(column)] = valueOutside(row[column.name], column.type);
  }
  return record;
}

/** `id` → `ref`, `plan_id` → `planRef`, `created_on` → `createdOn`. */
function nameOutside({ name, type }: ExportedColumn): string {
  const outside = type === "uuid" ? name.replace(/(^|_)id$/, "$1ref") : name;
  return outside.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function valueOutside(value: unknown, type: string): unknown {
  if (typeof value !== "string") return value ?? null;
  if (type === "uuid" && isId(value)) return toRef(value);
  // Postgres writes bytes as \x and hex digits.
  if (type === "bytea") return Buffer.from(value.slice(2), "hex").toString("base64");
  return value;
}
