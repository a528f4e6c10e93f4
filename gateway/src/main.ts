import {
  assertStreams,
  collectProcessMetrics,
  connectNats,
  createLogger,
  drain,
  RIGHTS_BUCKET,
  Rights,
  rpcClients,
  Shutdown,
  setRootLogger,
  startAdmin,
  TokenVerifier,
} from "@leadmetrics/kit";
import { buildApp } from "./app.ts";
import { gatewayConfig } from "./config.ts";
import { Feed } from "./live/feed.ts";

const config = gatewayConfig();
const production = config.NODE_ENV === "production";
const log = createLogger({ service: "gateway", level: config.LOG_LEVEL, pretty: !production });
setRootLogger(log);
collectProcessMetrics("gateway");
const shutdown = new Shutdown(log);
let ready = false;
const admin = await startAdmin({
  port: config.ADMIN_PORT,
  host: config.HOST,
  checks: { started: () => ready && !shutdown.draining },
});

const nats = await connectNats({ url: config.NATS_URL, name: "gateway", log });
await assertStreams(nats);
const rights = new Rights();
await rights.watch(await nats.kv(RIGHTS_BUCKET), log);
const rpc = rpcClients({ name: "gateway", urls: config, secret: config.SERVICE_SECRET });
const feed = new Feed(nats, log);
await feed.start();

const app = await buildApp({
  rpc,
  verifier: new TokenVerifier(rpc.keys, rights),
  rights,
  nats,
  feed,
  log,
  trustedProxies: config.TRUSTED_PROXIES,
  production,
  rateLimitScale: config.RATE_LIMIT_SCALE,
  draining: () => shutdown.draining,
});
await app.listen({ host: config.HOST, port: config.PORT });

shutdown.add("drain", () => drain(config));
shutdown.add("requests", () => app.close());
shutdown.add("feed", () => feed.stop());
shutdown.add("rights", () => rights.stop());
shutdown.add("broker", () => nats.close());
shutdown.add("admin", () => admin.close());
shutdown.listen();
ready = true;
log.info({ port: config.PORT }, "ready");
