import { create } from "@bufbuild/protobuf";
import {
  type CountTenantRecordsRequest,
  type EraseTenantRecordsRequest,
  RecordStoreSchema,
  RecordsRule,
  TenantRecordsService,
} from "@leadmetrics/proto/tenancy/v1/records";
import { type TenantCtx, tenantCtx } from "../context.ts";
import type { Database } from "../db/database.ts";
import { failpoint } from "../failpoint.ts";
import { fromRef, type Id } from "../ids.ts";
import { type ServedService, service } from "../rpc/server.ts";
import { type ExportPart, exportRecords } from "./export.ts";
import { type Counted, countRows, eraseRows, type RuleName } from "./stores.ts";
import { CALL_BUDGET_MS, ERASE_ROWS } from "./tunables.ts";

/** A user who belongs to the tenant and to no other. */
export interface Person {
  readonly userId: Id;
  readonly email: string;
}

/** A store beside the tables that name a tenant: objects, vectors, another engine's copies, people. */
export interface HeldStore {
  readonly name: string;
  count(ctx: TenantCtx, people: readonly Person[]): Promise<number>;
  /** Erases some. @returns how many; 0 when nothing is left */
  erase(ctx: TenantCtx, people: readonly Person[]): Promise<number>;
}

/** A file of the tenant as it was uploaded. */
export interface TenantFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Where to go on after it. */
  readonly position: string;
}

export interface TenantRecordsOptions<DB> {
  readonly db: Database<DB>;
  /** Erased before the tables, in this order. */
  readonly stores?: readonly HeldStore[];
  /** What has to be done before anything is erased; safe to repeat. May refuse. */
  readonly beforeErasing?: (ctx: TenantCtx) => Promise<void>;
  /** Tables that are made from the others, and are left out of an export. */
  readonly derived?: readonly string[];
  readonly files?: (ctx: TenantCtx, after: string) => AsyncIterable<TenantFile>;
}

const RULES: Record<RuleName, RecordsRule> = {
  erase: RecordsRule.ERASE,
  forget: RecordsRule.FORGET,
  keep: RecordsRule.KEEP,
};

/** What a service holds of a tenant, in its own process. */
export interface Records {
  count(ctx: TenantCtx, people: readonly Person[]): Promise<Counted[]>;
  /** Erases for a few seconds. `done` when nothing is left. */
  erase(ctx: TenantCtx, people: readonly Person[]): Promise<{ erased: Counted[]; done: boolean }>;
  /** @param after position of the last part; empty for the beginning */
  export(ctx: TenantCtx, after: string): AsyncIterable<ExportPart>;
}

/** A service's own part in counting, erasing and exporting what the platform holds of a tenant. */
export function tenantRecords<DB>(options: TenantRecordsOptions<DB>): ServedService {
  return recordsService(recordsOf(options));
}

/** Serves {@link recordsOf} to the one that asks all services. */
export function recordsService(records: Records): ServedService {
  return service(TenantRecordsService, {
    async countTenantRecords(request, hc) {
      return { stores: (await records.count(tenantCtx(hc), peopleOf(request))).map(view) };
    },
    async eraseTenantRecords(request, hc) {
      const { erased, done } = await records.erase(tenantCtx(hc), peopleOf(request));
      return { erased: erased.map(view), done };
    },
    exportTenantRecords: (request, hc) => records.export(tenantCtx(hc), request.after),
  });
}

/** For the service that asks all others, whose own share needs no call. */
export function recordsOf<DB>(options: TenantRecordsOptions<DB>): Records {
  const { db, stores = [], beforeErasing } = options;
  return {
    async count(ctx, people) {
      const held: Counted[] = [];
      for (const store of stores)
        held.push({ name: store.name, rule: "erase", reason: "", records: await store.count(ctx, people) });
      return [...held, ...(await countRows(db, ctx))];
    },

    async erase(ctx, people) {
      const until = performance.now() + CALL_BUDGET_MS;
      const erased = new Map<string, Counted>();
      await beforeErasing?.(ctx);
      while (performance.now() < until && !ctx.signal.aborted) {
        const batch = (await eraseHeld(stores, ctx, people)) ?? (await eraseRows(db, ctx, ERASE_ROWS));
        if (!batch) return { erased: [...erased.values()], done: true };
        const records = batch.records + (erased.get(batch.name)?.records ?? 0);
        erased.set(batch.name, { ...batch, reason: "", records });
        failpoint("records.erased");
      }
      return { erased: [...erased.values()], done: false };
    },

    export: (ctx, after) => exportRecords(options, ctx, after),
  };
}

/** Some of the first store that has any. */
async function eraseHeld(
  stores: readonly HeldStore[],
  ctx: TenantCtx,
  people: readonly Person[],
): Promise<Omit<Counted, "reason"> | undefined> {
  for (const store of stores) {
    const records = await store.erase(ctx, people);
    if (records > 0) return { name: store.name, rule: "erase", records };
  }
  return undefined;
}

function peopleOf({ people }: CountTenantRecordsRequest | EraseTenantRecordsRequest): Person[] {
  return people.map(({ userRef, email }) => ({
    userId: fromRef(userRef, "user"),
    email: email.toLowerCase(),
  }));
}

function view({ name, rule, reason, records }: Counted) {
  return create(RecordStoreSchema, { name, rule: RULES[rule], reason, records: BigInt(records) });
}
