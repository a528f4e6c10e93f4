import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../src/db/database.ts";
import { asTenantId, newId } from "../src/ids.ts";
import {
  catalogueProblems,
  catalogueTest,
  type ServiceTest,
  startServiceTest,
} from "../src/testing/index.ts";
import { migrations, type NotesDb } from "./fixture.ts";

let t: ServiceTest<NotesDb>;
beforeAll(async () => {
  t = await startServiceTest<NotesDb>({ service: "notes", migrations });
  for (const tenantId of [t.tenantA, t.tenantB]) {
    await t.db.withTenant(t.ctx.tenant(tenantId), (tx) =>
      tx.insertInto("note").values({ id: newId(), tenant_id: tenantId, text: "mine" }).execute(),
    );
  }
});
afterAll(() => t?.close());

describe("a tenant's transaction", () => {
  it("R-02: sees its own rows only, whatever the query forgets to ask", async () => {
    const rows = await t.db.withTenant(t.ctx.tenant(t.tenantA), (tx) =>
      tx.selectFrom("note").selectAll().execute(),
    );
    expect(rows.map((row) => row.tenant_id)).toEqual([t.tenantA]);
  });

  it("can't write a row for another tenant", async () => {
    const write = t.db.withTenant(t.ctx.tenant(t.tenantA), (tx) =>
      tx.insertInto("note").values({ id: newId(), tenant_id: t.tenantB, text: "theirs" }).execute(),
    );
    await expect(write).rejects.toThrow();
  });

  it("can't change what is append-only", async () => {
    const id = newId();
    await t.db.withTenant(t.ctx.tenant(t.tenantA), (tx) =>
      tx.insertInto("ledger").values({ id, tenant_id: t.tenantA }).execute(),
    );
    const remove = t.db.withTenant(t.ctx.tenant(t.tenantA), (tx) =>
      tx.deleteFrom("ledger").where("id", "=", id).execute(),
    );
    await expect(remove).rejects.toThrow();
  });

  it("leaves nothing behind on its connection, not even after an error", async () => {
    await expect(
      t.db.withTenant(t.ctx.tenant(t.tenantA), () => Promise.reject(new Error("in the middle"))),
    ).rejects.toThrow("in the middle");
    expect(await t.db.global((tx) => tx.selectFrom("note").selectAll().execute())).toEqual([]);
  });

  it("is never mixed with others', 200 at a time on a pool of two", async () => {
    const db = openDatabase<NotesDb>({ service: "notes", urls: t.urls, log: t.log, poolSize: 2 });
    const seen = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const tenantId = index % 2 === 0 ? t.tenantA : t.tenantB;
        const rows = await db.withTenant(t.ctx.tenant(tenantId), (tx) =>
          tx.selectFrom("note").select("tenant_id").execute(),
        );
        return rows.every((row) => row.tenant_id === tenantId) && rows.length > 0;
      }),
    );
    await db.close();
    expect(seen.every(Boolean)).toBe(true);
  });

  it("finds nothing for a tenant that has nothing", async () => {
    const nobody = asTenantId(newId());
    expect(
      await t.db.withTenant(t.ctx.tenant(nobody), (tx) => tx.selectFrom("note").selectAll().execute()),
    ).toEqual([]);
  });
});

describe("the catalogue test", () => {
  it("passes a database whose tables all follow the rules", () => catalogueTest(t));

  it("names a table somebody forgot to protect", async () => {
    const owner = new pg.Client({ connectionString: t.urls.owner });
    await owner.connect();
    await owner.query("create table forgotten (id uuid primary key, tenant_id uuid not null)");
    const problems = await catalogueProblems(t.urls.owner, "notes");
    await owner.query("drop table forgotten");
    await owner.end();
    expect(problems.join("\n")).toMatch(/forgotten has tenant_id but no forced row-level security/);
    expect(problems.join("\n")).toMatch(/forgotten has no index that leads with tenant_id/);
  });
});
