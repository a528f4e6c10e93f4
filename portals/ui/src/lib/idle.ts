/** Fetches code that will be wanted once the browser has nothing better to do. A failure shows when it is really wanted. */
export function whenIdle(load: () => Promise<unknown>): void {
  if (typeof window === "undefined") return;
  const now = () => void load().catch(() => undefined);
  if ("requestIdleCallback" in window) window.requestIdleCallback(now);
  // Safari has no such callback.
  else setTimeout(now, LATER_MS);
}

const LATER_MS = 2_000;
