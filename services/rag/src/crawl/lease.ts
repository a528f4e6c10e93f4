import { emit, type Id, type TenantCtx, type TenantTx } from "@leadmetrics/kit";
import { CrawlEndedSchema } from "@leadmetrics/proto/rag/events/v1/events";
import { sql, type UpdateObject } from "kysely";
import type { RagDb } from "../db.ts";
import { byWorker, type Claim, ownRow } from "../lease.ts";
import { LIVE } from "./rules.ts";
import { type CrawlRow, crawlAggregate, crawlView } from "./view.ts";

/** Writes on behalf of the claim. @throws ClaimLost */
export async function writeCrawl(
  tx: TenantTx<RagDb>,
  ctx: TenantCtx,
  claim: Claim,
  values: UpdateObject<RagDb, "crawl_job">,
): Promise<CrawlRow> {
  const row = await tx
    .updateTable("crawl_job")
    .set({ ...values, ...byWorker(ctx) })
    .where("id", "=", claim.id)
    .where("lease_token", "=", claim.token)
    .returningAll()
    .executeTakeFirst();
  return ownRow(row, "crawl", claim);
}

const DONE = { lease_token: null, lease_until: null, next_attempt_on: null, reading_url: "" } as const;

export interface Ending {
  readonly status: "finished" | "failed" | "cancelled";
  readonly problem?: string;
  readonly problem_reason?: string;
}

/** Ends a crawl by its worker, and says so. @throws ClaimLost */
export async function endCrawl(
  tx: TenantTx<RagDb>,
  ctx: TenantCtx,
  claim: Claim,
  ending: Ending,
): Promise<CrawlRow> {
  const row = await writeCrawl(tx, ctx, claim, { ...DONE, ...ending, finished_on: sql`now()` });
  await sayEnded(tx, ctx, row);
  return row;
}

function sayEnded(tx: TenantTx<RagDb>, ctx: TenantCtx, row: CrawlRow) {
  const ended = { crawl: crawlView(row), askedBy: row.created_by };
  return emit(tx, ctx, CrawlEndedSchema, ended, { aggregate: crawlAggregate(row) });
}

/** Ends a live crawl from outside: its worker's next write finds that it is out. Undefined when it had ended. */
export async function endCrawlAnyway(
  tx: TenantTx<RagDb>,
  ctx: TenantCtx,
  crawlId: Id,
  ending: Ending,
): Promise<CrawlRow | undefined> {
  const row = await tx
    .updateTable("crawl_job")
    .set({ ...DONE, ...ending, finished_on: sql`now()`, updated_by: ctx.actor.id, updated_on: sql`now()` })
    .set((eb) => ({ version: eb("version", "+", 1) }))
    .where("id", "=", crawlId)
    .where("status", "in", [...LIVE])
    .returningAll()
    .executeTakeFirst();
  if (row) await sayEnded(tx, ctx, row);
  return row;
}
