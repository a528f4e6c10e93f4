/**
 * How a list behaves over a million activities: first and deep pages, with and without filters, through content's own
 * service code and a real call. Prints the plan of each query as Postgres executed it; asserts nothing.
 *
 *   node deploy/load/lists.ts [--activities 1000000] [--tenants 300] [--calls 100]
 *
 * The baseline is the same page by hand over pg with the tenant named in the query, on the same database.
 */
import { parseArgs } from "node:util";
import type { ContentDb } from "@leadmetrics/content/src/db.ts";
import { activitiesService } from "@leadmetrics/content/src/production/activities-rpc.ts";
import { asTenantId, type Id, newId, type TenantId, toRef } from "@leadmetrics/kit";
import { startServiceTest } from "@leadmetrics/kit/testing/service-test";
import { ActivitiesService, ActivityStatus } from "@leadmetrics/proto/content/v1/activities";
import { ContentType } from "@leadmetrics/proto/content/v1/plans";
import pg from "pg";
import { DURABILITY, startBackends } from "./backends.ts";
import { byHand } from "./items/items.ts";
import { explaining, usesIndex } from "./lists/explain.ts";
import { fillActivities } from "./lists/fill.ts";
import { percentile, printBelow, printConditions, printRatio, summary } from "./measure.ts";

const { values } = parseArgs({
  options: {
    activities: { type: "string", default: "1000000" },
    tenants: { type: "string", default: "300" },
    calls: { type: "string", default: "100" },
  },
});
const activities = Number(values.activities);
const calls = Number(values.calls);
const PAGE = 50;
const WARM_CALLS = 8;
const AIM_P99_MS = 50;

const backends = await startBackends();
const t = await startServiceTest<ContentDb>({
  service: "content",
  migrations: new URL("../../services/content/migrations/", import.meta.url),
});
const watch = explaining();
const pool = new pg.Pool({ connectionString: t.urls.app, max: 1 });
try {
  await t.start({ config: t.config, rpc: ({ db }) => [activitiesService(watch.over(db))] });
  const tenants = Array.from({ length: Number(values.tenants) }, () => asTenantId(newId()));
  const started = performance.now();
  const filled = await fillActivities(backends.adminUrl(t), tenants, activities);
  printConditions(
    `${DURABILITY.postgres}; ${activities} activities of ${tenants.length} tenants (the biggest has one of five), filled in ${((performance.now() - started) / 1_000).toFixed(0)} s; pages of ${PAGE}, ${calls} calls each, one at a time`,
  );
  const all: number[] = [];
  const ratios: number[] = [];
  for (const { name, tenant, plan, middle } of filled) {
    const client = await t.client(ActivitiesService, t.ctx.tenant(tenant).principal);
    const filters = [
      { what: "no filter", filter: {} },
      { what: "one status", filter: { statuses: [ActivityStatus.DM_REVIEW] } },
      { what: "a plan", filter: { planRef: toRef(plan) } },
      { what: "a type", filter: { contentType: ContentType.SOCIAL_POST } },
      { what: "status, plan", filter: { statuses: [ActivityStatus.DM_REVIEW], planRef: toRef(plan) } },
    ];
    for (const { what, filter } of filters) {
      for (const after of [undefined, middle]) {
        const ask = () =>
          client.listActivities({
            ...filter,
            page: { pageSize: PAGE, pageToken: after ? toRef(after) : "" },
          });
        const times = await timesOf(ask);
        all.push(...times);
        const { p50, p99 } = summary(times);
        const [query] = await watch.during(ask);
        if (!query) throw new Error("the list asked the database for nothing");
        console.log(
          `${name}, ${what}, ${after ? "deep" : "first"} page: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; ${/\boffset\b/i.test(query.sql) ? "USES OFFSET" : "no offset"}`,
        );
        for (const [kind, plan] of [
          ["for these values", query.custom],
          ["for any values", query.generic],
        ] as const) {
          console.log(`  planned ${kind}: ${usesIndex(plan)}`);
          console.log(plan.map((line) => `    ${line}`).join("\n"));
        }
        if (what !== "no filter") continue;
        const hand = summary(await timesOf(() => handWritten(tenant, after)));
        ratios.push(hand.p50 / p50);
        console.log(
          `  by hand, without the call: p50 ${hand.p50.toFixed(1)} ms, p99 ${hand.p99.toFixed(1)} ms`,
        );
      }
    }
  }
  printBelow("p99 of all lists", percentile(all, 0.99), AIM_P99_MS);
  // Of a whole call with its answer of 50 activities to a bare query: how much of a list isn't the database.
  printRatio("the speed of the query by hand (worst list)", Math.min(...ratios));
} finally {
  await pool.end();
  await t.close();
  await backends.stop();
}

async function timesOf(ask: () => Promise<unknown>): Promise<number[]> {
  // The first ones prepare the statement, and decide whether its plan serves every value.
  for (let call = 0; call < WARM_CALLS; call++) await ask();
  const times: number[] = [];
  for (let call = 0; call < calls; call++) {
    const asked = performance.now();
    await ask();
    times.push(performance.now() - asked);
  }
  return times;
}

/** The page as a hand writes it that names the tenant although row-level security would do. */
function handWritten(tenant: TenantId, after: Id | undefined): Promise<unknown> {
  return byHand(pool, tenant, (client) =>
    client.query({
      name: after ? "deep" : "first",
      text: `select * from activity where tenant_id = $1 ${after ? "and id < $3" : ""} order by id desc limit $2`,
      values: [tenant, PAGE + 1, ...(after ? [after] : [])],
    }),
  );
}
