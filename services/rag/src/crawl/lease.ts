import {
  type Database,
  emit,
  type Id,
  newId,
  type TenantCtx,
  type TenantId,
  type TenantTx,
} from "@leadmetrics/kit";
import { CrawlEndedSchema } from "@leadmetrics/proto/rag/events/v1/events";
import { sql, type UpdateObject } from "kysely";
import type { RagDb } from "../db.ts";
import { ClaimLost } from "../files/lease.ts";
import { LIVE } from "./rules.ts";
import { type CrawlRow, crawlAggregate, crawlView } from "./view.ts";

/** One worker's right to read one site, until the lease ends without being renewed. */
export interface CrawlClaim {
  readonly crawlId: Id;
  readonly tenantId: TenantId;
  readonly token: Id;
  /** Takeovers since something was stored, this one included. */
  readonly attempts: number;
}

/** Takes the crawl that waits longest; undefined when none does. */
export async function claimCrawl(db: Database<RagDb>, leaseMs: number): Promise<CrawlClaim | undefined> {
  const token = newId();
  return db.withSystem("crawl: claim", async (tx) => {
    const { rows } = await sql<{ id: Id; tenant_id: TenantId; attempts: number }>`
      update crawl_job set lease_token = ${token}, attempts = attempts + 1, lease_until = now() + ${leaseMs} * interval '1 millisecond'
      where id = (
        select id from crawl_job where next_attempt_on <= now() and (lease_until is null or lease_until < now())
        order by next_attempt_on limit 1 for update skip locked)
      returning id, tenant_id, attempts`.execute(tx);
    const row = rows[0];
    return row && { crawlId: row.id, tenantId: row.tenant_id, token, attempts: row.attempts };
  });
}

/** False when the claim is lost: the crawl was cancelled, or another worker took over. */
export async function renewCrawl(
  db: Database<RagDb>,
  { crawlId, token }: CrawlClaim,
  leaseMs: number,
): Promise<boolean> {
  return db.withSystem("crawl: renew", async (tx) => {
    const result = await tx
      .updateTable("crawl_job")
      .set({ lease_until: sql`now() + ${leaseMs} * interval '1 millisecond'` })
      .where("id", "=", crawlId)
      .where("lease_token", "=", token)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  });
}

/** Writes on behalf of the claim. @throws ClaimLost */
export async function writeCrawl(
  tx: TenantTx<RagDb>,
  ctx: TenantCtx,
  claim: CrawlClaim,
  values: UpdateObject<RagDb, "crawl_job">,
): Promise<CrawlRow> {
  const row = await tx
    .updateTable("crawl_job")
    .set({ ...values, updated_by: ctx.actor.id, updated_on: sql`now()`, version: sql`version + 1` })
    .where("id", "=", claim.crawlId)
    .where("lease_token", "=", claim.token)
    .returningAll()
    .executeTakeFirst();
  if (!row) throw new ClaimLost(`crawl ${claim.crawlId} is no longer this worker's`);
  return row;
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
  claim: CrawlClaim,
  ending: Ending,
): Promise<CrawlRow> {
  const row = await writeCrawl(tx, ctx, claim, { ...DONE, ...ending, finished_on: sql`now()` });
  await emit(tx, ctx, CrawlEndedSchema, { crawl: crawlView(row) }, { aggregate: crawlAggregate(row) });
  return row;
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
  if (row)
    await emit(tx, ctx, CrawlEndedSchema, { crawl: crawlView(row) }, { aggregate: crawlAggregate(row) });
  return row;
}
