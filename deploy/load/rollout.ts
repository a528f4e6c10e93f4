/**
 * Rolls a new version out while people read, write and listen and agents work, as `helm upgrade` does: every database is
 * migrated while the old version runs, then process by process is replaced. Prints failed requests, live events that were
 * dropped or came twice, and effects that happened twice; all must be 0.
 *
 *   node deploy/load/rollout.ts [--gateway first|last] [--only gateway,content] [--readers 4] [--posts 2]
 *
 * The new version is another build (`rollout/next-version.ts`), with a migration of its own in each service. Each service
 * stands behind a balancer of its own that does what a Service of Kubernetes does. A process is replaced by starting one of
 * the new version, and by SIGTERM to the old one when that is ready.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { activitiesIn, approveTwice, newCompany, quiet, until } from "@leadmetrics/e2e/company";
import { Books } from "@leadmetrics/e2e/crash/books";
import { approvePlan } from "@leadmetrics/local/demo/main-job";
import { freeBase } from "@leadmetrics/local/place";
import { type Platform, startPlatform } from "@leadmetrics/local/platform";
import { Replica } from "@leadmetrics/local/replica";
import { seed } from "@leadmetrics/local/seed";
import { processNamed, SERVICES, SYSTEM } from "@leadmetrics/local/system";
import { Balancer } from "./rollout/balancer.ts";
import { Listener } from "./rollout/listener.ts";
import { makeNextVersion, migrate, NEXT_VERSION, versionOf } from "./rollout/next-version.ts";
import { Traffic } from "./rollout/traffic.ts";

const { values } = parseArgs({
  options: {
    gateway: { type: "string", default: "first" },
    only: { type: "string" },
    readers: { type: "string", default: "4" },
    posts: { type: "string", default: "2" },
  },
});
const posts = Number(values.posts);
/** As in production, where kube-proxy and ingresses take a moment to notice. */
const DRAIN_MS = 5_000;
const WORK_MS = 240_000;
const REST_MS = 60_000;
/** For so long everybody is still of the old version, though the databases aren't. */
const OLD_ON_NEW_MS = 8_000;
const READS = [
  "/tenant/v1/plans",
  "/tenant/v1/activities",
  "/tenant/v1/channels",
  "/tenant/v1/credits",
  "/tenant/v1/notifications",
  "/tenant/v1/search?q=rye",
  "/tenant/v1/files",
  "/auth/v1/me",
];

/**
 * The gateway first: it asks old services, and what happens meanwhile reaches browsers over streams that were resumed. The
 * gateway last: an old one asks new services.
 */
const others = SYSTEM.filter(({ kind }) => kind !== "portal" && kind !== "gateway").map(({ name }) => name);
const everything = values.gateway === "last" ? [...others, "gateway"] : ["gateway", ...others];
const names = values.only ? values.only.split(",") : everything;
/** Processes that had to be killed or ended by themselves. */
const accidents: string[] = [];
const balancers = new Map<string, Balancer>();
for (const name of [...SERVICES, "gateway"]) balancers.set(name, await Balancer.listen());
const balancerOf = (name: string) => {
  const found = balancers.get(name);
  if (!found) throw new Error(`${name} stands behind no balancer`);
  return found;
};

