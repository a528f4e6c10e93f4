import { TenantRecordsService } from "@leadmetrics/proto/tenancy/v1/records";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asTenantId, newId, type TenantId, toRef } from "../src/ids.ts";
import { type Person, tenantRecords } from "../src/records/index.ts";
import { catalogueProblems, type ServiceTest, startServiceTest } from "../src/testing/index.ts";
import { migrations, type NotesDb } from "./fixture.ts";

let t: ServiceTest<NotesDb>;
let owner: pg.Client;
/** A store outside the database, as a service would bring it. */
const elsewhere = new Map<string, number>();
let told: readonly Person[] = [];
beforeAll(async () => {
  t = await startServiceTest<NotesDb>({ service: "notes", migrations });
  owner = new pg.Client({ connectionString: t.urls.owner });
  await owner.connect();
  await t.start({
    config: t.config,
    rpc: ({ db }) => [
      tenantRecords({
        db,
        stores: [
          {
            name: "elsewhere",
            count: async ({ tenantId }, people) => {
              told = people;
              return elsewhere.get(tenantId) ?? 0;
            },
            async erase({ tenantId }) {
              const there = elsewhere.get(tenantId) ?? 0;
              elsewhere.set(tenantId, Math.max(0, there - 2));
              return Math.min(2, there);
            },
          },
        ],
        files: async function* ({ tenantId }, after) {
          if (after === "") yield { path: "a.txt", bytes: Buffer.from(tenantId), position: "a" };
        },
      }),
    ],
  });
});
afterAll(async () => {
  await owner?.end();
  await t?.close();
});

const tenancy = (tenantId: TenantId) =>
  t.client(TenantRecordsService, { kind: "service", service: "tenancy" }, tenantId);

async function fill(tenantId: TenantId, notes: number): Promise<void> {
  await t.db.withTenant(t.ctx.tenant(tenantId), async (tx) => {
    for (let from = 0; from < notes; from += 500)
      await tx
        .insertInto("note")
        .values(
          Array.from({ length: Math.min(500, notes - from) }, (_, index) => ({
            id: newId(),
            tenant_id: tenantId,
            text: `note ${from + index}`,
          })),
        )
        .execute();
    await tx.insertInto("ledger").values({ id: newId(), tenant_id: tenantId }).execute();
  });
  elsewhere.set(tenantId, 5);
}

async function counts(tenantId: TenantId): Promise<Record<string, number>> {
  const { stores } = await (await tenancy(tenantId)).countTenantRecords({});
  return Object.fromEntries(stores.map(({ name, records }) => [name, Number(records)]));
}

