import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  type Database,
  errors,
  fromRef,
  type Id,
  keyset,
  newId,
  pageOf,
  pageResult,
  type ServedService,
  service,
  type TenantCtx,
  tenantCtx,
  toRef,
} from "@leadmetrics/kit";
import { CreditEntryKind, CreditsService } from "@leadmetrics/proto/billing/v1/credits";
import type { AccountRow, BillingDb, EntryRow } from "../db.ts";
import { type Decision, type EntryKind, type RunEntries, release, reserve, settle } from "./rules.ts";
import {
  balancesOf,
  carryOut,
  entriesOf,
  grantCredits,
  lockAccount,
  type Standing,
  tellExhausted,
} from "./store.ts";

const KINDS: Record<EntryKind, CreditEntryKind> = {
  grant: CreditEntryKind.GRANT,
  reserve: CreditEntryKind.RESERVE,
  settle: CreditEntryKind.SETTLE,
  release: CreditEntryKind.RELEASE,
};

const REFUSALS = {
  credits_exhausted:
    "There are not enough credits for this run. It goes on by itself when credits are added.",
  cap_reached:
    "This month's credit cap is reached. The run goes on by itself next month, or when the plan changes.",
} as const;

/** The credit ledger. */
export function creditsService(db: Database<BillingDb>): ServedService {
  /** Lock, look, decide, write: the way of everything that changes a run's credits. */
  const change = async (
    ctx: TenantCtx,
    runRef: string,
    kind: Exclude<EntryKind, "grant">,
    decide: (standing: Standing, run: RunEntries, now: Date) => Decision,
  ) => {
    const runId = fromRef(runRef, "run");
    const now = new Date();
    const { account, cap, refused } = await db.withTenant(ctx, async (tx) => {
      const standing = await lockAccount(tx);
      const cap = standing.monthlyCap;
      const decision = decide(standing, await entriesOf(tx, runId), now);
      if (decision.kind !== "refuse") {
        return { account: await carryOut(tx, ctx, standing, decision, { kind, runId }, now), cap };
      }
      await tellExhausted(tx, ctx, standing);
      return { account: standing, cap, refused: decision.reason };
    });
    // Thrown after the commit, so that the word about it isn't rolled back.
    if (refused) throw errors.exhausted(refused, REFUSALS[refused]);
    return { balance: balanceView(account, cap, now) };
  };

  return service(CreditsService, {
    async getBalance(_request, hc) {
      const row = await db.withTenant(
        tenantCtx(hc),
        (tx) =>
          tx
            .selectFrom("credit_account")
            .innerJoin("subscription", "subscription.tenant_id", "credit_account.tenant_id")
            .innerJoin("plan", "plan.code", "subscription.plan_code")
            .selectAll("credit_account")
            .select("plan.monthly_cap")
            .executeTakeFirst(),
        { readOnly: true },
      );
      // A tenant of a moment ago has nothing yet.
      return { balance: row ? balanceView(row, row.monthly_cap, new Date()) : {} };
    },

    async listCreditEntries(request, hc) {
      const page = pageOf(request.page);
      const rows = await db.withTenant(
        tenantCtx(hc),
        (tx) =>
          keyset(
            tx.selectFrom("credit_entry").selectAll().where("account", "=", "available"),
            page,
            tx,
          ).execute(),
        { readOnly: true },
      );
      const result = pageResult(rows, page);
      return { entries: result.rows.map(entryView), page: result.page };
    },

    reserveCredits: ({ runRef, credits }, hc) =>
      change(tenantCtx(hc), runRef, "reserve", (standing, run, now) =>
        reserve(balancesOf(standing, now), standing, run, credits),
      ),

    settleCredits: ({ runRef, credits }, hc) =>
      change(tenantCtx(hc), runRef, "settle", (_standing, run) => settle(run, credits)),

    releaseCredits: ({ runRef }, hc) =>
      change(tenantCtx(hc), runRef, "release", (_standing, run) => release(run)),

    async grantCredits({ credits, note }, hc) {
      const ctx = tenantCtx(hc);
      const key = `manual:${ctx.idempotencyKey ?? newId()}`;
      const now = new Date();
      const { account, cap } = await db.withTenant(ctx, async (tx) => ({
        account: await grantCredits(tx, ctx, { credits, key, note }, now),
        cap: (await lockAccount(tx)).monthlyCap,
      }));
      return { balance: balanceView(account, cap, now) };
    },
  });
}

/** What an account has, the month's limit of its plan beside it. */
export function balanceView(account: AccountRow, monthlyCap: number, now: Date) {
  const { available, reserved, spentInMonth } = balancesOf(account, now);
  return {
    available: BigInt(available),
    reserved: BigInt(reserved),
    spentThisMonth: BigInt(spentInMonth),
    monthlyCap: BigInt(monthlyCap),
  };
}

function entryView(row: EntryRow) {
  return {
    ref: toRef(row.id as Id),
    kind: KINDS[row.kind],
    amount: BigInt(row.amount),
    runRef: row.run_id ? toRef(row.run_id as Id) : "",
    note: row.note,
    createdOn: timestampFromDate(row.created_on),
  };
}
