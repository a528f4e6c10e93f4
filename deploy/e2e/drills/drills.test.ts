import { connectNats, type Nats } from "@leadmetrics/kit";
import {
  LABELS,
  type LabelBound,
  METRICS,
  type MetricDeclaration,
} from "@leadmetrics/kit/telemetry/metric-catalogue";
import { lm as runLm } from "@leadmetrics/lm/program";
import { ALERT_GROUPS } from "@leadmetrics/observability/alerts/index";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startResponsesServer } from "../../../services/agents/test/wire/responses-server.ts";
import type { WireServer } from "../../../services/agents/test/wire/wire.ts";
import { newCompany, until } from "../company.ts";
import { type Platform, platformForTests } from "../harness.ts";
import { ALONE, type Ground, PLANNED, planWork, TOGETHER } from "./drills.ts";
import { Watch } from "./watch.ts";

const SETUP_MS = 240_000;
const DRILL_MS = 90_000;
/** An alarm's threshold, and a few scrapes. */
const ALARM_MS = 60_000;

let platform: Platform;
let nats: Nats;
let provider: WireServer;
let watch: Watch | undefined;
let missing = "";
let ground: Ground;

beforeAll(async () => {
  provider = await startResponsesServer();
  provider.play({ kind: "text", text: PLANNED });
  const llm = { LLM_ADAPTER: "openai", OPENAI_API_KEY: "sk-drill-only", OPENAI_BASE_URL: provider.url };
  platform = await platformForTests({ portals: false, envOf: { agents: llm, "agents-worker": llm } });
  try {
    watch = await Watch.over(platform);
  } catch (error) {
    missing = error instanceof Error ? error.message : String(error);
    console.log(`skipped: drills: ${missing}`);
    return;
  }
  nats = await connectNats({ url: platform.backends.natsUrl, name: "drills" });
  const dataDir = platform.place.stateDir.replace(/\/state$/, "");
  const lm = async (...args: string[]) => {
    let wrong = "";
    const code = await runLm([...args, "--data-dir", dataDir], {
      out: () => {},
      err: (words) => {
        wrong += words;
      },
      env: {},
    });
    if (code !== 0) throw new Error(`lm ${args.join(" ")} ended with ${code}: ${wrong}`);
  };
  ground = { platform, nats, company: await newCompany(platform), provider, lm };
}, SETUP_MS);

afterAll(async () => {
  await watch?.stop();
  await nats?.close();
  await platform?.stop();
  await provider?.close();
}, 60_000);

/** The watch, or the test is skipped and says why. */
function watching(skip: (why: string) => never): Watch {
  return watch ?? skip(missing);
}

describe("a platform that is well", () => {
  it("has every alarm loaded in Prometheus, and none of those to be drilled goes off", async ({ skip }) => {
    const prometheus = watching(skip);
    const names = ALERT_GROUPS.flatMap((group) => group.alerts.map(({ name }) => name));
    const loaded = await until("the rules to be evaluated", ALARM_MS, async () => {
      const found = await prometheus.loaded();
      return [...found.values()].every((health) => health === "ok") ? found : undefined;
    });
    expect([...loaded.keys()].sort()).toEqual([...names].sort());
    for (const { alert } of [...TOGETHER, ...ALONE])
      expect(await prometheus.truths(alert), alert).toEqual([]);
  });
});

describe("several things go wrong at once", () => {
  beforeAll(async () => {
    if (!watch) return;
    // The first run proves the provider to be well; from then on its failures are failures of calls.
    await planWork(ground, "Before the drill");
    await until("a first call of the model", DRILL_MS, async () =>
      provider.seen.some(({ path }) => path.endsWith("/responses")) ? true : undefined,
    );
    for (const drill of TOGETHER) await drill.breakIt(ground);
  }, DRILL_MS);

  it.for(TOGETHER)("$title: the alarm tells", { timeout: DRILL_MS }, async (drill, { skip }) => {
    await watching(skip).holds(drill.alert, drill.labels, ALARM_MS);
    if (drill.looksBack) await drill.mend(ground);
  });
});

