import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { newId, systemCtx } from "@leadmetrics/kit";
import { migrateService } from "@leadmetrics/kit/db/migrate";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ContentDb } from "../src/db.ts";

const MIGRATIONS = new URL("../migrations/", import.meta.url);
const TARGETS = "0030";

let t: ServiceTest<ContentDb>;
let before: string;

/** The database as it was before items had several channels. */
beforeAll(async () => {
  before = await mkdtemp(join(tmpdir(), "lm-before-targets-"));
  const from = fileURLToPath(MIGRATIONS);
  for (const file of await readdir(from))
    if (file < TARGETS) await copyFile(join(from, file), join(before, file));
  t = await startServiceTest<ContentDb>({ service: "content", migrations: pathToFileURL(`${before}/`) });
});
afterAll(async () => {
  await t?.close();
  await rm(before, { recursive: true, force: true });
});

it("an item of one channel has it as its only target, decided when it was approved", async () => {
  const tenant = t.tenantA;
  const [channel, plan, deliverable, period, revision] = [newId(), newId(), newId(), newId(), newId()];
  const [waiting, scheduled, nowhere] = [newId(), newId(), newId()];
  await t.db.withTenant(systemCtx("test", { tenantId: tenant }), async (tx) => {
    const own = sql`'system:test'`;
    await sql`insert into channel (id, tenant_id, kind, name, url, username, status, created_by)
      values (${channel}, ${tenant}, 'wordpress', 'Site', 'https://site.example', 'ed', 'connected', ${own})`.execute(
      tx,
    );
    await sql`insert into deliverable_plan (id, tenant_id, title, starts, ends, status, created_by)
      values (${plan}, ${tenant}, 'December', '2026-12-01', '2026-12-31', 'approved', ${own})`.execute(tx);
    await sql`insert into deliverable (id, tenant_id, plan_id, position, content_type, quantity, channel_id)
      values (${deliverable}, ${tenant}, ${plan}, 0, 'blog_post', 3, ${channel})`.execute(tx);
    await sql`insert into deliverable_period (id, tenant_id, plan_id, deliverable_id, starts, ends, target_count)
      values (${period}, ${tenant}, ${plan}, ${deliverable}, '2026-12-01', '2026-12-31', 3)`.execute(tx);
    for (const [id, status, at, text] of [
      [waiting, "client_review", channel, null],
      [scheduled, "scheduled", channel, revision],
      [nowhere, "approved", null, null],
    ] as const)
      await sql`insert into activity (id, tenant_id, plan_id, deliverable_id, period_id, content_type, title, status, owed_by,
          revision_id, channel_id, created_by)
        values (${id}, ${tenant}, ${plan}, ${deliverable}, ${period}, 'blog_post', 'Rye', ${status}, 'client',
          ${text}, ${at}, ${own})`.execute(tx);
    await sql`insert into revision (id, tenant_id, activity_id, number, title, body, author, content_hash)
      values (${revision}, ${tenant}, ${scheduled}, 1, 'Rye', 'It rests.', 'agent:writer', 'h')`.execute(tx);
    await sql`insert into approval (id, tenant_id, activity_id, step, decision, revision_id, content_hash, decided_by)
      values (${newId()}, ${tenant}, ${scheduled}, 'client_review', 'approved', ${revision}, 'h', 'user:clara')`.execute(
      tx,
    );
    await sql`insert into publication (id, tenant_id, activity_id, revision_id, channel_id, content_hash, slug)
      values (${newId()}, ${tenant}, ${scheduled}, ${revision}, ${channel}, 'h', 'rye')`.execute(tx);
  });

  await migrateService({ ownerUrl: t.urls.owner, migrations: MIGRATIONS });

  const seen = await t.db.withTenant(systemCtx("test", { tenantId: tenant }), async (tx) => ({
    targets: await tx
      .selectFrom("activity_target")
      .select(["activity_id", "channel_id", "decision", "decided_by"])
      .orderBy("activity_id")
      .execute(),
    approvals: await tx.selectFrom("approval").select("channels").execute(),
  }));
  expect(seen).toEqual({
    targets: [
      { activity_id: waiting, channel_id: channel, decision: "pending", decided_by: null },
      { activity_id: scheduled, channel_id: channel, decision: "approved", decided_by: "user:clara" },
    ],
    approvals: [{ channels: [] }],
  });
  // Nobody sees more than before.
  const foreign = systemCtx("test", { tenantId: t.tenantB });
  const others = await t.db.withTenant(foreign, (tx) =>
    tx.selectFrom("activity_target").selectAll().execute(),
  );
  expect(others).toEqual([]);
});
