import { asTenantId, newId, type TenantId } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mongoTrail } from "../src/audit/mongo.ts";
import { type AuditTrail, type NewEntry, PLATFORM_CHAIN } from "../src/audit/port.ts";
import { postgresTrail } from "../src/audit/postgres.ts";
import { brokenAt } from "../src/audit/rules.ts";
import type { TenancyDb } from "../src/db.ts";

/** A MongoDB to run the suite against: `MONGO_URL`, whose database gets a suffix of its own. */
const given = process.env.MONGO_URL;
if (!given) console.log("skipped: the audit trail in MongoDB, because MONGO_URL names no server");

let t: ServiceTest<TenancyDb>;
beforeAll(async () => {
  t = await startServiceTest<TenancyDb>({
    service: "tenancy",
    migrations: new URL("../migrations/", import.meta.url),
  });
});
afterAll(() => t?.close());

const entry = (chain: string, more: Partial<NewEntry> = {}): NewEntry => ({
  chain,
  event_id: newId(),
  action: "content.plan.approved",
  actor_kind: "user",
  actor_id: "somebody",
  entity_kind: "plan",
  entity_ref: "01PLAN",
  summary: "A plan was approved",
  trace_id: "a".repeat(32),
  request_id: "request",
  occurred_on: new Date("2026-12-01T10:00:00.123Z"),
  ...more,
});

/** What every place for the trail promises. */
function contract(open: () => Promise<AuditTrail>): void {
  let trail: AuditTrail;
  beforeAll(async () => {
    trail = await open();
  });
  afterAll(() => trail?.close());
  const tenant = (): { chain: TenantId; ctx: ReturnType<typeof t.ctx.tenant> } => {
    const chain = asTenantId(newId());
    return { chain, ctx: t.ctx.tenant(chain) };
  };

  it("chains what is appended, gives it back as it was, and takes an event once", async () => {
    const { chain, ctx } = tenant();
    const twice = entry(chain, { summary: "Größe — 🍞" });
    await trail.append(twice);
    await trail.append(twice);
    await trail.append(entry(chain));
    const rows = await trail.from(ctx, chain, 0, 10);
    expect(rows.map((row) => row.sequence)).toEqual([1, 2]);
    expect(rows[0]).toMatchObject(twice);
    expect(brokenAt(rows)).toBe(0);
  });

  it("keeps one chain under many writers", async () => {
    const { chain, ctx } = tenant();
    const second = await open();
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? trail : second).append(entry(chain))),
    );
    await second.close();
    const rows = await trail.from(ctx, chain, 0, 100);
    expect(rows).toHaveLength(40);
    expect(brokenAt(rows)).toBe(0);
  });

  it("lists newest first, by page, by thing and by trace, and each chain by itself", async () => {
    const { chain, ctx } = tenant();
    for (const ref of ["A", "B", "A"])
      await trail.append(entry(chain, { entity_ref: ref, trace_id: ref.repeat(32) }));
    await trail.append(entry(tenant().chain, { entity_ref: "A" }));
    const list = async (more: object) =>
      (await trail.list(ctx, { chain, before: 0, limit: 10, ...more })).map((row) => row.sequence);
    expect(await list({})).toEqual([3, 2, 1]);
    expect(await list({ before: 3, limit: 1 })).toEqual([2]);
    expect(await list({ entityRef: "A" })).toEqual([3, 1]);
    expect(await list({ traceId: "B".repeat(32) })).toEqual([2]);
  });
}

describe("the audit trail in Postgres", () => {
  contract(async () => postgresTrail(t.db));

  it("writes many chains at once, and leaves out only the entry that can't be written", async () => {
    const trail = postgresTrail(t.db);
    const chains = Array.from({ length: 10 }, () => newId());
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) =>
        trail.append(entry(chains[index % 10] ?? "", index === 17 ? { event_id: "no id at all" } : {})),
      ),
    );
    expect(outcomes.flatMap(({ status }, index) => (status === "rejected" ? [index] : []))).toEqual([17]);
    for (const [index, chain] of chains.entries()) {
      const rows = await trail.from(t.ctx.tenant(asTenantId(chain)), chain, 0, 100);
      expect(rows).toHaveLength(index === 7 ? 5 : 6);
      expect(brokenAt(rows)).toBe(0);
    }
  });
});

describe.skipIf(!given)("the audit trail in MongoDB", () => {
  const url = new URL(given ?? "mongodb://nowhere/none");
  url.pathname = `${url.pathname === "/" ? "/audit" : url.pathname}_${newId().slice(-8)}`;
  contract(() => mongoTrail(url.href));

  it("gives a tenant's whole chain up at its end, to an account for that alone, and never the platform's", async () => {
    const [chain, other] = [newId(), newId()];
    const [plain, erasing] = [await mongoTrail(url.href), await mongoTrail(url.href, url.href)];
    for (const each of [chain, chain, chain, other]) await plain.append(entry(each));
    expect(await plain.held?.count(chain)).toBe(3);
    await expect(plain.held?.erase(chain, 2)).rejects.toThrow("MONGO_ERASE_URL");
    expect(await erasing.held?.erase(chain, 2)).toBe(2);
    expect(await erasing.held?.erase(chain, 2)).toBe(1);
    expect(await erasing.held?.erase(chain, 2)).toBe(0);
    expect(await plain.held?.count(other)).toBe(1);
    await expect(erasing.held?.erase(PLATFORM_CHAIN, 2)).rejects.toThrow("never erased");
    await Promise.all([plain.close(), erasing.close()]);
  });

  afterAll(async () => {
    const client = await new MongoClient(url.href).connect();
    await client.db().dropDatabase();
    await client.close();
  });
});
