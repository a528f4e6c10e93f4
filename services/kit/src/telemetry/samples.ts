import { rootLogger } from "../log.ts";
import { METRICS } from "./metric-catalogue.ts";
import { counter } from "./metrics.ts";

/** Something that is measured by looking, not by counting: a queue's length, a pool's use, the age of what waits. */
export interface Sampler {
  readonly name: string;
  /** Milliseconds for which a look holds, however often it is scraped. */
  readonly holdsMs: number;
  /** Forgotten when the look fails: a value nobody could measure is absent, not old. */
  readonly gauges: readonly { reset(): void }[];
  readonly take: () => Promise<void> | void;
}

/** Milliseconds a scrape waits for a look; Prometheus itself gives up after 10 s. */
const TAKE_MS = 2_000;

const failures = counter(METRICS.sampleFailures);

interface Held {
  readonly sampler: Sampler;
  takenAt: number;
  running: Promise<void> | undefined;
}

const held = new Set<Held>();

/** From now on each scrape takes this look first, when the last one doesn't hold any more. @returns the way to end it */
export function sample(sampler: Sampler): () => void {
  const entry: Held = { sampler, takenAt: Number.NEGATIVE_INFINITY, running: undefined };
  failures.inc({ sampler: sampler.name }, 0);
  held.add(entry);
  return () => {
    held.delete(entry);
    for (const gauge of sampler.gauges) gauge.reset();
  };
}

/** Takes every look that is due; one that fails or takes too long is counted and doesn't keep the others. */
export async function takeSamples(): Promise<void> {
  await Promise.all([...held].map(refresh));
}

async function refresh(entry: Held): Promise<void> {
  if (performance.now() - entry.takenAt < entry.sampler.holdsMs) return;
  entry.running ??= take(entry).finally(() => {
    entry.running = undefined;
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(resolve, TAKE_MS, "late");
  });
  const first = await Promise.race([entry.running, late]);
  clearTimeout(timer);
  if (first === "late") missed(entry, new Error(`took longer than ${TAKE_MS} ms`));
}

async function take(entry: Held): Promise<void> {
  try {
    await entry.sampler.take();
    entry.takenAt = performance.now();
  } catch (error) {
    missed(entry, error);
  }
}

function missed({ sampler }: Held, error: unknown): void {
  failures.inc({ sampler: sampler.name });
  for (const gauge of sampler.gauges) gauge.reset();
  rootLogger().debug({ err: error, sampler: sampler.name }, "a measurement could not be taken");
}
