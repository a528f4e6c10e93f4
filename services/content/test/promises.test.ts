import { fromRef, platformSettings, settingKey, systemCtx } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ContentDb, StatusName } from "../src/db.ts";
import { lockActivity, transition } from "../src/production/transition.ts";
import { draft } from "./draft.ts";

const HOUR_MS = 3_600_000;

let t: ServiceTest<ContentDb>;
beforeAll(async () => {
  t = await startServiceTest<ContentDb>({
    service: "content",
    migrations: new URL("../migrations/", import.meta.url),
  });
});
afterAll(() => t?.close());

/** Whole hours in which the next move is promised when a draft comes to a state. */
async function promisedHours(from: StatusName, to: StatusName): Promise<number | undefined> {
  const { ref } = await draft(t, "Promised", { status: from });
  const ctx = systemCtx("test", { tenantId: t.tenantA });
  const row = await t.db.withTenant(ctx, async (tx) =>
    transition(tx, ctx, await lockActivity(tx, fromRef(ref)), to),
  );
  if (!row.promised_on) return undefined;
  return Math.round((row.promised_on.getTime() - row.owed_since.getTime()) / HOUR_MS);
}

it("a draft is promised in the hours that are set for the platform, from the moment it arrives", async () => {
  expect(await promisedHours("working", "dm_review")).toBe(24);
  expect(await promisedHours("dm_review", "client_review")).toBe(48);
  platformSettings.apply(settingKey("promise.dm_review_hours"), "6");
  platformSettings.apply(settingKey("promise.client_review_hours"), "100");
  expect(await promisedHours("working", "dm_review")).toBe(6);
  expect(await promisedHours("dm_review", "client_review")).toBe(100);
  platformSettings.apply(settingKey("promise.dm_review_hours"), "9999");
  expect(await promisedHours("working", "dm_review")).toBe(24);
  expect(await promisedHours("client_review", "approved")).toBeUndefined();
});
