import { randomBytes } from "node:crypto";
import { AppError, asTenantId, emit, newId, systemCtx, type TenantId, toRef } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { UserVerifiedSchema } from "@leadmetrics/proto/identity/events/v1/events";
import { expect } from "vitest";
import { auditConsumer } from "../src/audit/events.ts";
import { postgresTrail } from "../src/audit/postgres.ts";
import type { TenancyDb } from "../src/db.ts";
import { brokerHolder } from "../src/deletion/broker.ts";
import { wholeTenantServices } from "../src/deletion/definition.ts";
import type { ServiceHolder } from "../src/deletion/holders.ts";
import { deletionSchedule } from "../src/deletion/reconcile.ts";
import { tenancyRecords } from "../src/deletion/records.ts";
import { exportSchedule } from "../src/exports/make.ts";
import { Assignments } from "../src/members/assignments.ts";
import { memberConsumers } from "../src/members/events.ts";
import { servicesOf } from "../src/services.ts";

/** Another service's share as tenancy sees it: a number of records for each tenant, and people. */
class Elsewhere implements ServiceHolder {
  readonly name = "elsewhere";
  readonly records = new Map<string, number>();
  readonly people = new Set<string>();
  /** Calls that fail, as when the service is away. */
  away = 0;

  async count({ tenantId }: { tenantId: TenantId }, people: readonly { userId: string }[]) {
    return [
      this.#of("thing", this.records.get(tenantId) ?? 0),
      this.#of("person", people.filter(({ userId }) => this.people.has(userId)).length),
      { ...this.#of("payment", 2), rule: "keep" as const, reason: "the law" },
    ];
  }

  async erase({ tenantId }: { tenantId: TenantId }, people: readonly { userId: string }[]) {
    if (this.away-- > 0) throw new AppError("unavailable", "unavailable", "elsewhere doesn't answer.");
    const gone = people.filter(({ userId }) => this.people.delete(userId)).length;
    const there = this.records.get(tenantId) ?? 0;
    const erased = Math.min(10, there);
    this.records.set(tenantId, there - erased);
    return { erased: [this.#of("thing", erased), this.#of("person", gone)], done: there === erased };
  }

  async *export() {
    yield {
      part: {
        case: "records" as const,
        value: { kind: "thing", lines: new TextEncoder().encode('{"ref":"X"}\n'), count: 1n },
      },
      position: "1",
    };
    yield {
      part: {
        case: "file" as const,
        value: { path: "01J/menu.bin", data: Uint8Array.from(randomBytes(700_000)), last: true },
      },
      position: "2",
    };
    yield { part: { case: "end" as const, value: { leftOut: ["thing.sealed_key"] } }, position: "" };
  }

  #of(name: string, records: number) {
    return { name, rule: "erase" as const, reason: "", records };
  }
}

/** The service with what ends and exports tenants, a holder elsewhere, and the broker. */
export interface WholeTenant {
  readonly t: ServiceTest<TenancyDb>;
  readonly elsewhere: Elsewhere;
  /** A company as a sign-up makes it, once it is audited. */
  company(name: string, owner?: string): Promise<{ tenant: TenantId; owner: string }>;
  rowsOf(table: "tenant" | "tenant_member", tenant: TenantId): Promise<number>;
  /** Entries of its audit chain. */
  chainOf(tenant: TenantId): Promise<number>;
}

export async function startWholeTenant(): Promise<WholeTenant> {
  const elsewhere = new Elsewhere();
  const t = await startServiceTest<TenancyDb>({
    service: "tenancy",
    migrations: new URL("../migrations/", import.meta.url),
  });
  const trail = postgresTrail(t.db);
  const own = tenancyRecords(t.db, t.nats, trail);
  const assignments = new Assignments(t.db, t.nats);
  await t.start({
    config: t.config,
    rpc: ({ db, rpc, nats }) => [
      ...servicesOf({ db, rpc, nats, trail }),
      // Three seconds of grace.
      ...wholeTenantServices({ db, nats, trail }, { DELETION_GRACE_HOURS: 3 / 3_600 }),
    ],
    consumers: ({ db }) => [auditConsumer(trail), ...memberConsumers(db, assignments)],
    schedules: ({ db, nats, log }) => [
      deletionSchedule({
        db,
        log,
        trail,
        assignments,
        quietMs: 300,
        holders: [elsewhere, { name: "tenancy", ...own }, brokerHolder(nats)],
      }),
      exportSchedule({ db, log, keptMs: 60_000, holders: [elsewhere, { name: "tenancy", ...own }] }),
    ],
  });
  const rowsOf: WholeTenant["rowsOf"] = (table, tenant) =>
    t.db.withSystem(
      "test",
      async (tx) =>
        (await tx.selectFrom(table).select("id").where("tenant_id", "=", tenant).execute()).length,
    );
  const chainOf: WholeTenant["chainOf"] = (tenant) =>
    t.db.withSystem(
      "test",
      async (tx) =>
        (await tx.selectFrom("audit_entry").select("id").where("chain", "=", tenant).execute()).length,
    );
  return {
    t,
    elsewhere,
    rowsOf,
    chainOf,
    async company(name, owner = newId()) {
      const user = asTenantId(owner as TenantId);
      const event = await t.db.global((tx) =>
        emit(
          tx,
          systemCtx("test"),
          UserVerifiedSchema,
          { userRef: toRef(user), email: `${owner}@bakery.example`, name: "Ann", companyName: name },
          { aggregate: owner },
        ),
      );
      const tenant = asTenantId(event);
      await expect
        .poll(async () => (await rowsOf("tenant", tenant)) + (await chainOf(tenant)), { timeout: 10_000 })
        .toBeGreaterThan(2);
      elsewhere.records.set(tenant, 25);
      elsewhere.people.add(owner);
      return { tenant, owner };
    },
  };
}
