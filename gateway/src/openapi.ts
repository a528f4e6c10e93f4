/** Prints the OpenAPI document; needs no running platform. The portals generate their client from it. */
import { createLogger, type Nats, Rights, rpcClients, TokenVerifier } from "@leadmetrics/kit";
import { buildApp } from "./app.ts";
import { Feed } from "./live/feed.ts";

const nowhere = "http://127.0.0.1:9";
const log = createLogger({ service: "openapi", level: "fatal" });
const rpc = rpcClients({
  name: "gateway",
  secret: "",
  urls: {
    IDENTITY_URL: nowhere,
    TENANCY_URL: nowhere,
    CONTENT_URL: nowhere,
    AGENTS_URL: nowhere,
    BILLING_URL: nowhere,
    NOTIFICATIONS_URL: nowhere,
    RAG_URL: nowhere,
    SEARCH_URL: nowhere,
  },
});
// Describing the routes touches no broker.
const nats = {} as Nats;
const rights = new Rights();
const app = await buildApp({
  rpc,
  nats,
  rights,
  log,
  verifier: new TokenVerifier(rpc.keys, rights),
  feed: new Feed(nats, log),
  trustedProxies: "",
  production: false,
  rateLimitScale: 1,
});
process.stdout.write(`${JSON.stringify(app.swagger(), null, 2)}\n`);
await app.close();
