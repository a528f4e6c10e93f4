import {
  type Database,
  emit,
  type Id,
  newId,
  type TenantCtx,
  type TenantId,
  type TenantTx,
} from "@leadmetrics/kit";
import {
  FileIndexedSchema,
  FileProgressedSchema,
  FileRefusedSchema,
} from "@leadmetrics/proto/rag/events/v1/events";
import { sql, type UpdateObject } from "kysely";
import type { RagDb } from "../db.ts";
import { type FileStatus, progressOf } from "./rules.ts";
import { type FileRow, fileAggregate, fileView } from "./view.ts";

/** One worker's right to process one file, until the lease ends without being renewed. */
export interface Claim {
  readonly fileId: Id;
  readonly tenantId: TenantId;
  readonly token: Id;
  /** This one included. */
  readonly attempts: number;
}

/** Takes the file that is due, from the tenant that has the fewest in work; undefined when none is. */
export async function claimFile(db: Database<RagDb>, leaseMs: number): Promise<Claim | undefined> {
  const token = newId();
  return db.withSystem("ingest: claim", async (tx) => {
    const { rows } = await sql<{ id: Id; tenant_id: TenantId; attempts: number }>`
      update file set lease_token = ${token}, attempts = attempts + 1, lease_until = now() + ${leaseMs} * interval '1 millisecond'
      where id = (
        select id from file f where next_attempt_on <= now() and (lease_until is null or lease_until < now())
        order by (select count(*) from file busy where busy.tenant_id = f.tenant_id and busy.lease_until > now()), next_attempt_on
        limit 1 for update skip locked)
      returning id, tenant_id, attempts`.execute(tx);
    const row = rows[0];
    return row && { fileId: row.id, tenantId: row.tenant_id, token, attempts: row.attempts };
  });
}

/** False when the claim is lost: the file was deleted, or another worker took over. */
export async function renewClaim(
  db: Database<RagDb>,
  { fileId, token }: Claim,
  leaseMs: number,
): Promise<boolean> {
  return db.withSystem("ingest: renew", async (tx) => {
    const result = await tx
      .updateTable("file")
      .set({ lease_until: sql`now() + ${leaseMs} * interval '1 millisecond'` })
      .where("id", "=", fileId)
      .where("lease_token", "=", token)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  });
}

/** Thrown by a worker's write after it has lost its claim: it must stop, somebody else is responsible now. */
export class ClaimLost extends Error {
  override readonly name = "ClaimLost";
}

/** Moves the file on and says so. @param done share of the stage, 0 to 1 */
export async function advance(
  tx: TenantTx<RagDb>,
  ctx: TenantCtx,
  claim: Claim,
  status: FileStatus,
  done = 0,
  more: UpdateObject<RagDb, "file"> = {},
): Promise<FileRow> {
  const before = await tx
    .selectFrom("file")
    .select(["status", "progress_percent"])
    .where("id", "=", claim.fileId)
    .executeTakeFirst();
  const progress = progressOf(status, done);
  const row = await write(tx, ctx, claim, { ...more, status, progress_percent: progress });
  if (before?.status !== status || before.progress_percent !== progress) {
    await emit(tx, ctx, FileProgressedSchema, { file: fileView(row) }, { aggregate: fileAggregate(row) });
  }
  return row;
}

const DONE = { lease_token: null, lease_until: null, next_attempt_on: null, attempts: 0 } as const;

/** The file can be found. */
export async function finishIndexed(
  tx: TenantTx<RagDb>,
  ctx: TenantCtx,
  claim: Claim,
  embedding: string,
): Promise<FileRow> {
  const row = await write(tx, ctx, claim, {
    ...DONE,
    status: "indexed",
    progress_percent: 100,
    embedding,
    problem: "",
    problem_reason: "",
  });
  await emit(tx, ctx, FileIndexedSchema, { file: fileView(row) }, { aggregate: fileAggregate(row) });
  return row;
}

/** The file can't become knowledge; it stays, with the reason, until somebody deletes it. */
export async function finishRefused(
  tx: TenantTx<RagDb>,
  ctx: TenantCtx,
  claim: Claim,
  problem: { readonly reason: string; readonly message: string },
): Promise<FileRow> {
  const row = await write(tx, ctx, claim, {
    ...DONE,
    status: "refused",
    progress_percent: 0,
    chunk_count: 0,
    problem: problem.message,
    problem_reason: problem.reason,
  });
  await tx.deleteFrom("chunk").where("file_id", "=", claim.fileId).execute();
  await emit(tx, ctx, FileRefusedSchema, { file: fileView(row) }, { aggregate: fileAggregate(row) });
  return row;
}

/** Gives the claim back; the file is due again after the pause. */
export async function postpone(
  tx: TenantTx<RagDb>,
  ctx: TenantCtx,
  claim: Claim,
  again: { readonly pauseMs: number; readonly counts: boolean },
): Promise<void> {
  await write(tx, ctx, claim, {
    lease_token: null,
    lease_until: null,
    next_attempt_on: sql`now() + ${again.pauseMs} * interval '1 millisecond'`,
    attempts: claim.attempts - (again.counts ? 0 : 1),
  });
}

async function write(
  tx: TenantTx<RagDb>,
  ctx: TenantCtx,
  claim: Claim,
  values: UpdateObject<RagDb, "file">,
): Promise<FileRow> {
  const row = await tx
    .updateTable("file")
    .set({ ...values, updated_by: ctx.actor.id, updated_on: sql`now()`, version: sql`version + 1` })
    .where("id", "=", claim.fileId)
    .where("lease_token", "=", claim.token)
    .returningAll()
    .executeTakeFirst();
  if (!row) throw new ClaimLost(`file ${claim.fileId} is no longer this worker's`);
  return row;
}
