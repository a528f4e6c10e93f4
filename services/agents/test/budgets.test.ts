import type { Id } from "@leadmetrics/kit";
import { RunsService } from "@leadmetrics/proto/agents/v1/runs";
import { sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import type { RunRow } from "../src/db.ts";
import { reconcile } from "../src/runs/reconcile.ts";
import { endAnyway, giveBack, later } from "../src/runs/store.ts";

import { BLOG_TOKENS, startBudgets } from "./budgets.ts";

const {
  t,
  parts,
  tenant,
  asTenant,
  requested,
  consider,
  runsOf,
  statuses,
  work,
  inState,
  cap,
  budgetOf,
  mustAgree,
  told,
} = await startBudgets();
afterAll(() => t.close());

describe("a tenant's cap of a month", () => {
  it("lets exactly as many runs through as there is room for, however many ask at once, and the others when it is raised", async () => {
    const tenantId = tenant();
    const other = tenant();
    await cap(tenantId, { runs: 10 });
    const ids = await requested(tenantId, 40);
    const others = await requested(other, 3);
    await consider([...ids, ...others]);
    expect(await statuses(tenantId)).toEqual({ admitted: 10, awaiting_credits: 30 });
    expect(await statuses(other)).toEqual({ admitted: 3 });
    await mustAgree(tenantId);

    for (const run of await inState(tenantId, "admitted")) await work(run, 100);
    await mustAgree(tenantId);
    expect((await budgetOf(tenantId)).used).toMatchObject({ runs: 10n, tokens: 1_000n });
    const waiting = await inState(tenantId, "awaiting_credits");
    expect(waiting).toHaveLength(30);

    await cap(tenantId, { runs: 15 });
    expect(await statuses(tenantId)).toEqual({ succeeded: 10, requested: 30 });
    await consider(ids);
    expect(await statuses(tenantId)).toEqual({ succeeded: 10, admitted: 5, awaiting_credits: 25 });
    await mustAgree(tenantId);
  });

  it("says why a run waits, to everybody who looks at it", async () => {
    const tenantId = tenant();
    await cap(tenantId, { runs: 1 });
    const ids = await requested(tenantId, 1);
    await consider(ids);
    for (const run of await inState(tenantId, "admitted")) await work(run, 100);
    await consider(await requested(tenantId, 1));
    const runs = await t.client(RunsService, t.ctx.tenant(tenantId).principal);
    const { runs: seen } = await runs.listRuns({});
    expect(seen[0]).toMatchObject({
      errorClass: "budget",
      problem:
        "The month's cap on runs is reached: 1 of 1 run used. It goes on by itself when the cap is raised or the month turns.",
    });
  });

  it("takes aside the estimate and settles what was used", async () => {
    const tenantId = tenant();
    await cap(tenantId, { tokens: 2 * BLOG_TOKENS + 1_000 });
    const ids = await requested(tenantId, 3);
    await consider(ids);
    expect(await statuses(tenantId)).toEqual({ admitted: 2, awaiting_credits: 1 });
    expect((await budgetOf(tenantId)).reserved).toMatchObject({ tokens: BigInt(2 * BLOG_TOKENS), runs: 2n });
    const [first] = await inState(tenantId, "admitted");
    await work(first as RunRow, 1_500);
    await mustAgree(tenantId);
    expect(await budgetOf(tenantId)).toMatchObject({
      used: { tokens: 1_500n, runs: 1n },
      reserved: { tokens: BigInt(BLOG_TOKENS) },
    });
    // Only the run at work was in the way: the one that waits is looked at again soon.
    const [waits] = await inState(tenantId, "awaiting_credits");
    expect(waits?.problem).toContain("as soon as they leave room");
    await t.db.withSystem("test", (tx) =>
      tx
        .updateTable("agent_run")
        .set({ status_since: later(-6_000), not_before: later(-1_000) })
        .where("id", "=", waits?.id ?? "")
        .execute(),
    );
    await reconcile(parts, AbortSignal.timeout(5_000));
    expect((await inState(tenantId, "requested")).map((run) => run.id)).toEqual([waits?.id]);
    for (const run of await inState(tenantId, "admitted")) await work(run, 1_500);
    await consider(ids);
    expect(await statuses(tenantId)).toEqual({ succeeded: 2, admitted: 1 });
  });

  it("begins anew with the month, and runs that waited go on by themselves", async () => {
    const tenantId = tenant();
    await cap(tenantId, { runs: 2 });
    const ids = await requested(tenantId, 3);
    await consider(ids);
    for (const run of await inState(tenantId, "admitted")) await work(run, 10);
    // A minute later in the same month: it is looked at, and still waits.
    const minuteLater = async () => {
      await t.db.withSystem("test", (tx) =>
        tx
          .updateTable("agent_run")
          .set({ status_since: later(-61_000) })
          .where("tenant_id", "=", tenantId)
          .where("status", "=", "awaiting_credits")
          .execute(),
      );
      await reconcile(parts, AbortSignal.timeout(5_000));
      await consider(ids);
    };
    await minuteLater();
    expect(await statuses(tenantId)).toEqual({ succeeded: 2, awaiting_credits: 1 });
    expect(await told(tenantId, "reached")).toBe(1);
    // What was counted until now was last month's.
    await asTenant(tenantId, (tx) =>
      tx.updateTable("budget_use").set({ month: "2026-01" }).where("scope", "<>", "activity").execute(),
    );
    expect((await budgetOf(tenantId)).used).toMatchObject({ runs: 0n });
    await minuteLater();
    expect(await statuses(tenantId)).toEqual({ succeeded: 2, admitted: 1 });
  });

  it("counts months where the tenant is", async () => {
    const months = await t.db.withSystem("test", async (tx) => {
      const { rows } = await sql<{ zone: string; month: string }>`
        select zone, to_char(timestamptz '2026-12-01 03:00Z' at time zone known_zone(zone), 'YYYY-MM') as month
        from unnest(array['UTC', 'America/New_York', 'Asia/Kolkata', 'Nowhere/Land']) as zone`.execute(tx);
      return rows.map(({ zone, month }) => [zone, month]);
    });
    expect(months).toEqual([
      ["UTC", "2026-12"],
      ["America/New_York", "2026-11"],
      ["Asia/Kolkata", "2026-12"],
      ["Nowhere/Land", "2026-12"],
    ]);
  });

  it("is news at four fifths and when it is reached, once a month each, and again when it was raised", async () => {
    const tenantId = tenant();
    await cap(tenantId, { runs: 5 });
    await consider(await requested(tenantId, 3));
    expect([await told(tenantId, "near"), await told(tenantId, "reached")]).toEqual([0, 0]);
    await consider(await requested(tenantId, 2));
    expect(await told(tenantId, "near")).toBe(1);
    for (const run of await inState(tenantId, "admitted")) await work(run, 10);
    await consider(await requested(tenantId, 4));
    expect([await told(tenantId, "near"), await told(tenantId, "reached")]).toEqual([1, 1]);
    await cap(tenantId, { runs: 6 });
    await consider((await inState(tenantId, "requested")).map((run) => run.id as Id));
    expect(await told(tenantId, "near")).toBe(2);
  });

  it("counts runs that were at work when it was set", async () => {
    const tenantId = tenant();
    const early = await requested(tenantId, 2);
    await consider(early);
    expect((await runsOf(tenantId)).every((run) => run.reserved_runs === 0)).toBe(true);
    await cap(tenantId, { runs: 3 });
    await mustAgree(tenantId);
    await consider(await requested(tenantId, 2));
    expect(await statuses(tenantId)).toEqual({ admitted: 3, awaiting_credits: 1 });
  });

  it("gets back what a run had taken aside when it is cancelled, handed over or given back by its dispatcher", async () => {
    const tenantId = tenant();
    await cap(tenantId, { runs: 2 });
    await consider(await requested(tenantId, 2));
    const [one, two] = await inState(tenantId, "admitted");
    await asTenant(tenantId, async (tx) => {
      await endAnyway(tx, one as RunRow, { status: "cancelled" });
      await giveBack(tx, two as RunRow, { status: "requested", inMs: 0, countAttempt: false, problem: "" });
    });
    await mustAgree(tenantId);
    // Neither was with a worker: nothing was used.
    expect(await budgetOf(tenantId)).toMatchObject({ used: { runs: 0n }, reserved: { runs: 0n } });
    await consider([two?.id as Id]);
    // Its dispatcher died and another one has it: nothing is taken aside twice.
    await t.db.withSystem("test", (tx) =>
      sql`update agent_run set status = 'requested', held_until = null where id = ${two?.id}`.execute(tx),
    );
    await consider([two?.id as Id]);
    expect((await budgetOf(tenantId)).reserved).toMatchObject({ runs: 1n });
    await mustAgree(tenantId);
  });
});
