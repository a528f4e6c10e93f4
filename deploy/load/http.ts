import autocannon from "autocannon";
import type { Round } from "./measure.ts";
import { cpuSeconds } from "./memory.ts";

export interface HttpLoad {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Posted when given; GET otherwise. */
  readonly body?: Buffer;
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second; as many as are answered when left out. */
  readonly perSecond?: number;
  /** Processes whose processor time counts. */
  readonly servers: readonly number[];
}

/** Below what the platform's servers answer on one connection: the client here doesn't heed their `Connection: close`. */
const REQUESTS_PER_CONNECTION = 900;

/** Asks over HTTP/1.1 and kept-alive connections. @throws when anything but 2xx comes back: a refusal is no throughput */
export async function askOverHttp(load: HttpLoad): Promise<Round> {
  const spent = () => load.servers.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const before = spent();
  const result = await autocannon({
    url: load.url,
    method: load.body ? "POST" : "GET",
    headers: { ...load.headers },
    body: load.body,
    connections: load.connections,
    duration: load.seconds,
    overallRate: load.perSecond,
    reconnectRate: REQUESTS_PER_CONNECTION,
  });
  if (result.non2xx > 0 || result.timeouts > 0)
    throw new Error(`${load.url}: ${result.non2xx} answers were no success, ${result.timeouts} did not come`);
  const { total } = result.requests;
  if (result.errors > total / 1_000)
    throw new Error(`${load.url}: ${result.errors} of ${total} calls failed`);
  return {
    perSecond: total / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    cpuMs: ((spent() - before) * 1_000) / total,
  };
}