describe("what a service holds of a tenant", () => {
  it("is counted in every store, append-only tables and waiting events included", async () => {
    const tenant = asTenantId(newId());
    await fill(tenant, 3);
    expect(await counts(tenant)).toMatchObject({ elsewhere: 5, note: 3, ledger: 1, "kit.outbox": 0 });
    await (await tenancy(tenant)).countTenantRecords({
      people: [{ userRef: toRef(newId()), email: "Ann@Bakery.example" }],
    });
    expect(told).toMatchObject([{ email: "ann@bakery.example" }]);
  });

  it("is erased to the last row, in batches, and nobody else's is touched", async () => {
    const [one, other] = [asTenantId(newId()), asTenantId(newId())];
    await fill(one, 1_200);
    await fill(other, 7);
    const before = await counts(other);
    const client = await tenancy(one);
    const { erased, done } = await client.eraseTenantRecords({});
    expect(done).toBe(true);
    expect(Object.fromEntries(erased.map(({ name, records }) => [name, Number(records)]))).toEqual({
      elsewhere: 5,
      note: 1_200,
      ledger: 1,
    });
    expect(await counts(one)).toMatchObject({ elsewhere: 0, note: 0, ledger: 0 });
    expect(await counts(other)).toEqual(before);
    expect(await client.eraseTenantRecords({})).toMatchObject({ erased: [], done: true });
    const { rows } = await owner.query(
      "select name, records::int, by_role from kit.tenant_erasure where erased_tenant = $1 order by name",
      [one],
    );
    expect(rows).toEqual([
      { name: "ledger", records: 1, by_role: "notes_system" },
      { name: "note", records: 1_200, by_role: "notes_system" },
    ]);
  });

  it("is exported row by row with references instead of keys, then its files, and goes on where a call ended", async () => {
    const tenant = asTenantId(newId());
    await fill(tenant, 250);
    const client = await tenancy(tenant);
    const texts = new Set<string>();
    let after = "";
    let path = "";
    for (let calls = 0; calls < 20; calls++) {
      let ended = false;
      for await (const { part, position } of client.exportTenantRecords({ after })) {
        after = position;
        if (part.case === "records" && part.value.kind === "note")
          for (const line of Buffer.from(part.value.lines).toString().trim().split("\n")) {
            const note = JSON.parse(line) as { ref: string; tenantRef: string; text: string };
            expect(note.tenantRef).toBe(toRef(tenant));
            texts.add(note.text);
          }
        if (part.case === "file") ({ path } = part.value);
        if (part.case === "end") ended = true;
        // As if the call had ended after this part.
        else break;
      }
      if (ended) break;
    }
    expect(texts.size).toBe(250);
    expect(path).toBe("a.txt");
  });

  it("is nobody's to count or erase but tenancy's", async () => {
    const tenant = asTenantId(newId());
    const content = await t.client(TenantRecordsService, { kind: "service", service: "content" }, tenant);
    await expect(content.eraseTenantRecords({})).rejects.toThrow("may not call this");
    const person = await t.client(TenantRecordsService, t.ctx.superAdmin().principal, tenant);
    await expect(person.countTenantRecords({})).rejects.toThrow();
    const client = await tenancy(tenant);
    await expect(
      (async () => {
        for await (const _ of client.exportTenantRecords({ after: "somewhere" }));
      })(),
    ).rejects.toThrow("no position of an export");
  });
});

describe("the functions that reach over row-level security", () => {
  it("can't be called by the roles that serve requests, and append-only stays append-only for the loops", async () => {
    const tenant = asTenantId(newId());
    await fill(tenant, 1);
    for (const role of ["app", "platform"] as const) {
      const client = new pg.Client({ connectionString: t.urls[role] });
      await client.connect();
      await expect(
        client.query("select * from kit.erase_tenant_rows($1, $2, 10)", [tenant, toRef(tenant)]),
      ).rejects.toThrow("permission denied");
      await client.end();
    }
    const loops = new pg.Client({ connectionString: t.urls.system });
    await loops.connect();
    await loops.query("select set_config('app.tenant_in_hand', $1, false)", [tenant]);
    await expect(loops.query("delete from ledger")).rejects.toThrow("permission denied");
    await expect(loops.query("delete from kit.tenant_erasure")).rejects.toThrow("permission denied");
    await loops.end();
  });

  it("leave nobody's rows open: the owner sees none before and after", async () => {
    const seen = await owner.query("select 1 from note");
    expect(seen.rows).toEqual([]);
  });

  it.each([
    [
      "create table visit (id uuid primary key, about_tenant uuid)",
      "visit.about_tenant names a tenant: say what becomes of it",
    ],
    [
      `create table visit (id uuid primary key, tenant_id uuid not null);
       create index on visit (tenant_id); select kit.tenant_table('visit'); drop policy tenant_in_hand on visit`,
      "visit keeps its rows from kit.erase_tenant_rows",
    ],
    ["grant execute on function kit.erase_tenant_rows to notes_app", "may be called by notes_app"],
  ])("a migration that leaves something to be forgotten is named: %s", async (migration, problem) => {
    await owner.query(migration);
    const problems = await catalogueProblems(t.urls.owner, "notes");
    await owner.query("drop table if exists visit");
    await owner.query("revoke execute on function kit.erase_tenant_rows from notes_app");
    expect(problems.join("\n")).toContain(problem);
    expect(await catalogueProblems(t.urls.owner, "notes")).toEqual([]);
  });
});
