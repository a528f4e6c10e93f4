import { cpus, totalmem } from "node:os";

/** What one round of one side came to. Times in milliseconds. */
export interface Round {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time of this process per operation. */
  readonly cpuMs: number;
}

/** Rounds of each side; the median of them is what counts. */
export const ROUNDS = 3;

/** Seconds each side of a call over HTTP is asked beforehand: neither is measured while its code is still being compiled. */
export const WARM_SECONDS = 8;

/** The value a share of the values is not above. @param share 0 to 1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[(sorted.length >> 1) - 1] ?? Number.NaN)) / 2;
};

/** The median of each figure on its own. */
export const medianOf = (rounds: readonly Round[]): Round => ({
  perSecond: median(rounds.map((round) => round.perSecond)),
  p50: median(rounds.map((round) => round.p50)),
  p99: median(rounds.map((round) => round.p99)),
  cpuMs: median(rounds.map((round) => round.cpuMs)),
});

/** Runs both sides in turn, the order swapped every round, so that neither always has the warmer machine. */
export async function alternate<T>(
  ours: () => Promise<T>,
  baseline: () => Promise<T>,
  rounds = ROUNDS,
): Promise<{ ours: T[]; baseline: T[] }> {
  const all: { ours: T[]; baseline: T[] } = { ours: [], baseline: [] };
  for (let round = 0; round < rounds; round++) {
    const sides = [async () => all.ours.push(await ours()), async () => all.baseline.push(await baseline())];
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side();
  }
  return all;
}

/** So many callers, each asking again as soon as it is answered. */
export async function closedLoop(
  { concurrency, seconds }: { concurrency: number; seconds: number },
  operation: () => Promise<unknown>,
): Promise<Round> {
  const times: number[] = [];
  const cpu = process.cpuUsage();
  const started = performance.now();
  const end = started + seconds * 1_000;
  const caller = async () => {
    while (performance.now() < end) {
      const asked = performance.now();
      await operation();
      times.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  const elapsed = (performance.now() - started) / 1_000;
  return { perSecond: times.length / elapsed, ...summary(times), cpuMs: cpuSince(cpu) / times.length };
}

/** Starts an operation at a steady rate, whether or not the ones before have ended. */
export async function openLoop(
  { perSecond, seconds }: { perSecond: number; seconds: number },
  operation: (index: number) => Promise<unknown>,
): Promise<void> {
  const started = performance.now();
  const running: Promise<unknown>[] = [];
  for (let index = 0; index < perSecond * seconds; index++) {
    const due = started + (index * 1_000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    running.push(operation(index));
  }
  await Promise.all(running);
}

export const summary = (times: readonly number[]) => ({
  p50: percentile(times, 0.5),
  p99: percentile(times, 0.99),
});

/** Milliseconds of processor time this process took since. */
export function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The machine, as every figure's first condition. */
export function printConditions(...lines: string[]): void {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpu?.model.trim() ?? "unknown"}), ${memory} GiB, Node ${process.version}`,
  );
  for (const line of lines) console.log(line);
}

export function printRound(name: string, round: Round): void {
  console.log(
    `  ${name.padEnd(24)} ${round.perSecond.toFixed(0).padStart(7)} per second, p50 ${round.p50.toFixed(2)} ms, p99 ${round.p99.toFixed(2)} ms, ${round.cpuMs.toFixed(3)} ms processor each`,
  );
}

/** @param aim what the ratio should be at least */
export function printRatio(what: string, ratio: number, aim?: number): void {
  const judged = aim === undefined ? "" : ` (aim ≥ ${aim}: ${ratio >= aim ? "met" : "MISSED"})`;
  console.log(`  ${"ratio".padEnd(24)} ${ratio.toFixed(2)} × ${what}${judged}`);
}

/** @param aim what the time should be below, milliseconds */
export function printBelow(what: string, ms: number, aim: number): void {
  console.log(`  ${what.padEnd(24)} ${ms.toFixed(1)} ms (aim < ${aim} ms: ${ms < aim ? "met" : "MISSED"})`);
}
