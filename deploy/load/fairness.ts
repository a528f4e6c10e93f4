/**
 * Whether a tenant with ten thousand waiting runs keeps others waiting: agents' own dispatcher on a real database and broker,
 * workers whose jobs take a known time. Prints; asserts nothing.
 *
 *   node deploy/load/fairness.ts [--crowd 10000] [--quiet 20] [--slots 16] [--job 1000] [--apart 250]
 *
 * The baseline is first come, first served, computed from the same figures: everything that waited before a run, at the rate
 * at which runs were done.
 */
import { parseArgs } from "node:util";
import type { AgentsConfig } from "@leadmetrics/agents/src/config.ts";
import type { AgentsDb } from "@leadmetrics/agents/src/db.ts";
import { service as agents } from "@leadmetrics/agents/src/definition.ts";
import { signalsOver } from "@leadmetrics/agents/src/signals.ts";
import { asTenantId, newId, Rights, service, startRpcServer, TokenVerifier } from "@leadmetrics/kit";
import { startServiceTest } from "@leadmetrics/kit/testing/service-test";
import { CreditsService } from "@leadmetrics/proto/billing/v1/credits";
import pg from "pg";
import { DURABILITY, startBackends } from "./backends.ts";
import { GROUP, startSlots } from "./fairness/worker.ts";
import { median, percentile, printConditions, ROUNDS } from "./measure.ts";

const { values } = parseArgs({
  options: {
    crowd: { type: "string", default: "10000" },
    quiet: { type: "string", default: "20" },
    slots: { type: "string", default: "16" },
    job: { type: "string", default: "1000" },
    apart: { type: "string", default: "250" },
  },
});
const crowd = Number(values.crowd);
const quiet = Number(values.quiet);
const slots = Number(values.slots);
const jobMs = Number(values.job);
const apartMs = Number(values.apart);
/** Jobs take the mean give or take this share of it, evenly spread. */
const SPREAD = 0.5;
/** Mean job times before the quiet ones come, so that they meet a house that is full. */
const SETTLE_JOBS = 5;
const PATIENCE_JOBS = 40;
/** The quiet tenants' p95, in mean job times. */
const AIM_JOBS = 2;

const backends = await startBackends();
const t = await startServiceTest<AgentsDb>({
  service: "agents",
  migrations: new URL("../../services/agents/migrations/", import.meta.url),
});
// Billing's answer to everything here is yes; what it costs to ask is in the figures.
const billing = await startRpcServer({
  services: [
    service(CreditsService, {
      getBalance: () => ({}),
      listCreditEntries: () => ({}),
      reserveCredits: () => ({}),
      settleCredits: () => ({}),
      releaseCredits: () => ({}),
      grantCredits: () => ({}),
    }),
  ],
  verifier: new TokenVerifier(t.keys, new Rights()),
  log: t.log,
  host: "127.0.0.1",
  rpcPort: 0,
  grpcPort: 0,
  isReady: () => true,
});
const config: AgentsConfig = {
  ...t.config,
  BILLING_URL: `http://127.0.0.1:${billing.rpcPort}`,
  LLM_ADAPTER: undefined,
  LLM_MODEL: undefined,
  ANTHROPIC_API_KEY: undefined,
  ANTHROPIC_BASE_URL: undefined,
  OPENAI_API_KEY: undefined,
  OPENAI_BASE_URL: undefined,
  OFFLINE_PACE_MS: 0,
  WORKER_GROUPS: [],
  WORKER_SLOTS_LLM: slots,
  WORKER_SLOTS_UTIL: slots,
};
const admin = new pg.Client({ connectionString: backends.adminUrl(t) });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
try {
  await admin.connect();
  await measure();
} finally {
  await admin.end();
  await t.close();
  await billing.close();
  await backends.stop();
}

