import { asTenantId, type Id, newId, toRef } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { AuditService } from "@leadmetrics/proto/tenancy/v1/audit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AuditTrail, PLATFORM_CHAIN } from "../src/audit/port.ts";
import { postgresTrail } from "../src/audit/postgres.ts";
import { hashOf } from "../src/audit/rules.ts";
import { verifyChain } from "../src/audit/verify.ts";
import type { AuditRow, TenancyDb } from "../src/db.ts";
import { servicesOf } from "../src/services.ts";

let t: ServiceTest<TenancyDb>;
let trail: AuditTrail;
let owner: pg.Client;
beforeAll(async () => {
  t = await startServiceTest<TenancyDb>({
    service: "tenancy",
    migrations: new URL("../migrations/", import.meta.url),
  });
  trail = postgresTrail(t.db);
  await t.start({
    config: t.config,
    rpc: ({ db, rpc, nats }) => servicesOf({ db, rpc, nats, trail }),
  });
  // The one who can do everything to the rows, and still not unseen.
  owner = new pg.Client({ connectionString: t.urls.owner });
  await owner.connect();
  await owner.query("alter table audit_entry no force row level security");
});
afterAll(async () => {
  await owner?.end();
  await t?.close();
});

async function chainOf(length: number, chain: string = asTenantId(newId())): Promise<string> {
  for (let index = 1; index <= length; index += 1)
    await trail.append({
      chain,
      event_id: newId(),
      action: "content.plan.approved",
      actor_kind: "user",
      actor_id: "somebody",
      entity_kind: "plan",
      entity_ref: `01PLAN${index}`,
      summary: `Plan ${index} was approved`,
      trace_id: "a".repeat(32),
      request_id: "request",
      occurred_on: new Date("2026-12-01T10:00:00.123Z"),
    });
  return chain;
}

async function entryOf(chain: string, sequence: number): Promise<AuditRow> {
  const [row] = await trail.from(t.ctx.tenant(asTenantId(chain as Id)), chain, sequence - 1, 1);
  if (!row) throw new Error(`there is no entry ${sequence}`);
  return row;
}

/** Makes room for another entry at a sequence, or closes the gap of a removed one. */
async function shift(chain: string, from: number, by: 1 | -1): Promise<void> {
  await owner.query(
    "update audit_entry set sequence = -(sequence + $3) where chain = $1 and sequence >= $2",
    [chain, from, by],
  );
  await owner.query("update audit_entry set sequence = -sequence where chain = $1 and sequence < 0", [chain]);
}

async function write(row: AuditRow): Promise<void> {
  const names = Object.keys(row);
  const places = names.map((_, index) => `$${index + 1}`);
  await owner.query(
    `insert into audit_entry (${names.join(", ")}) values (${places.join(", ")})`,
    Object.values(row),
  );
}

