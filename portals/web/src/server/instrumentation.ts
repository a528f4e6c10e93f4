import type { Portal } from "./portal.ts";

/**
 * Has a portal's server measured and traced: call it from `register` of `src/instrumentation.ts`. Next builds that for the Edge
 * Runtime too, which no portal uses and which has none of what this needs.
 */
export async function observePortal(portal: Portal): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") await (await import("./observe.ts")).observe(portal);
}
