import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CHART, noHelm, ROOT, render } from "./helm.ts";
import { deploymentsOf, find, shortName } from "./kubernetes.ts";
import { chartValues } from "./values.ts";

const workers = Object.entries(chartValues.services).flatMap(([service, entry]) =>
  Object.entries(entry.workers).map(([name, worker]) => ({ name: `${service}-${name}`, ...worker })),
);
const PRODUCTION = { files: ["values-production.yaml"] };

describe.skipIf(noHelm)("workers with KEDA", () => {
  const objects = noHelm ? [] : render(CHART, PRODUCTION);

  it.each(workers.map((each) => [each.name, each] as const))(
    "%s follow what waits in their queue",
    (name, { lag, config }) => {
      const { spec } = find(objects, "ScaledObject", name);
      expect(spec).toMatchObject({
        scaleTargetRef: { name: `leadmetrics-${name}` },
        pollingInterval: 10,
        cooldownPeriod: 300,
        fallback: { failureThreshold: 3 },
        advanced: {
          horizontalPodAutoscalerConfig: {
            behavior: {
              scaleDown: {
                stabilizationWindowSeconds: 600,
                policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
              },
            },
          },
        },
        triggers: [
          {
            type: "nats-jetstream",
            metadata: {
              natsServerMonitoringEndpoint: "nats.nats:8222",
              account: "$G",
              stream: lag.stream,
              consumer: lag.consumer,
              activationLagThreshold: "0",
            },
          },
        ],
      });
      // Wanted replicas are what waits and runs, divided by what one of them runs at once.
      expect(JSON.stringify(spec.triggers)).toContain(`"lagThreshold":"${lag.perReplica}"`);
      const slots = Object.entries(config).find(([variable]) => variable.startsWith("WORKER_SLOTS_"));
      expect(slots?.[1]).toBe(String(lag.perReplica));
      // Somebody may be waiting for the first run: there is always a worker.
      expect(Number(spec.minReplicaCount)).toBeGreaterThanOrEqual(1);
    },
  );

  it("read queues that the code makes", () => {
    const text = readFileSync(`${ROOT}/services/agents/src/runs/jobs.ts`, "utf8");
    const groups = readFileSync(`${ROOT}/services/agents/src/runs/rules.ts`, "utf8");
    expect(text).toMatch(/durable_name: `agents-\$\{group\}`/);
    for (const { lag } of workers) {
      expect(text).toContain(`"${lag.stream}"`);
      expect(groups).toMatch(new RegExp(`WORK_GROUPS = \\[.*"${lag.consumer.replace("agents-", "")}"`));
    }
  });

  it("work on every group, and their service on none", () => {
    const groupsOf = (name: string) =>
      deploymentsOf(objects)
        .find((each) => each.name === name)
        ?.container.env.find((variable) => variable.name === "WORKER_GROUPS")?.value;
    expect(groupsOf("agents")).toBe("none");
    expect(workers.map(({ name }) => groupsOf(name)).sort()).toEqual(["llm", "util"]);
  });
});

describe.skipIf(noHelm)("everything else", () => {
  it("follows its CPU, up at once and down slowly, never below two in production", () => {
    const scalers = render(CHART, PRODUCTION).filter(({ kind }) => kind === "HorizontalPodAutoscaler");
    expect(scalers.map(shortName).sort()).toEqual(Object.keys(chartValues.services).sort());
    for (const { spec } of scalers) {
      expect(Number(spec.minReplicas)).toBeGreaterThanOrEqual(2);
      expect(JSON.stringify(spec.metrics)).toContain('"averageUtilization":70');
      expect(spec.behavior).toEqual({
        scaleDown: {
          stabilizationWindowSeconds: 600,
          policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
        },
      });
    }
  });

  it("includes the workers where there is no KEDA", () => {
    const names = render(CHART)
      .filter(({ kind }) => kind === "HorizontalPodAutoscaler")
      .map(shortName);
    expect(names).toEqual(expect.arrayContaining(workers.map(({ name }) => name)));
  });
});
