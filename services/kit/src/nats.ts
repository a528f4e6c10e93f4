import { type JetStreamClient, type JetStreamManager, jetstream } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import { type Logger, redact } from "./log.ts";

/** One process's connection to the broker and what is reached through it. */
export interface Nats {
  readonly nc: NatsConnection;
  /** False while the broker is away. */
  connected(): boolean;
  /** How often it was connected so far: another number says that the broker may be another, or have been down. */
  connections(): number;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  /** Opens a key-value bucket that `applyStreams` has made. */
  kv(bucket: string): Promise<KV>;
  /** Sends what is still buffered, then closes. */
  close(): Promise<void>;
}

/**
 * Connects, waiting for a broker that isn't there yet, and reconnects for as long as the process lives: an absent broker
 * delays events, it doesn't end a service.
 *
 * @param options.url servers with commas between; `nats://user:password@host:port` where the broker has users
 * @param options.name how the connection shows in the broker's monitoring
 * @param options.absent "fail" for a command that a person waits for: no broker, no connection
 */
export async function connectNats(options: {
  url: string;
  name: string;
  log?: Logger;
  absent?: "wait" | "fail";
}): Promise<Nats> {
  const { servers, user, pass } = readUrls(options.url);
  const nc = await connect({
    servers,
    // Answers come to an inbox under the user's own name: with permissions, nobody else may listen there.
    ...(user ? { user, pass, inboxPrefix: inboxPrefix(user) } : {}),
    name: options.name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    reconnectJitter: 250,
    pingInterval: 10_000,
    maxPingOut: 2,
    waitOnFirstConnect: options.absent !== "fail",
    timeout: 5_000,
    // Two stack traces for each event that is sent, for the few whose sending fails.
    noAsyncTraces: true,
  });
  let connected = true;
  let connections = 1;
  void followStatus(nc, options.log, (now) => {
    connected = now;
    if (now) connections += 1;
  });
  const js = jetstream(nc, { timeout: 5_000 });
  // Not checking the API lets a service start while JetStream is still electing a leader.
  const jsm = await js.jetstreamManager(false);
  const kvm = new Kvm(js);
  const buckets = new Map<string, Promise<KV>>();
  return {
    nc,
    connected: () => connected && !nc.isClosed(),
    connections: () => connections,
    js,
    jsm,
    kv(bucket) {
      let opened = buckets.get(bucket);
      if (!opened) {
        opened = kvm.open(bucket);
        buckets.set(bucket, opened);
        opened.catch(() => buckets.delete(bucket));
      }
      return opened;
    },
    async close() {
      // Draining a connection that is down would wait for a server that may never come back.
      await Promise.race([
        nc.drain().catch(() => nc.close()),
        new Promise((resolve) => setTimeout(resolve, 3_000).unref()),
      ]);
      if (!nc.isClosed()) await nc.close();
    },
  };
}

/** Where a user's answers and deliveries arrive. */
export const inboxPrefix = (user: string): string => `_INBOX_${user}`;

/** Servers, and the user and password that the first of them names. */
function readUrls(urls: string): { servers: string[]; user: string; pass: string } {
  const parsed = urls.split(",").map((url) => new URL(url.includes("://") ? url : `nats://${url}`));
  const [first] = parsed;
  return {
    servers: parsed.map(({ host }) => host),
    user: decodeURIComponent(first?.username ?? ""),
    pass: redact(decodeURIComponent(first?.password ?? "")),
  };
}

async function followStatus(nc: NatsConnection, log: Logger | undefined, connected: (now: boolean) => void) {
  for await (const status of nc.status()) {
    if (status.type === "disconnect") {
      connected(false);
      log?.warn({ server: status.server }, "the broker went away, reconnecting");
    } else if (status.type === "reconnect") {
      connected(true);
      log?.info({ server: status.server }, "the broker is back");
    } else if (status.type === "error") log?.error({ err: status.error }, "the broker refused something");
  }
}
