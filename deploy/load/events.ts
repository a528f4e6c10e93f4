/**
 * From a committed change to its effect in another service, once: throughput at saturation, and latency at a steady rate.
 * Prints; asserts nothing.
 *
 *   node deploy/load/events.ts [--events 5000] [--tenants 20] [--rate 200] [--seconds 15] [--rounds 3] [--sync 1s|always]
 *
 * Ours: event in the transaction's outbox, relay, JetStream, consumer with inbox row and insert. The baseline: BullMQ, the
 * job added after the commit, the worker's insert under a unique key. A crash between commit and add loses the baseline's
 * event and delays ours. Both sides write the same rows under the same row-level security, with producer and worker in a
 * process each.
 */
import { parseArgs } from "node:util";
import { asTenantId, newId, type TenantId } from "@leadmetrics/kit";
import { DURABILITY, startBackends } from "./backends.ts";
import { startRedis } from "./events/redis.ts";
import { type EventSide, startBullSide, startKitSide } from "./events/sides.ts";
import { alternate, median, openLoop, printBelow, printConditions, printRatio, summary } from "./measure.ts";
import { cpuSeconds } from "./memory.ts";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "5000" },
    tenants: { type: "string", default: "20" },
    rate: { type: "string", default: "200" },
    seconds: { type: "string", default: "15" },
    rounds: { type: "string", default: "3" },
    sync: { type: "string", default: "1s" },
  },
});
const events = Number(values.events);
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
/** Transactions under way at once at saturation; as many connections as each side's pool has. */
const PRODUCERS = 10;
/** So that neither side is measured while its code is still being compiled. */
const WARM_EVENTS = 3_000;
const AIM_RATIO = 1.5;
const AIM_P99_MS = 50;

interface EventRound {
  readonly perSecond: number;
  /** Of all processes together, brokers and Postgres included, milliseconds. */
  readonly cpuEach: number;
  readonly p50: number;
  readonly p99: number;
}

const tenants = Array.from({ length: Number(values.tenants) }, () => asTenantId(newId()));
const tenantOf = (index: number): TenantId => {
  const tenant = tenants[index % tenants.length];
  if (!tenant) throw new Error("--tenants must be 1 at least");
  return tenant;
};

const backends = await startBackends(values.sync);
const redis = await startRedis();
try {
  printConditions(
    `kit: ${DURABILITY.postgres}; ${DURABILITY.nats(values.sync)}`,
    redis
      ? `BullMQ: ${DURABILITY.postgres}; ${DURABILITY.redis}`
      : "!!! NO BASELINE: there is no redis-server on PATH (Debian: apt-get install redis-server). Our figures stand alone.",
    `${events} events of ${tenants.length} tenants, ${PRODUCERS} producers at once; then ${rate} per second for ${seconds} s; median of ${rounds}`,
  );
  const kit = await startKitSide(backends);
  const bull = redis && (await startBullSide(backends, redis.port));
  for (const side of [kit, bull]) if (side) await saturate(side, WARM_EVENTS);
  if (bull) {
    const all = await alternate(
      () => round(kit),
      () => round(bull),
      rounds,
    );
    print("kit", all.ours);
    print("BullMQ", all.baseline);
    const ratios = all.ours.map(
      ({ perSecond }, index) => perSecond / (all.baseline[index]?.perSecond ?? Number.NaN),
    );
    printRatio("BullMQ's throughput", median(ratios), AIM_RATIO);
    printBelow("kit p99", median(all.ours.map(({ p99 }) => p99)), AIM_P99_MS);
  } else {
    const ours: EventRound[] = [];
    while (ours.length < rounds) ours.push(await round(kit));
    print("kit", ours);
    printBelow("kit p99", median(ours.map(({ p99 }) => p99)), AIM_P99_MS);
  }
  await kit.stop();
  await bull?.stop();
} finally {
  await redis?.stop();
  await backends.stop();
}

async function round(side: EventSide): Promise<EventRound> {
  const { perSecond, cpuEach } = await saturate(side, events);
  const committed = new Map<string, number>();
  await openLoop({ perSecond: rate, seconds }, async (index) => {
    const { id, at } = await side.produce(tenantOf(index));
    committed.set(id, at);
  });
  const done = await side.effects(committed.size);
  const times = [...committed].map(([id, at]) => (done.get(id) ?? Number.NaN) - at);
  return { perSecond, cpuEach, ...summary(times) };
}

/** As many events as the producers can make; over when the last effect has committed. */
async function saturate(side: EventSide, count: number): Promise<{ perSecond: number; cpuEach: number }> {
  const cpu = cpuSeconds(process.pid);
  const started = performance.timeOrigin + performance.now();
  let next = 0;
  const producer = async () => {
    while (next < count) await side.produce(tenantOf(next++));
  };
  await Promise.all(Array.from({ length: PRODUCERS }, producer));
  const done = await side.effects(count);
  const last = [...done.values()].reduce((latest, at) => Math.max(latest, at), started);
  return {
    perSecond: (count * 1_000) / (last - started),
    cpuEach: ((cpuSeconds(process.pid) - cpu) * 1_000) / count,
  };
}

function print(name: string, all: readonly EventRound[]): void {
  const of = (pick: (round: EventRound) => number) => median(all.map(pick));
  console.log(
    `  ${name.padEnd(24)} ${of((each) => each.perSecond).toFixed(0)} events per second (${all.map((each) => each.perSecond.toFixed(0)).join(", ")}), ${of((each) => each.cpuEach).toFixed(1)} ms processor each over all processes; at ${rate}/s p50 ${of((each) => each.p50).toFixed(1)} ms, p99 ${of((each) => each.p99).toFixed(1)} ms (${all.map((each) => each.p99.toFixed(0)).join(", ")})`,
  );
}
