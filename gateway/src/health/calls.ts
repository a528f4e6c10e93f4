import { rpcCalled } from "@leadmetrics/kit";
import { type Buckets, quantileMs, since } from "./rules.ts";

/** What came before the last two askings that lie so far apart is left out. */
const WINDOW_MS = 5 * 60_000;
const SHARE = 0.95;

type ByService = ReadonlyMap<string, Buckets>;

/** How long this process' calls of each service took lately. */
export class RecentCalls {
  #base: ByService = new Map();
  #next: ByService = new Map();
  #turned = Date.now();

  /** Service name → milliseconds; services that weren't called are left out. */
  async p95Ms(nowMs: number): Promise<ReadonlyMap<string, number>> {
    const now = await read();
    if (nowMs - this.#turned >= WINDOW_MS) {
      this.#base = this.#next;
      this.#next = now;
      this.#turned = nowMs;
    }
    const values = new Map<string, number>();
    for (const [service, buckets] of now) {
      const ms = quantileMs(since(buckets, this.#base.get(service)), SHARE);
      if (ms !== undefined) values.set(service, ms);
    }
    return values;
  }
}

async function read(): Promise<ByService> {
  const found = new Map<string, Map<number, number>>();
  for (const { metricName, labels, value } of (await rpcCalled.get()).values) {
    if (!metricName?.endsWith("_bucket")) continue;
    const { rpc_service, le }: { rpc_service?: string | number; le?: string | number } = labels;
    // leadmetrics.content.v1.PlansService
    const [owner, service] = String(rpc_service).split(".");
    if (owner !== "leadmetrics" || !service) continue;
    const bound = le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le);
    const buckets = found.get(service) ?? new Map<number, number>();
    buckets.set(bound, (buckets.get(bound) ?? 0) + value);
    found.set(service, buckets);
  }
  return found;
}