async function measure(): Promise<void> {
  // The dispatcher alone: no worker pool of its own, no reconciler.
  const { start } = agents;
  await t.start({ config, start });
  printConditions(
    `${DURABILITY.postgres}; NATS file storage, synced every 2 minutes; ${slots} slots, jobs of ${jobMs} ms ± ${SPREAD * 100} %; one tenant with ${crowd} runs waiting, then ${quiet} tenants with one each, ${apartMs} ms apart; median of ${ROUNDS}`,
  );
  await ask(asTenantId(newId()), crowd);
  const worker = startSlots({
    db: t.db,
    nats: t.nats,
    slots,
    jobMs: () => jobMs * (1 - SPREAD + 2 * SPREAD * Math.random()),
  });
  const rounds: { p95: number; fifo: number; perSecond: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await pause(SETTLE_JOBS * jobMs);
    rounds.push(await newcomers(worker.done));
  }
  await worker.stop();
  const of = (pick: (round: (typeof rounds)[number]) => number) => median(rounds.map(pick));
  const p95 = of((round) => round.p95);
  const fifo = of((round) => round.fifo);
  console.log(
    `  runs done                ${of((round) => round.perSecond).toFixed(1)} per second (slots alone: ${((slots * 1_000) / jobMs).toFixed(1)})`,
  );
  console.log(
    `  quiet tenants' wait      p95 ${p95.toFixed(0)} ms (${rounds.map((round) => round.p95.toFixed(0)).join(", ")}) = ${(p95 / jobMs).toFixed(2)} mean job times (aim ≤ ${AIM_JOBS}: ${p95 <= AIM_JOBS * jobMs ? "met" : "MISSED"})`,
  );
  console.log(`  first come, first served p95 ${(fifo / 1_000).toFixed(0)} s`);
  console.log(`  ratio                    ${(p95 / fifo).toFixed(4)} × first come, first served`);
}

/** The quiet tenants come, one after the other; over when each has had its turn. */
async function newcomers(done: () => number): Promise<{ p95: number; fifo: number; perSecond: number }> {
  const started = performance.now();
  const doneBefore = done();
  const { rows: before } = await admin.query<{ n: number }>(
    "select count(*)::int as n from agent_run where status in ('requested', 'admitted')",
  );
  const tenants = Array.from({ length: quiet }, () => asTenantId(newId()));
  for (const tenant of tenants) {
    await ask(tenant, 1);
    await pause(apartMs);
  }
  const end = performance.now() + PATIENCE_JOBS * jobMs;
  for (;;) {
    const { rows } = await admin.query<{ ms: number | null }>(
      `select extract(epoch from started_on - requested_on)::float * 1000 as ms
       from agent_run where tenant_id = any($1)`,
      [tenants],
    );
    const waits = rows.flatMap(({ ms }) => (ms === null ? [] : [ms]));
    if (waits.length === quiet) {
      const perSecond = ((done() - doneBefore) * 1_000) / (performance.now() - started);
      const ahead = (before[0]?.n ?? 0) + Math.ceil(quiet * 0.95);
      return { p95: percentile(waits, 0.95), fifo: (ahead / perSecond) * 1_000, perSecond };
    }
    if (performance.now() > end)
      throw new Error(`${quiet - waits.length} quiet tenants were not served in ${PATIENCE_JOBS} job times`);
    await pause(jobMs / 4);
  }
}

/** Runs as content's event would leave them; written at once, as ten thousand events would take a while. */
async function ask(tenant: string, count: number): Promise<void> {
  await admin.query(
    `insert into agent_run (id, tenant_id, role, work_group, lane, work_key, title, wake_reason, input, status, created_by)
     select id, $1, 'blog-writer', $3, 'batch', 'step:' || id, 'Rye bread', 'new_task', '{}', 'requested', 'user:load'
     from unnest($2::uuid[]) as t (id)`,
    [tenant, Array.from({ length: count }, () => newId()), GROUP],
  );
  signalsOver(t.nats).wake();
}
