import { METRICS, metrics, newId, type Sampler } from "@leadmetrics/kit";
import { type ServiceTest, startServiceTest } from "@leadmetrics/kit/testing";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TenancyDb } from "../src/db.ts";
import { tenantWorkSampler } from "../src/deletion/metrics.ts";

const HOUR_S = 3_600;

let t: ServiceTest<TenancyDb>;
let owner: pg.Client;
let sampler: Sampler;
beforeAll(async () => {
  t = await startServiceTest<TenancyDb>({
    service: "tenancy",
    migrations: new URL("../migrations/", import.meta.url),
  });
  owner = new pg.Client({ connectionString: t.urls.owner });
  await owner.connect();
  sampler = tenantWorkSampler(t.db);
});
afterAll(async () => {
  await owner?.end();
  await t?.close();
});
beforeEach(() => owner.query("delete from tenant_deletion"));

/** A deletion in a state, asked for and due so many hours ago; negative hours are still to come. */
function deletion(status: string, requestedHoursAgo: number, dueHoursAgo: number) {
  return owner.query(
    `insert into tenant_deletion (id, about_tenant, name, status, reason, requested_by, requested_on, erase_after, previous_status)
     values ($1, $2, 'Bakery', $3, 'test', 'test', now() - $4 * interval '1 hour', now() - $5 * interval '1 hour', 'active')`,
    [newId(), newId(), status, requestedHoursAgo, dueHoursAgo],
  );
}

async function age(work: "deletion" | "export"): Promise<number> {
  await sampler.take();
  const text = await metrics.getSingleMetricAsString(METRICS.tenantWorkAge.name);
  const line = text.split("\n").find((each) => each.includes(`work="${work}"`));
  return Number(line?.split(" ").at(-1));
}

describe("the age of what is done for whole tenants", () => {
  it("is nothing while a grace period lasts, and after the end", async () => {
    await deletion("grace", 100, -1);
    await deletion("finished", 500, 300);
    await deletion("cancelled", 500, 300);
    expect(await age("deletion")).toBe(0);
  });

  it("is counted from the end of the grace period, of the one that waits longest", async () => {
    await deletion("erasing", 800, 2);
    await deletion("verifying", 800, 5);
    const seconds = await age("deletion");
    expect(seconds).toBeGreaterThanOrEqual(5 * HOUR_S);
    expect(seconds).toBeLessThan(5.1 * HOUR_S);
  });

  it("is counted from the request when a tenant's records can't even be counted", async () => {
    await deletion("requested", 3, -700);
    expect(await age("deletion")).toBeGreaterThanOrEqual(3 * HOUR_S);
  });

  it("of an export is the time for which somebody has waited for it", async () => {
    expect(await age("export")).toBe(0);
    const platform = new pg.Client({ connectionString: t.urls.platform });
    await platform.connect();
    const tenant = newId();
    const exportOf = (status: string, hoursAgo: number) =>
      platform.query(
        `insert into tenant_export (id, tenant_id, status, requested_by, requested_on)
         values ($1, $2, $3, 'test', now() - $4 * interval '1 hour')`,
        [newId(), tenant, status, hoursAgo],
      );
    await platform.query(
      "insert into tenant (id, tenant_id, name, created_by) values ($1, $1, 'Bakery', 'test')",
      [tenant],
    );
    await exportOf("failed", 9);
    await exportOf("ready", 8);
    expect(await age("export")).toBe(0);
    await exportOf("working", 1);
    expect(await age("export")).toBeGreaterThanOrEqual(HOUR_S);
    await platform.end();
  });
});
