import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServiceTest, startServiceTest } from "../src/testing/index.ts";
import { migrations, type NotesDb } from "./fixture.ts";

let t: ServiceTest<NotesDb>;
beforeAll(async () => {
  t = await startServiceTest<NotesDb>({ service: "notes", migrations });
});
afterAll(() => t?.close());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const pid = sql<{ pid: number }>`select pg_backend_pid() as pid`;

it("a connection that is lost between two statements fails the next one, and nothing else", async () => {
  const cut = t.db.withTenant(t.ctx.tenant(), async (tx) => {
    const { rows } = await pid.execute(tx);
    await t.db.global((other) => sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(other));
    await pause(200);
    return pid.execute(tx);
  });
  await expect(cut).rejects.toThrow();
  const { rows } = await t.db.withTenant(t.ctx.tenant(), (tx) => pid.execute(tx));
  expect(rows).toHaveLength(1);
});

it("a statement that fails takes those behind it along, and the connection serves the next transaction", async () => {
  const both = t.db.withTenant(t.ctx.tenant(), (tx) =>
    Promise.all([sql`select 1 / 0`.execute(tx), pid.execute(tx)]),
  );
  await expect(both).rejects.toThrow("division by zero");
  await Promise.all(
    Array.from({ length: 20 }, () => t.db.withTenant(t.ctx.tenant(), (tx) => pid.execute(tx))),
  );
});

it("nothing is begun for work that asks the database for nothing", async () => {
  expect(await t.db.withTenant(t.ctx.tenant(), async () => "nothing")).toBe("nothing");
});
