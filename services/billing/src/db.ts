import type { Generated, Selectable } from "kysely";
import type { Account, EntryKind } from "./credits/rules.ts";

export interface BillingDb {
  plan: {
    code: string;
    name: string;
    position: number;
    monthly_credits: number;
    monthly_cap: number;
    weight: number;
    price_minor: number;
    currency: string;
  };
  subscription: {
    id: string;
    tenant_id: string;
    plan_code: string;
    /** Dates as text, YYYY-MM-DD. */
    period_start: string;
    renews_on: string;
    created_by: string;
    created_on: Generated<Date>;
    updated_by: string | null;
    updated_on: Generated<Date>;
    version: Generated<number>;
  };
  credit_account: {
    tenant_id: string;
    time_zone: Generated<string>;
    available: Generated<number>;
    reserved: Generated<number>;
    spent: Generated<number>;
    month: string;
    spent_in_month: Generated<number>;
    low_told_month: string | null;
    exhausted_told: Generated<boolean>;
    updated_on: Generated<Date>;
  };
  credit_entry: {
    id: string;
    tenant_id: string;
    transaction_id: string;
    kind: EntryKind;
    account: Account;
    amount: number;
    run_id: string | null;
    grant_key: string | null;
    note: Generated<string>;
    created_by: string;
    created_on: Generated<Date>;
  };
  top_up: {
    id: string;
    tenant_id: string;
    provider: string;
    provider_ref: string | null;
    credits: number;
    amount_minor: number;
    currency: string;
    status: Generated<"open" | "paid">;
    paid_on: Date | null;
    created_by: string;
    created_on: Generated<Date>;
  };
  kept_payment: {
    id: string;
    former_tenant: string;
    provider: string;
    provider_ref: string | null;
    credits: number;
    amount_minor: number;
    currency: string;
    paid_on: Date;
    keep_until: string;
  };
  kept_account: { former_tenant: string; granted: number; spent: number; keep_until: string };
  payment_event: { provider: string; event_id: string; kind: string; received_on: Generated<Date> };
}

export type PlanRow = Selectable<BillingDb["plan"]>;
export type SubscriptionRow = Selectable<BillingDb["subscription"]>;
export type AccountRow = Selectable<BillingDb["credit_account"]>;
export type EntryRow = Selectable<BillingDb["credit_entry"]>;
export type TopUpRow = Selectable<BillingDb["top_up"]>;