const dataDir = await mkdtemp(join(tmpdir(), "lm-rollout-"));
const platform = await startPlatform({
  base: await freeBase(),
  dataDir,
  portals: false,
  durable: false,
  env: {
    ...Object.fromEntries(SERVICES.map((name) => [`${name.toUpperCase()}_URL`, balancerOf(name).url])),
    DRAIN_MS: String(DRAIN_MS),
    RATE_LIMIT_SCALE: "100000",
    OFFLINE_PACE_MS: "20",
  },
  reporter: {
    step: () => () => {},
    say: () => {},
    notice(name, { text }) {
      if (/did not stop in time|ended \(/.test(text)) accidents.push(`${name} ${text}`);
    },
  },
});
try {
  process.exitCode = (await rollOut(platform)) ? 0 : 1;
} finally {
  await platform.stop();
  for (const balancer of balancers.values()) balancer.close();
  await rm(dataDir, { recursive: true, force: true });
}

async function rollOut(platform: Platform): Promise<boolean> {
  const root = await makeNextVersion(join(dataDir, "next"));
  const next = await Replica.of(platform, { root, env: { LM_VERSION: NEXT_VERSION } });
  for (const { name, ports } of SYSTEM.filter((spec) => balancers.has(spec.name)))
    await balancerOf(name).add({
      name,
      port: platform.place.port(ports.rpc ?? ports.http ?? 0),
      adminPort: platform.place.port(ports.admin ?? 0),
    });
  const gateway = balancerOf("gateway").url;
  const addresses = { ...platform.addresses, gateway };
  await seed({ ...platform, addresses }, () => {}, { demo: false });
  const company = await newCompany({ ...platform, addresses });
  const { email, password } = company.person;
  const token = await tokenOf(gateway, email, password);
  const listener = new Listener(`${gateway}/tenant/v1/events`, token);
  await listener.start();
  const traffic = new Traffic(gateway, token);
  traffic.start(READS, Number(values.readers));

  const theme = "Rye while processes come and go";
  const { ref } = await approvePlan(
    company.client,
    {
      title: theme,
      start: "2026-12-01",
      end: "2026-12-31",
      deliverables: [{ contentType: "blog_post", quantity: posts, theme, channelRef: company.channelRef }],
    },
    quiet,
  );
  const work = finishWork();
  const started = performance.now();
  const before = await versionOf(platform.place.port(processNamed("gateway").ports.admin ?? 0));
  traffic.during = "the migrations";
  await migrate(platform, root);
  traffic.during = "the old version on the new schema";
  await new Promise((resolve) => setTimeout(resolve, OLD_ON_NEW_MS));
  const replaced = new Map<string, string | undefined>();
  for (const name of names) await replace(name);
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  const wrongVersion = [...replaced].filter(([, version]) => version !== NEXT_VERSION);
  await work;
  traffic.during = "the rest";
  await traffic.stop();

  let problems: string[] = [];
  await until("the books", REST_MS, async () => {
    problems = await new Books(platform).problems(company);
    return problems.length === 0 ? true : undefined;
  }).catch(() => undefined);
  if (names.includes("gateway"))
    await until("the live stream to be open again", REST_MS, async () =>
      listener.connections > 1 ? true : undefined,
    );
  const twice = await doubled();
  const { dropped, repeated, all } = await compareEvents();
  await listener.stop();

  console.log(`replaced            ${names.length} processes in ${seconds} s: ${names.join(", ")}`);
  console.log(
    `version             ${before} before, ${NEXT_VERSION} after, ${SERVICES.length} databases migrated in between`,
  );
  for (const [name, version] of wrongVersion) console.log(`  ${name} says it is ${version}`);
  console.log(`requests            ${traffic.answered} answered, ${traffic.failures.length} failed`);
  for (const { during, what } of traffic.failures.slice(0, 20)) console.log(`  during ${during}: ${what}`);
  console.log(
    `live events         ${all} sent, ${dropped} dropped, ${repeated} twice, over ${listener.connections} connections`,
  );
  console.log(
    `effects             ${traffic.written.length} strategies and ${posts} posts, ${twice + problems.length} wrong or twice`,
  );
  for (const problem of [...problems, ...accidents]) console.log(`  ${problem}`);
  for (const { id, event } of listener.got.filter(({ event }) => event === "reset"))
    console.log(`  ${event} at ${id}: the gap was too long to be filled`);
  const wrong = [traffic.failures, wrongVersion, problems, accidents].reduce(
    (sum, { length }) => sum + length,
    0,
  );
  return wrong + dropped + repeated + twice === 0;

  /** The new one comes, the old one goes. */
  async function replace(name: string): Promise<void> {
    traffic.during = name;
    const balancer = balancers.get(name);
    await next.start(name);
    const endpoint = next.endpoint(name);
    replaced.set(name, await versionOf(endpoint.adminPort));
    await balancer?.add(endpoint);
    await platform.retire(name);
    balancer?.remove(name);
  }

  /** What people and agents do meanwhile, to the published post. */
  async function finishWork(): Promise<void> {
    const drafts = await activitiesIn(company.client, ref, "dm_review", posts, WORK_MS);
    for (const draft of drafts) await approveTwice(company, draft);
    await activitiesIn(company.client, ref, "published", posts, WORK_MS);
  }

  /** Strategies that are there more or less than once. */
  async function doubled(): Promise<number> {
    const rows = await new Books(platform).rows<{ title: string; times: number }>(
      "content",
      "select title, count(*)::int as times from strategy where title = any($1) group by title",
      [traffic.written],
    );
    const times = new Map(rows.map((row) => [row.title, row.times]));
    return traffic.written.filter((title) => times.get(title) !== 1).length;
  }

  /** What the browser got, against what a browser gets that asks for all of it at once afterwards. */
  async function compareEvents() {
    const [first] = listener.got;
    if (!first) return { dropped: 0, repeated: 0, all: 0 };
    const after = new Listener(`${gateway}/tenant/v1/events`, token, first.id);
    await after.start();
    const last = listener.got.at(-1)?.id ?? 0;
    await until("the events of the whole time", REST_MS, async () =>
      (after.got.at(-1)?.id ?? 0) >= last ? true : undefined,
    ).catch(() =>
      console.log(
        `  asked again, ${after.got.length} events came up to ${after.got.at(-1)?.id}; before, ${listener.got.length} from ${first.id} to ${last}`,
      ),
    );
    await after.stop();
    const ids = listener.got.map(({ id }) => id);
    const got = new Set(ids);
    const expected = [first.id, ...after.got.map(({ id }) => id).filter((id) => id <= last)];
    return {
      dropped: expected.filter((id) => !got.has(id)).length,
      repeated: ids.length - got.size,
      all: expected.length,
    };
  }
}

async function tokenOf(gateway: string, email: string, password: string): Promise<string> {
  const response = await fetch(`${gateway}/auth/v1/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password, portal: "dashboard" }),
  });
  const { accessToken } = (await response.json()) as { accessToken?: string };
  if (!accessToken) throw new Error(`the sign-in was answered with ${response.status}`);
  return accessToken;
}
