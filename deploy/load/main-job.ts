/**
 * How fast approved plans become drafts, with the offline adapter and everything else real. Prints; asserts nothing.
 *
 *   node deploy/load/main-job.ts [--activities 1000] [--tenants 10] [--pace 0]
 *
 * The baseline is measured in the same run: one activity at a time, each waited for before the next is approved.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { activitiesOf, type Company, newCompany, quiet } from "@leadmetrics/e2e/company";
import { approvePlan } from "@leadmetrics/local/demo/main-job";
import { freeBase } from "@leadmetrics/local/place";
import { type Platform, startPlatform } from "@leadmetrics/local/platform";
import pg from "pg";
import { cpuSeconds, memoryOf, watchMemory } from "./memory.ts";

const { values } = parseArgs({
  options: {
    activities: { type: "string", default: "1000" },
    tenants: { type: "string", default: "10" },
    pace: { type: "string", default: "0" },
  },
});
const activities = Number(values.activities);
const tenants = Number(values.tenants);
const BASELINE_ACTIVITIES = 5;
const PATIENCE_MS = 30 * 60_000;
const SAMPLE_MS = 5_000;

const dataDir = await mkdtemp(join(tmpdir(), "lm-load-"));
const platform = await startPlatform({
  base: await freeBase(),
  dataDir,
  portals: false,
  env: { RATE_LIMIT_SCALE: "100000", OFFLINE_PACE_MS: values.pace },
});
const pids = () => ({
  processes: platform.names.flatMap((name) => platform.pid(name) ?? []),
  backends: platform.backends.pids(),
});
/** Processor seconds so far, by process; Postgres and NATS as the runner's order has them. */
const cpuByName = (): [string, number][] => [
  ...platform.names.map((name): [string, number] => [name, cpuSeconds(platform.pid(name) ?? 0)]),
  ...platform.backends
    .pids()
    .map((pid, index): [string, number] => [index === 0 ? "postgres" : "nats", cpuSeconds(pid)]),
];
try {
  await measure(platform);
} finally {
  await platform.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function measure({ databaseUrl }: Platform): Promise<void> {
  const idle = memoryOf(pids());
  console.log(
    `${activities} activities of ${tenants} tenants, three runs each, ${values.pace} ms between two chunks of a draft`,
  );
  const companies: Company[] = [];
  for (let i = 0; i < tenants; i++) {
    const company = await newCompany(platform);
    await company.admin.post(`/admin/v1/tenants/${company.tenant}/credits`, {
      credits: 100_000,
      note: "load test",
    });
    companies.push(company);
  }
  const [first] = companies;
  if (!first) throw new Error("--tenants must be 1 at least");

  const alone = performance.now();
  for (let i = 0; i < BASELINE_ACTIVITIES; i++) await drafts(first, 1);
  const baseline = BASELINE_ACTIVITIES / ((performance.now() - alone) / 1_000);

  const watch = watchMemory(pids, SAMPLE_MS);
  const cpuBefore = cpuByName();
  const since = new Date();
  const started = performance.now();
  const each = Math.ceil(activities / tenants);
  await Promise.all(companies.map((company) => drafts(company, each)));
  const seconds = (performance.now() - started) / 1_000;
  watch.stop();
  const cpu = cpuByName().map(
    ([name, spent], index) => [name, spent - (cpuBefore[index]?.[1] ?? 0)] as const,
  );
  const rate = (each * tenants) / seconds;

  // The owner is under row-level security as well; the administrator is not.
  const database = new pg.Client({
    connectionString: databaseOf(platform.backends.adminUrl, databaseUrl("agents")),
  });
  await database.connect();
  const { rows } = await database.query<{
    lane: string;
    runs: number;
    p50: number;
    p95: number;
    work: number;
  }>(
    `select lane, count(*)::int as runs,
       percentile_cont(0.5) within group (order by extract(epoch from started_on - requested_on)) as p50,
       percentile_cont(0.95) within group (order by extract(epoch from started_on - requested_on)) as p95,
       percentile_cont(0.95) within group (order by extract(epoch from finished_on - started_on)) as work
     from agent_run where requested_on >= $1 and status = 'succeeded' group by lane`,
    [since],
  );
  const spread = await database.query<{ first: number; last: number }>(
    `select min(done) as first, max(done) as last from (
       select tenant_id, extract(epoch from max(finished_on) - $1) as done from agent_run
       where requested_on >= $1 group by tenant_id) t`,
    [since],
  );
  await database.end();

  const perDraft = (spent: number) => (spent * 1_000) / (each * tenants);
  console.log(
    `processor           ${perDraft(cpu.reduce((sum, [, spent]) => sum + spent, 0)).toFixed(0)} ms per draft: ${cpu
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, spent]) => `${name} ${perDraft(spent).toFixed(0)}`)
      .join(", ")}`,
  );
  const peak = watch.peak();
  console.log(
    `drafts in review    ${rate.toFixed(1)} per second (${each * tenants} in ${seconds.toFixed(1)} s)`,
  );
  console.log(`baseline            ${baseline.toFixed(2)} per second, one activity at a time`);
  console.log(`ratio               ${(rate / baseline).toFixed(1)} × the baseline`);
  for (const { lane, runs, p50, p95, work } of rows) {
    console.log(
      `enqueue → start     p50 ${p50.toFixed(2)} s, p95 ${p95.toFixed(2)} s (${runs} runs, lane ${lane}); working p95 ${work.toFixed(2)} s`,
    );
  }
  const [fair] = spread.rows;
  console.log(
    `fairness            the first tenant was done after ${Number(fair?.first).toFixed(1)} s, the last after ${Number(fair?.last).toFixed(1)} s`,
  );
  console.log(
    `memory              processes ${idle.processes} MiB idle, ${peak.processes} MiB peak; Postgres and NATS ${idle.backends} MiB idle, ${peak.backends} MiB peak`,
  );
}

/** The administrator's URL, for the database of another one. */
function databaseOf(adminUrl: string, url: string): string {
  const admin = new URL(adminUrl);
  admin.pathname = new URL(url).pathname;
  return admin.href;
}

/** Approves a plan of so many blog posts and waits until each is in review. */
async function drafts(company: Company, quantity: number): Promise<void> {
  // A plan's deliverable has a limit; a big one is several.
  const PER_DELIVERABLE = 100;
  const deliverables = Array.from({ length: Math.ceil(quantity / PER_DELIVERABLE) }, (_, index) => ({
    contentType: "blog_post",
    quantity: Math.min(PER_DELIVERABLE, quantity - index * PER_DELIVERABLE),
    theme: `Rye bread ${index + 1}`,
  }));
  const plan = { title: "Load", start: "2026-12-01", end: "2026-12-31", deliverables };
  const { ref } = await approvePlan(company.client, plan, quiet);
  const end = Date.now() + PATIENCE_MS;
  // Asked rarely, so that the asking isn't the load.
  while (Date.now() < end) {
    const all = await activitiesOf(company.client, ref);
    if (all.filter((activity) => activity.status === "dm_review").length >= quantity) return;
    await new Promise((resolve) => setTimeout(resolve, quantity === 1 ? 50 : SAMPLE_MS));
  }
  throw new Error(`${quantity} drafts were not there after ${PATIENCE_MS / 60_000} minutes`);
}