describe("an audit chain", () => {
  it("that nobody touched is whole, and says where it ends", async () => {
    const chain = await chainOf(4);
    expect(await verifyChain(trail, chain)).toEqual({
      entries: 4,
      headHash: (await entryOf(chain, 4)).hash,
      brokenAt: 0,
      problem: "",
    });
  });

  it("shows an entry that was changed", async () => {
    const chain = await chainOf(4);
    await owner.query("update audit_entry set actor_id = 'nobody' where chain = $1 and sequence = 2", [
      chain,
    ]);
    expect(await verifyChain(trail, chain)).toMatchObject({
      entries: 1,
      brokenAt: 2,
      problem: expect.stringContaining("entry 2 was changed"),
    });
  });

  it("shows one that was changed together with its hash", async () => {
    const chain = await chainOf(4);
    const forged = { ...(await entryOf(chain, 2)), summary: "Nothing happened" };
    await owner.query("update audit_entry set summary = $2, hash = $3 where chain = $1 and sequence = 2", [
      chain,
      forged.summary,
      hashOf(forged),
    ]);
    expect(await verifyChain(trail, chain)).toMatchObject({
      brokenAt: 3,
      problem: expect.stringContaining("doesn't follow entry 2"),
    });
  });

  it("shows one that was removed, also when the gap was closed", async () => {
    const gap = await chainOf(4);
    await owner.query("delete from audit_entry where chain = $1 and sequence = 3", [gap]);
    expect(await verifyChain(trail, gap)).toMatchObject({ brokenAt: 3, problem: "entry 3 was removed" });
    const closed = await chainOf(4);
    await owner.query("delete from audit_entry where chain = $1 and sequence = 2", [closed]);
    await shift(closed, 3, -1);
    expect(await verifyChain(trail, closed)).toMatchObject({ brokenAt: 2 });
  });

  it("shows entries that were cut off its end", async () => {
    const chain = await chainOf(5);
    await owner.query("delete from audit_entry where chain = $1 and sequence > 3", [chain]);
    expect(await verifyChain(trail, chain)).toMatchObject({
      entries: 3,
      brokenAt: 4,
      problem: "entries 4 to 5 were removed",
    });
    await owner.query("delete from audit_entry where chain = $1", [chain]);
    expect(await verifyChain(trail, chain)).toMatchObject({ brokenAt: 1 });
  });

  it("shows one that was inserted, and two that changed places", async () => {
    const inserted = await chainOf(4);
    const before = await entryOf(inserted, 2);
    await shift(inserted, 3, 1);
    const forged = { ...before, id: newId(), event_id: newId(), sequence: 3, previous_hash: before.hash };
    await write({ ...forged, hash: hashOf(forged) });
    expect(await verifyChain(trail, inserted)).toMatchObject({ brokenAt: 4 });
    const swapped = await chainOf(4);
    for (const [from, to] of [
      [2, -3],
      [3, 2],
      [-3, 3],
    ])
      await owner.query("update audit_entry set sequence = $3 where chain = $1 and sequence = $2", [
        swapped,
        from,
        to,
      ]);
    expect(await verifyChain(trail, swapped)).toMatchObject({ brokenAt: 2 });
  });

  it("that was made anew from the middle on doesn't fit the record of its end", async () => {
    const chain = await chainOf(3);
    const rows = [await entryOf(chain, 2), await entryOf(chain, 3)];
    await owner.query("delete from audit_entry where chain = $1 and sequence >= 2", [chain]);
    let { hash } = await entryOf(chain, 1);
    for (const row of rows) {
      const forged = { ...row, actor_id: "nobody", previous_hash: hash };
      hash = hashOf(forged);
      await write({ ...forged, hash });
    }
    expect(await verifyChain(trail, chain)).toMatchObject({
      brokenAt: 3,
      problem: "entry 3 is not the one that was written",
    });
  });
});

describe("the whole trail", () => {
  it("is verified page by page, for a super admin and the operator's command line only", async () => {
    await chainOf(2, PLATFORM_CHAIN);
    const broken = await chainOf(2);
    await owner.query("update audit_entry set summary = '' where chain = $1 and sequence = 1", [broken]);
    const lm = await t.client(AuditService, { kind: "service", service: "lm" });
    const chains = [];
    let pageToken = "";
    do {
      const answer = await lm.verifyAuditTrail({ page: { pageSize: 3, pageToken } });
      chains.push(...answer.chains);
      pageToken = answer.page?.nextPageToken ?? "";
    } while (pageToken);
    expect(chains[0]).toMatchObject({ chain: "platform", intact: true, entries: 2n });
    expect(chains.find((each) => each.chain === toRef(broken as Id))).toMatchObject({ brokenAt: 1n });
    expect(new Set(chains.map((each) => each.chain)).size).toBe(chains.length);
    const admin = await t.client(AuditService, t.ctx.superAdmin().principal);
    expect((await admin.verifyAuditTrail({ chain: "platform" })).chains).toMatchObject([{ intact: true }]);
    const content = await t.client(AuditService, { kind: "service", service: "content" });
    await expect(content.verifyAuditTrail({})).rejects.toThrow();
    const client = await t.client(AuditService, t.ctx.tenant().principal);
    await expect(client.verifyAuditTrail({})).rejects.toThrow();
  });
});