describe("after they were mended", () => {
  beforeAll(async () => {
    if (!watch) return;
    for (const drill of TOGETHER) if (!drill.looksBack) await drill.mend(ground);
  }, DRILL_MS);

  it.for(TOGETHER)(
    "$title: the platform goes on by itself",
    { timeout: DRILL_MS },
    async (drill, { skip }) => {
      const prometheus = watching(skip);
      await drill.proof(ground);
      if (!drill.looksBack) await prometheus.ends(drill.alert, drill.labels, ALARM_MS);
    },
  );
});

describe("on what really ran", () => {
  beforeAll(async () => {
    for (const name of platform.names) await platform.ready(name);
  }, DRILL_MS);

  it("every declared metric is measured by some process", async ({ skip }) => {
    const all = [...(await watching(skip).pages()).values()].join("\n");
    // No portal runs here; theirs are measured on a built one, in portal-metrics.test.ts.
    const ofPortals: readonly string[] = [METRICS.pageServed, METRICS.pageRendered, METRICS.portalCalled].map(
      ({ name }) => name,
    );
    const absent = Object.values(METRICS).filter(
      ({ name, type }) => !ofPortals.includes(name) && !all.includes(`# TYPE ${name} ${type}`),
    );
    expect(absent.map(({ name }) => name)).toEqual([]);
  });

  it("labels keep to their bounds, and none names a tenant, a person or a record", async ({ skip }) => {
    const wrong: string[] = [];
    for (const [name, page] of await watching(skip).pages())
      wrong.push(...wrongLabels(page).map((each) => `${name}: ${each}`));
    expect(wrong).toEqual([]);
  });
});

describe("what everything rests on", () => {
  it.for(ALONE)(
    "$title: the alarm tells, and the platform goes on by itself",
    { timeout: DRILL_MS },
    async (drill, { skip }) => {
      const prometheus = watching(skip);
      if (!platform.backends.postgres || !platform.backends.nats)
        return skip("Postgres or NATS was given from outside and can't be stopped here");
      await drill.breakIt(ground);
      try {
        await prometheus.holds(drill.alert, drill.labels, ALARM_MS);
      } finally {
        await drill.mend(ground);
      }
      await drill.proof(ground);
      await prometheus.ends(drill.alert, drill.labels, ALARM_MS);
    },
  );
});

const REF = /[0-9A-HJKMNP-TV-Z]{26}/;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-/;
/** A host or an address; patterns of routes begin with a slash and have no scheme. */
const ADDRESS = /:\/\/|@/;

/** Label values of our metrics that aren't declared, aren't bounded, or look like somebody's. */
function wrongLabels(page: string): string[] {
  const wrong: string[] = [];
  const values = new Map<string, Set<string>>();
  const metrics = new Map(
    Object.values(METRICS).map((metric: MetricDeclaration) => [metric.name as string, metric]),
  );
  for (const [, name = "", labels = ""] of page.matchAll(/^(lm_\w+)\{([^}]*)\}/gm)) {
    const metric = metrics.get(name) ?? metrics.get(name.replace(/_(bucket|sum|count)$/, ""));
    if (!metric) wrong.push(`${name} is not declared`);
    for (const [, label = "", value = ""] of labels.matchAll(/(\w+)="([^"]*)"/g)) {
      if (label === "le" || label === "service") continue;
      if (!metric?.labels.some((declared) => declared === label))
        wrong.push(`${name} has the label ${label}`);
      if (REF.test(value) || UUID.test(value) || ADDRESS.test(value))
        wrong.push(`${name}{${label}="${value}"}`);
      const key = `${metric?.name} ${label}`;
      values.set(key, (values.get(key) ?? new Set()).add(value));
    }
  }
  for (const [key, found] of values) {
    const bound: LabelBound | undefined = Object.entries(LABELS).find(([label]) =>
      key.endsWith(` ${label}`),
    )?.[1];
    if (!bound) continue;
    if ("values" in bound)
      wrong.push(
        ...[...found].filter((value) => !bound.values.includes(value)).map((value) => `${key} is ${value}`),
      );
    else if (found.size > bound.atMost + 1) wrong.push(`${key} has ${found.size} values`);
  }
  return wrong;
}
