import { findPrometheus, freePort, type RunningPrometheus, startPrometheus } from "@leadmetrics/kit/backends";
import { metricsTargets, RULES } from "@leadmetrics/local/observe";
import type { Alert } from "@leadmetrics/observability/alerts/alert";
import { ALERT_GROUPS } from "@leadmetrics/observability/alerts/index";
import { z } from "zod";
import { until } from "../company.ts";
import type { Platform } from "../harness.ts";

/** Seconds between two scrapes: longer than a look at what hangs may take, which is also the limit of a scrape. */
const EVERY_S = 3;

const answer = z.object({
  data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()) })) }),
});
const rules = z.object({
  data: z.object({
    groups: z.array(z.object({ rules: z.array(z.object({ name: z.string(), health: z.string() })) })),
  }),
});

export type Labels = Readonly<Record<string, string>>;

/** A real Prometheus that scrapes the platform, and what its alarms' expressions say there. */
export class Watch {
  readonly #platform: Platform;
  readonly #prometheus: RunningPrometheus;

  private constructor(platform: Platform, prometheus: RunningPrometheus) {
    this.#platform = platform;
    this.#prometheus = prometheus;
  }

  /** @throws {BackendUnavailable} when there is no Prometheus here */
  static async over(platform: Platform): Promise<Watch> {
    const prometheus = await startPrometheus(await findPrometheus({ fetch: true }), {
      dir: platform.place.dir("prometheus"),
      port: await freePort(),
      targets: metricsTargets(platform.place, platform.names),
      rules: RULES,
      everySeconds: EVERY_S,
    });
    return new Watch(platform, prometheus);
  }

  stop = (): Promise<void> => this.#prometheus.stop();

  /** The alarms Prometheus has loaded, with whether it could evaluate them. */
  async loaded(): Promise<Map<string, string>> {
    const { data } = rules.parse(await this.#ask("/api/v1/rules"));
    return new Map(data.groups.flatMap((group) => group.rules.map(({ name, health }) => [name, health])));
  }

  /** The label sets for which an alarm's expression is true now; for how long is another matter. */
  async truths(alert: string): Promise<Labels[]> {
    const query = encodeURIComponent(alertNamed(alert).expr);
    return answer
      .parse(await this.#ask(`/api/v1/query?query=${query}`))
      .data.result.map(({ metric }) => metric);
  }

  /** Waits until the alarm's expression is true for these labels. */
  async holds(alert: string, labels: Labels, withinMs: number): Promise<Labels> {
    return until(`${alert} ${JSON.stringify(labels)}`, withinMs, async () =>
      (await this.truths(alert)).find((each) => covers(each, labels)),
    );
  }

  /** Waits until the alarm's expression isn't true for these labels any more. */
  async ends(alert: string, labels: Labels, withinMs: number): Promise<void> {
    await until(`the end of ${alert} ${JSON.stringify(labels)}`, withinMs, async () =>
      (await this.truths(alert)).some((each) => covers(each, labels)) ? undefined : true,
    );
  }

  /** What every process says at /metrics, by its name. */
  async pages(): Promise<Map<string, string>> {
    const targets = Object.entries(metricsTargets(this.#platform.place, this.#platform.names));
    return new Map(
      await Promise.all(
        targets.map(
          async ([name, target]): Promise<[string, string]> => [
            name,
            await (await fetch(`http://${target}/metrics`)).text(),
          ],
        ),
      ),
    );
  }

  async #ask(path: string): Promise<unknown> {
    const response = await fetch(`${this.#prometheus.url}${path}`);
    if (!response.ok) throw new Error(`Prometheus answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
}

const covers = (found: Labels, wanted: Labels): boolean =>
  Object.entries(wanted).every(([name, value]) => found[name] === value);

function alertNamed(name: string): Alert {
  const found = ALERT_GROUPS.flatMap((group) => group.alerts).find((alert) => alert.name === name);
  if (!found) throw new Error(`There is no alarm ${name}.`);
  return found;
}
