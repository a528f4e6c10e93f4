import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { VERSION } from "../version.ts";
import { LABELS, type LabelName, METRICS, type MetricDeclaration } from "./metric-catalogue.ts";

/** Everything this process measures; served at /metrics of the admin port. */
export const metrics = new Registry();

let collecting = false;

/** Starts measuring the process itself: memory, event loop, garbage collection. */
export function collectProcessMetrics(service: string): void {
  if (collecting) return;
  collecting = true;
  metrics.setDefaultLabels({ service });
  collectDefaultMetrics({ register: metrics });
  gauge(METRICS.build).set({ version: VERSION }, 1);
}

type Declared<T extends MetricDeclaration["type"]> = MetricDeclaration & { readonly type: T };
type LabelsOf<D extends MetricDeclaration> = D["labels"][number];

const optionsOf = <D extends MetricDeclaration>({ name, help, labels }: D) => ({
  name,
  help,
  labelNames: labels as readonly LabelsOf<D>[],
  registers: [metrics],
});

export const counter = <const D extends Declared<"counter">>(declared: D): Counter<LabelsOf<D>> =>
  new Counter(optionsOf(declared));

export const gauge = <const D extends Declared<"gauge">>(declared: D): Gauge<LabelsOf<D>> =>
  new Gauge(optionsOf(declared));

export const histogram = <const D extends Declared<"histogram">>(declared: D): Histogram<LabelsOf<D>> =>
  new Histogram({ ...optionsOf(declared), buckets: [...(declared.buckets ?? [])] });

/** What the values beyond a label's bound count as. */
export const OTHER = "other";

const seen = new Map<LabelName, Set<string>>();

/** A value people have typed, as it may stand in a label: the first ones as they are, what comes later as `other`. */
export function bounded(label: LabelName, value: string): string {
  const bound = LABELS[label];
  if (!("atMost" in bound)) throw new Error(`The values of the label ${label} are written out.`);
  const known = seen.get(label) ?? new Set();
  seen.set(label, known);
  if (!known.has(value) && known.size >= bound.atMost) return OTHER;
  known.add(value);
  return value;
}

export const rpcServed = histogram(METRICS.rpcServed);
export const rpcCalled = histogram(METRICS.rpcCalled);
export const rpcRetries = counter(METRICS.rpcRetries);
