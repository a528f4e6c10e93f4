import { Socket } from "node:net";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { newId } from "../src/ids.ts";
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

it("what is asked before anybody waits goes out in one write, with the beginning and the end before it", async () => {
  const reading = () =>
    t.db.withTenant(
      t.ctx.tenant(),
      (tx) => Promise.all([pid.execute(tx), pid.execute(tx), pid.execute(tx)]),
      {
        readOnly: true,
      },
    );
  await reading();
  const writes = [vi.spyOn(Socket.prototype, "_writev"), vi.spyOn(Socket.prototype, "_write")];
  try {
    await reading();
    expect(writes.reduce((sum, { mock }) => sum + mock.calls.length, 0)).toBe(1);
  } finally {
    for (const write of writes) write.mockRestore();
  }
});

it("a transaction that only read ends by itself, though its connection isn't used again", async () => {
  const read = () => t.db.withTenant(t.ctx.tenant(), (tx) => pid.execute(tx), { readOnly: true });
  const readers = (await Promise.all([read(), read()])).flatMap(({ rows }) => rows.map((row) => row.pid));
  // The look itself takes one of the two connections, and always the same one.
  const other = sql<{ state: string }>`select state from pg_stat_activity
    where pid = any(${readers}::int[]) and pid <> pg_backend_pid()`;
  const look = async () => (await t.db.withTenant(t.ctx.tenant(), (tx) => other.execute(tx))).rows;
  await expect.poll(look, { timeout: 5_000 }).toEqual([{ state: "idle" }]);
});

it("what follows on the connection of a transaction that only read may write, and sees what was written since", async () => {
  const count = (tenant: ReturnType<typeof t.ctx.tenant>, readOnly: boolean) =>
    t.db.withTenant(
      tenant,
      async (tx) => {
        const [own, notes] = await Promise.all([
          pid.execute(tx),
          tx.selectFrom("note").select("id").execute(),
        ]);
        return { pid: own.rows[0]?.pid, notes: notes.length };
      },
      { readOnly },
    );
  const ctx = t.ctx.tenant();
  const before = await count(ctx, true);
  const writer = await t.db.withTenant(ctx, async (tx) => {
    await tx.insertInto("note").values({ id: newId(), tenant_id: ctx.tenantId, text: "It rests." }).execute();
    return (await pid.execute(tx)).rows[0]?.pid;
  });
  expect(writer).toBe(before.pid);
  expect(await count(ctx, true)).toEqual({ pid: before.pid, notes: before.notes + 1 });
  expect(await count(t.ctx.tenant(t.tenantB), true)).toEqual({ pid: before.pid, notes: 0 });
});

it("what follows a read may come to nothing before it asks for anything, and the next one still writes", async () => {
  const ctx = t.ctx.tenant();
  await t.db.withTenant(ctx, (tx) => pid.execute(tx), { readOnly: true });
  await expect(
    t.db.withTenant(ctx, async () => {
      throw new Error("refused before it asked");
    }),
  ).rejects.toThrow("refused");
  await t.db.withTenant(ctx, (tx) =>
    tx.insertInto("note").values({ id: newId(), tenant_id: ctx.tenantId, text: "kept" }).execute(),
  );
});
