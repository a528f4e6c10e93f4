import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newId } from "../src/ids.ts";
import { type ServiceTest, startServiceTest } from "../src/testing/index.ts";
import { migrations, type NotesDb } from "./fixture.ts";

let t: ServiceTest<NotesDb>;
beforeAll(async () => {
  t = await startServiceTest<NotesDb>({ service: "notes", migrations });
});
afterAll(() => t?.close());

const notes = () => t.db.withTenant(t.ctx.tenant(), (tx) => tx.selectFrom("note").selectAll().execute());

it("a statement is planned once a connection, and goes on when a migration changes what it returns", async () => {
  await t.db.withTenant(t.ctx.tenant(), (tx) =>
    tx.insertInto("note").values({ id: newId(), tenant_id: t.tenantA, text: "kept" }).execute(),
  );
  // On every connection of the pool.
  await Promise.all(Array.from({ length: 10 }, notes));
  const prepared = await t.db.global((tx) =>
    tx
      .selectFrom("pg_prepared_statements" as "note")
      .select((eb) => eb.fn.countAll<number>().as("kept"))
      .executeTakeFirstOrThrow(),
  );
  expect(prepared.kept).toBeGreaterThan(0);

  const owner = new pg.Client({ connectionString: t.urls.owner });
  await owner.connect();
  await owner.query("alter table note add column colour text not null default 'white'");
  await owner.end();

  const after = await Promise.all(Array.from({ length: 10 }, notes));
  for (const rows of after) expect(rows).toMatchObject([{ text: "kept", colour: "white" }]);
});
