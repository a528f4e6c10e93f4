import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import autocannon from "autocannon";
import { openLoop, type Round, summary } from "./measure.ts";
import { cpuSeconds } from "./memory.ts";

export interface HttpLoad {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Posted when given; GET otherwise. */
  readonly body?: Buffer;
  readonly connections: number;
  readonly seconds: number;
  /** Processes whose processor time counts. */
  readonly servers: readonly number[];
}

/** Below what the platform's servers answer on one connection: the client here doesn't heed their `Connection: close`. */
const REQUESTS_PER_CONNECTION = 900;

/** Asks again as soon as it is answered, over HTTP/1.1 and kept-alive connections. @throws when anything but 2xx comes back: a refusal is no throughput */
export async function askOverHttp(load: HttpLoad): Promise<Round> {
  const before = spent(load);
  const result = await autocannon({
    url: load.url,
    method: load.body ? "POST" : "GET",
    headers: { ...load.headers },
    body: load.body,
    connections: load.connections,
    duration: load.seconds,
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
    cpuMs: ((spent(load) - before) * 1_000) / total,
  };
}

/**
 * Asks at a steady rate, one request after the other at equal distances, whether or not those before are answered. (autocannon's
 * own rate asks for a whole second's share at its beginning, as fast as it can.) @throws when anything but 2xx comes back
 */
export async function askSteadily(load: HttpLoad & { perSecond: number }): Promise<Round> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections });
  const before = spent(load);
  const times: number[] = [];
  const started = performance.now();
  await openLoop(load, async () => {
    const asked = performance.now();
    await answered(load, agent);
    times.push(performance.now() - asked);
  });
  const elapsed = (performance.now() - started) / 1_000;
  agent.destroy();
  return {
    perSecond: times.length / elapsed,
    ...summary(times),
    cpuMs: ((spent(load) - before) * 1_000) / times.length,
  };
}

async function answered({ url, headers, body }: HttpLoad, agent: Agent): Promise<void> {
  const asking = request(url, { agent, method: body ? "POST" : "GET", headers });
  asking.end(body);
  const [answer] = (await once(asking, "response")) as [IncomingMessage];
  answer.resume();
  await once(answer, "end");
  const { statusCode = 0 } = answer;
  if (statusCode < 200 || statusCode > 299) throw new Error(`${url} answered ${statusCode}`);
}

const spent = ({ servers }: HttpLoad): number => servers.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
