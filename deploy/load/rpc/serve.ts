/** One contract, served with everything the kit puts around a call or with nothing. */
import type { AddressInfo } from "node:net";
import { fastifyConnectPlugin } from "@connectrpc/connect-fastify";
import { createLogger, Rights, service, startRpcServer, TokenVerifier } from "@leadmetrics/kit";
import { CreditsService } from "@leadmetrics/proto/billing/v1/credits";
import Fastify from "fastify";
import type { JSONWebKeySet } from "jose";

export interface ServePlan {
  readonly kind: "kit" | "bare";
  readonly jwks: JSONWebKeySet;
}

const HOST = "127.0.0.1";
const plan = JSON.parse(process.argv[2] ?? "") as ServePlan;
// The handler does nothing, so that what is around it is what is measured.
const credits = service(CreditsService, {
  getBalance: () => ({ balance: { available: 120n, reserved: 5n } }),
  listCreditEntries: () => ({}),
  reserveCredits: () => ({}),
  settleCredits: () => ({}),
  releaseCredits: () => ({}),
  grantCredits: () => ({}),
});
process.once("SIGTERM", () => process.exit(0));
// A parent that was killed can't say stop.
process.once("disconnect", () => process.exit(1));
process.send?.({ port: plan.kind === "kit" ? await kit() : await bare() });

async function kit(): Promise<number> {
  const { rpcPort } = await startRpcServer({
    services: [credits],
    verifier: new TokenVerifier(async () => plan.jwks, new Rights()),
    log: createLogger({ service: "billing", level: "info" }),
    host: HOST,
    rpcPort: 0,
    grpcPort: 0,
    isReady: () => true,
  });
  return rpcPort;
}

async function bare(): Promise<number> {
  const app = Fastify({ logger: false });
  await app.register(fastifyConnectPlugin, { routes: (router) => credits.register(router) });
  await app.listen({ host: HOST, port: 0 });
  return (app.server.address() as AddressInfo).port;
}
