import { emit, errors, type Id, newId, type TenantCtx, type TenantTx } from "@leadmetrics/kit";
import {
  CreditsExhaustedSchema,
  CreditsGrantedSchema,
  CreditsLowSchema,
} from "@leadmetrics/proto/billing/events/v1/events";
import { sql } from "kysely";
import type { AccountRow, BillingDb } from "../db.ts";
import { creditsBooked } from "./metrics.ts";
import {
  type Account,
  type Decision,
  type EntryKind,
  grant,
  isLow,
  monthOf,
  type Postings,
  type RunEntries,
  type Terms,
} from "./rules.ts";

type Tx = TenantTx<BillingDb>;
export type Standing = AccountRow & Terms & { readonly weight: number };

/** The tenant's account with its plan's terms, locked: everything that changes credits queues here. */
export async function lockAccount(tx: Tx): Promise<Standing> {
  const row = await tx
    .selectFrom("credit_account")
    .innerJoin("subscription", "subscription.tenant_id", "credit_account.tenant_id")
    .innerJoin("plan", "plan.code", "subscription.plan_code")
    .selectAll("credit_account")
    .select(["plan.monthly_credits as monthlyCredits", "plan.monthly_cap as monthlyCap", "plan.weight"])
    .forUpdate("credit_account")
    .executeTakeFirst();
  if (!row) throw errors.unavailable("The tenant's account is being set up. Try again in a moment.");
  return row;
}

/** The month's spending ends with the month, whether or not anything was booked since. */
export function balancesOf(account: AccountRow, now: Date) {
  const month = monthOf(now, account.time_zone);
  return {
    available: account.available,
    reserved: account.reserved,
    spentInMonth: account.month === month ? account.spent_in_month : 0,
    month,
  };
}

/** What a run's entries say; read after {@link lockAccount}, so nobody adds to them meanwhile. */
export async function entriesOf(tx: Tx, runId: Id): Promise<RunEntries> {
  const rows = await tx
    .selectFrom("credit_entry")
    .select(["kind", "amount"])
    .where("run_id", "=", runId)
    .where("account", "=", "reserved")
    .execute();
  return {
    reserved: rows.find((row) => row.kind === "reserve")?.amount,
    closed: rows.some((row) => row.kind !== "reserve"),
  };
}

interface Entry {
  readonly kind: EntryKind;
  readonly runId?: Id;
  readonly grantKey?: string;
  readonly note?: string;
}

/**
 * Writes a transaction into the ledger and its sums into the account, in one statement.
 *
 * @param month the tenant's, as {@link balancesOf} has it: Postgres reads some time zones differently
 */
async function book(
  tx: Tx,
  ctx: TenantCtx,
  month: string,
  postings: Postings,
  entry: Entry,
): Promise<AccountRow> {
  const transaction = newId();
  const rows = (Object.entries(postings) as [Account, number][]).map(([account, amount]) => ({
    id: newId(),
    account,
    amount,
  }));
  const { available = 0, reserved = 0, spent = 0 } = postings;
  const { rows: accounts } = await sql<AccountRow>`
    with entry as (
      insert into credit_entry
        (id, tenant_id, transaction_id, kind, account, amount, run_id, grant_key, note, created_by)
      select line.id, ${ctx.tenantId}, ${transaction}, ${entry.kind}, line.account, line.amount,
        ${entry.runId ?? null}, ${entry.grantKey ?? null}, ${entry.note ?? ""}, ${`${ctx.actor.kind}:${ctx.actor.id}`}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as line (id uuid, account text, amount bigint)
    )
    update credit_account set
      available = available + ${available}, reserved = reserved + ${reserved}, spent = spent + ${spent},
      spent_in_month = case when month = ${month} then spent_in_month else 0 end + ${spent},
      month = ${month},
      exhausted_told = exhausted_told and month = ${month} and ${entry.kind !== "grant"},
      updated_on = now()
    returning *`.execute(tx);
  creditsBooked(tx, entry.kind, postings);
  const [account] = accounts;
  if (!account) throw new Error("the account was locked but is gone");
  return account;
}

/** Does what a rule decided about a run, tells people when credits run low, and gives the account as it is then. */
export async function carryOut(
  tx: Tx,
  ctx: TenantCtx,
  standing: Standing,
  decision: Exclude<Decision, { kind: "refuse" }>,
  entry: Entry,
  now: Date,
): Promise<AccountRow> {
  if (decision.kind === "nothing") return standing;
  const { month } = balancesOf(standing, now);
  const account = await book(tx, ctx, month, decision.postings, entry);
  const balances = balancesOf(account, now);
  if (account.low_told_month !== balances.month && isLow(balances, standing)) {
    await tx.updateTable("credit_account").set({ low_told_month: balances.month }).execute();
    await emit(tx, ctx, CreditsLowSchema, { available: BigInt(account.available) }, aggregateOf(ctx));
  }
  return account;
}

/** Says once that credits have run out; again only after new ones, another plan or another month came. */
export async function tellExhausted(tx: Tx, ctx: TenantCtx, account: AccountRow): Promise<void> {
  if (account.exhausted_told) return;
  await tx.updateTable("credit_account").set({ exhausted_told: true }).execute();
  await emit(tx, ctx, CreditsExhaustedSchema, { available: BigInt(account.available) }, aggregateOf(ctx));
}

/** Gives credits, once for each key; a key that was used changes nothing. */
export async function grantCredits(
  tx: Tx,
  ctx: TenantCtx,
  given: { credits: number; key: string; note: string },
  now: Date,
): Promise<AccountRow> {
  const standing = await lockAccount(tx);
  const known = await tx
    .selectFrom("credit_entry")
    .select("id")
    .where("grant_key", "=", given.key)
    .executeTakeFirst();
  if (known || given.credits === 0) return standing;
  const { month } = balancesOf(standing, now);
  const entry: Entry = { kind: "grant", grantKey: given.key, note: given.note };
  const account = await book(tx, ctx, month, grant(given.credits), entry);
  await emit(
    tx,
    ctx,
    CreditsGrantedSchema,
    { credits: BigInt(given.credits), available: BigInt(account.available) },
    aggregateOf(ctx),
  );
  return account;
}

export const aggregateOf = (ctx: TenantCtx) => ({ aggregate: `credits:${ctx.tenantId}` });
