import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Endpoint } from "@leadmetrics/local/replica";

/** Milliseconds between two looks whether an endpoint is ready; a cluster is told about as fast. */
const LOOK_MS = 500;

/**
 * What a Service of Kubernetes is to its callers: one address in front of several processes. It balances connections, not
 * requests; new ones go to processes that say they are ready, open ones stay where they are.
 */
export class Balancer {
  readonly #server: Server;
  readonly #endpoints: (Endpoint & { ready: boolean })[] = [];
  readonly #looking: NodeJS.Timeout;
  #next = 0;

  private constructor() {
    this.#server = createServer((socket) => this.#accept(socket));
    this.#looking = setInterval(() => void this.#look(), LOOK_MS);
  }

  static async listen(): Promise<Balancer> {
    const balancer = new Balancer();
    balancer.#server.listen(0, "127.0.0.1");
    await once(balancer.#server, "listening");
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Gets connections as soon as it says that it is ready. */
  async add(endpoint: Endpoint): Promise<void> {
    this.#endpoints.push({ ...endpoint, ready: await isReady(endpoint) });
  }

  remove(name: string): void {
    const at = this.#endpoints.findIndex((each) => each.name === name);
    if (at >= 0) this.#endpoints.splice(at, 1);
  }

  close(): void {
    clearInterval(this.#looking);
    this.#server.close();
  }

  async #look(): Promise<void> {
    await Promise.all(
      this.#endpoints.map(async (each) => {
        each.ready = await isReady(each);
      }),
    );
  }

  #accept(socket: Socket): void {
    const ready = this.#endpoints.filter((each) => each.ready);
    const chosen = ready[this.#next++ % Math.max(1, ready.length)];
    if (!chosen) return void socket.resetAndDestroy();
    const upstream = connect({ port: chosen.port, host: "127.0.0.1", allowHalfOpen: true });
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      from.setNoDelay(true);
      from.pipe(to);
      // What broke on one side breaks on the other: nothing is hidden from the caller.
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroySoon());
    }
  }
}

async function isReady({ adminPort }: Endpoint): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${adminPort}/readyz`, {
      signal: AbortSignal.timeout(LOOK_MS * 4),
    });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}
