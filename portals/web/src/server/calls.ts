import { context, propagation } from "@opentelemetry/api";

declare global {
  var lmPortalCalled: ((call: "api" | "refresh", status: string, seconds: number) => void) | undefined;
}

/**
 * Calls the gateway, as a step of the trace in which the caller is. Measured up to the head of the answer: bodies are streamed,
 * and live events never end. The proxy, the routes and the measuring are bundled apart; what they share hangs on the process.
 */
export async function callGateway(
  call: "api" | "refresh",
  url: string,
  init: RequestInit,
): Promise<Response> {
  const headers = new Headers(init.headers);
  propagation.inject(context.active(), headers, { set: (carrier, name, value) => carrier.set(name, value) });
  const started = performance.now();
  let status = "unreachable";
  try {
    const answer = await fetch(url, { ...init, headers });
    status = String(answer.status);
    return answer;
  } catch (error) {
    // Nobody's fault but the browser's: it has gone on.
    if (init.signal?.aborted && call === "api") status = "left";
    throw error;
  } finally {
    globalThis.lmPortalCalled?.(call, status, (performance.now() - started) / 1_000);
  }
}
