import { z } from "zod";
import { CHART, yamlFile } from "./helm.ts";

const lag = z.object({ stream: z.string(), consumer: z.string(), perReplica: z.number() });
const entry = z.looseObject({
  kind: z.enum(["service", "gateway", "portal"]).default("service"),
  calls: z.array(z.string()).default([]),
  stores: z.array(z.string()).default([]),
  secrets: z.array(z.string()).default([]),
  workers: z
    .record(z.string(), z.looseObject({ lag, config: z.record(z.string(), z.string()).default({}) }))
    .default({}),
});

const values = z.looseObject({
  defaults: z.looseObject({}),
  services: z.record(z.string(), entry),
  stores: z.record(z.string(), z.looseObject({ ports: z.array(z.number()), to: z.array(z.unknown()) })),
});

/** The chart's own values: what each service declares. */
export const chartValues = values.parse(yamlFile(`${CHART}/values.yaml`));

/** Every file of values the chart comes with, by how it is given to Helm. */
export const EXAMPLES: readonly { readonly name: string; readonly files: readonly string[] }[] = [
  { name: "development", files: [] },
  { name: "production", files: ["values-production.yaml"] },
  { name: "production-like", files: ["values-prod-like.yaml"] },
  { name: "ci", files: ["values-ci.yaml"] },
];

/** What a workload declares: a worker calls and stores as its service does. */
export function declared(name: string): { calls: readonly string[]; stores: readonly string[] } {
  const found = Object.entries(chartValues.services).find(
    ([service, { workers }]) =>
      name === service || Object.keys(workers).some((worker) => name === `${service}-${worker}`),
  );
  if (!found) throw new Error(`"${name}" is no workload of values.yaml`);
  return found[1];
}
