/** Milliseconds the last spans may take: an absent collector must not hold up a process that stops. */
const FLUSH_MS = 3_000;

let flush: (() => Promise<void>) | undefined;

/** Says how tracing is ended. Apart from the SDK, so that a process without tracing doesn't load it. */
export function onStopTracing(run: () => Promise<void>): void {
  flush = run;
}

/** Sends the spans that are still held back; the last step of a process that stops. */
export async function stopTracing(): Promise<void> {
  const run = flush;
  flush = undefined;
  await Promise.race([run?.(), new Promise((resolve) => setTimeout(resolve, FLUSH_MS).unref())]);
}
