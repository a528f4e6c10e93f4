import http2 from "node:http2";
import type { AddressInfo } from "node:net";
import type { DescService } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ConnectRouter,
  type ConnectRouterOptions,
  type Interceptor,
  type ServiceImpl,
} from "@connectrpc/connect";
import { fastifyConnectPlugin } from "@connectrpc/connect-fastify";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import Fastify, { type FastifyInstance } from "fastify";
import { lastAnswersWhile } from "../drain.ts";
import type { Logger } from "../log.ts";
import { healthService } from "./health.ts";
import { accessOf } from "./interceptors/authorise.ts";
import { type CallDeps, callInterceptor } from "./interceptors/call.ts";
import { staffFieldsInterceptor } from "./interceptors/staff-fields.ts";
import { validateInterceptor } from "./interceptors/validate.ts";
import { reflectionServices } from "./reflection.ts";
import type { TokenVerifier } from "./verifier.ts";

/** One contract and the code behind it. */
export interface ServedService {
  readonly desc: DescService;
  register(router: ConnectRouter, options?: Partial<ConnectRouterOptions>): void;
}

/** Pairs a contract with its implementation. */
export function service<S extends DescService>(desc: S, impl: ServiceImpl<S>): ServedService {
  return { desc, register: (router, options) => void router.service(desc, impl, options) };
}

export interface RpcServer {
  readonly rpcPort: number;
  readonly grpcPort: number;
  /** Takes no new calls, gives running ones `SHUTDOWN_MS`, then ends them as unavailable. */
  close(): Promise<void>;
}

/** Bytes one message may have; Connect's own default is 4 GiB. */
const READ_MAX_BYTES = 4 * 1024 * 1024;
/** Milliseconds a caller may ask for at most. */
const MAX_TIMEOUT_MS = 60_000;
const SHUTDOWN_MS = 15_000;
/** Requests on one kept-alive connection, so that new replicas get their share. */
const MAX_REQUESTS_PER_CONNECTION = 1_000;

/**
 * Serves the contracts twice: Connect over HTTP/1.1 for the platform's own calls, and h2c for gRPC clients, there with
 * health and reflection.
 *
 * @throws Error naming the method when one has no access option
 */
export async function startRpcServer(options: {
  services: readonly ServedService[];
  verifier: TokenVerifier;
  log: Logger;
  refused?: CallDeps["refused"];
  host: string;
  rpcPort: number;
  grpcPort: number;
  isReady: () => boolean;
  routes?: (app: FastifyInstance) => void;
}): Promise<RpcServer> {
  const { services, log, host } = options;
  for (const { desc } of services) for (const method of desc.methods) accessOf(method);
  const interceptors: Interceptor[] = [
    callInterceptor({ verifier: options.verifier, log, refused: options.refused }),
    staffFieldsInterceptor(),
    validateInterceptor(),
  ];
  const limits = {
    interceptors,
    readMaxBytes: READ_MAX_BYTES,
    maxTimeoutMs: MAX_TIMEOUT_MS,
    shutdownTimeoutMs: SHUTDOWN_MS,
    shutdownError: new ConnectError("this replica is stopping", Code.Unavailable),
  };
  const ours = (router: ConnectRouter) => {
    for (const served of services) served.register(router);
  };

  const app = Fastify({ logger: false, forceCloseConnections: "idle" });
  app.server.maxRequestsPerSocket = MAX_REQUESTS_PER_CONNECTION;
  app.server.keepAliveTimeout = 65_000;
  lastAnswersWhile(app, () => !options.isReady());
  options.routes?.(app);
  const names = services.map(({ desc }) => desc.typeName);
  await app.register(fastifyConnectPlugin, { ...limits, routes: ours });
  // Who asks how this process is shows no token.
  await app.register(fastifyConnectPlugin, {
    routes: (router) => healthService(router, names, options.isReady),
  });
  await app.listen({ host, port: options.rpcPort });

  const sessions = new Set<http2.ServerHttp2Session>();
  const grpc = http2.createServer(
    connectNodeAdapter({
      readMaxBytes: READ_MAX_BYTES,
      maxTimeoutMs: MAX_TIMEOUT_MS,
      routes(router) {
        for (const served of services) served.register(router, limits);
        healthService(router, names, options.isReady);
        reflectionServices(router, names);
      },
    }),
  );
  grpc.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  await new Promise<void>((resolve, reject) => {
    grpc.once("error", reject);
    grpc.listen(options.grpcPort, host, resolve);
  });

  return {
    rpcPort: (app.server.address() as AddressInfo).port,
    grpcPort: (grpc.address() as AddressInfo).port,
    async close() {
      for (const session of sessions) session.close();
      const grpcClosed = new Promise<void>((resolve) => grpc.close(() => resolve()));
      const late = setTimeout(() => {
        for (const session of sessions) session.destroy();
      }, SHUTDOWN_MS);
      await Promise.all([app.close(), grpcClosed]);
      clearTimeout(late);
    },
  };
}
