import { emit, type TenantCtx, type TenantTx } from "@leadmetrics/kit";
import {
  FileIndexedSchema,
  FileProgressedSchema,
  FileRefusedSchema,
} from "@leadmetrics/proto/rag/events/v1/events";
import { sql, type UpdateObject } from "kysely";
import type { RagDb } from "../db.ts";
import { byWorker, type Claim, ownRow } from "../lease.ts";
import { type FileStatus, progressOf } from "./rules.ts";
import { type FileRow, fileAggregate, fileView } from "./view.ts";

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
    .where("id", "=", claim.id)
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
  await tx.deleteFrom("chunk").where("file_id", "=", claim.id).execute();
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
    .set({ ...values, ...byWorker(ctx) })
    .where("id", "=", claim.id)
    .where("lease_token", "=", claim.token)
    .returningAll()
    .executeTakeFirst();
  return ownRow(row, "file", claim);
}
