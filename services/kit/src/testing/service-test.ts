import type { DescService } from "@bufbuild/protobuf";
import { type Client, createClient, type Interceptor } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from "jose";
import { applyStreams } from "../apply-streams.ts";
import { type RunningNats, startNats } from "../backends/index.ts";
import { type BaseConfig, DEVELOPMENT_MARK } from "../config.ts";
import { actorOf, type Ctx, forTenant, newRequestId, TENANT_HEADER, type TenantCtx } from "../context.ts";
import { type Database, openDatabase } from "../db/database.ts";
import type { DatabaseRole } from "../db/provision.ts";
import { asTenantId, type Id, newId, type TenantId, toRef } from "../ids.ts";
import { createLogger, type Logger } from "../log.ts";
import { connectNats, type Nats } from "../nats.ts";
import type { PlatformPrincipal, Principal, TenantUserRole } from "../principal.ts";
import { assignedKey, RIGHTS_BUCKET } from "../rpc/rights.ts";
import { type KeySource, TOKEN_AUDIENCE, TOKEN_ISSUER } from "../rpc/verifier.ts";
import { createService, type RunningService, type ServiceDefinition } from "../service.ts";
import { testDatabase } from "./databases.ts";

/** Contexts as the interceptors would make them. */
export interface TestContexts {
  tenant(tenantId?: TenantId, role?: TenantUserRole, userId?: Id): TenantCtx;
  /** A reviewer; `acting` narrows to one of their tenants. */
  reviewer(tenantIds: readonly TenantId[], acting?: TenantId): Ctx;
  superAdmin(acting?: TenantId): Ctx;
  service(name: string, tenantId?: TenantId): Ctx;
}

export interface ServiceTest<DB> {
  readonly db: Database<DB>;
  readonly nats: Nats;
  readonly broker: RunningNats;
  readonly urls: Record<DatabaseRole, string>;
  readonly log: Logger;
  readonly tenantA: TenantId;
  readonly tenantB: TenantId;
  readonly ctx: TestContexts;
  /** A configuration of a process on this database and broker, all ports free. */
  readonly config: BaseConfig;
  /** Starts the service itself, with tokens of this test's own key; stopped by `close`. */
  start<C extends BaseConfig>(
    definition: Omit<ServiceDefinition<DB, C>, "name" | "migrations">,
  ): Promise<RunningService>;
  /** A client of the started service that calls as the principal; platform callers name a tenant with `acting`. */
  client<S extends DescService>(desc: S, principal: Principal, acting?: TenantId): Promise<Client<S>>;
  /** A token of this test's key, as identity would issue it. */
  token(principal: Principal): Promise<string>;
  readonly keys: KeySource;
  close(): Promise<void>;
}

/** A real database and a real broker for one test file. */
export async function startServiceTest<DB>(options: {
  service: string;
  migrations: URL;
}): Promise<ServiceTest<DB>> {
  const { service, migrations } = options;
  const [database, broker] = await Promise.all([testDatabase(service, migrations), startNats()]);
  const log = createLogger({ service, level: process.env.LOG_LEVEL ?? "fatal" });
  const nats = await connectNats({ url: broker.url, name: `${service}-test` });
  await applyStreams(nats);
  const { urls } = database;
  const db = openDatabase<DB>({ service, urls, log });
  const tenantA = asTenantId(newId());
  const tenantB = asTenantId(newId());
  const signer = await testSigner();
  const config = testConfig(urls, broker.url);
  let running: RunningService | undefined;

  return {
    db,
    nats,
    broker,
    urls,
    log,
    tenantA,
    tenantB,
    config,
    ctx: contexts(tenantA, log),
    async start(definition) {
      running = await createService({
        auth: async () => ({
          keys: async () => signer.jwks,
          serviceToken: () => signer.token({ kind: "service", service }),
        }),
        ...definition,
        name: service,
        migrations,
      });
      return running;
    },
    async client(desc, principal, acting) {
      if (!running?.rpcPort) throw new Error("start the service first");
      if (principal.kind === "platform") await assign(nats, principal);
      const token = principal.kind === "public" ? undefined : await signer.token(principal);
      const withToken: Interceptor = (next) => (req) => {
        if (token) req.header.set("authorization", `Bearer ${token}`);
        if (acting) req.header.set(TENANT_HEADER, toRef(acting));
        return next(req);
      };
      return createClient(
        desc,
        createConnectTransport({
          baseUrl: `http://127.0.0.1:${running.rpcPort}`,
          httpVersion: "1.1",
          interceptors: [withToken],
        }),
      );
    },
    token: signer.token,
    keys: async () => signer.jwks,
    async close() {
      await running?.stop();
      await db.close();
      await nats.close();
      await Promise.all([broker.stop(), database.drop()]);
    },
  };
}

/** A reviewer's tenants come from the bucket, as in production. */
async function assign(nats: Nats, principal: PlatformPrincipal): Promise<void> {
  if (principal.role !== "reviewer") return;
  const kv = await nats.kv(RIGHTS_BUCKET);
  await kv.put(
    assignedKey(toRef(principal.userId)),
    JSON.stringify(principal.tenantIds.map((id) => toRef(id))),
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
}

async function testSigner(): Promise<{ jwks: JSONWebKeySet; token(principal: Principal): Promise<string> }> {
  const { privateKey, publicKey } = await generateKeyPair("EdDSA");
  const kid = "test";
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid, alg: "EdDSA" }] };
  return {
    jwks,
    token: (principal) =>
      new SignJWT(claimsOf(principal))
        .setProtectedHeader({ alg: "EdDSA", kid })
        .setIssuer(TOKEN_ISSUER)
        .setAudience(TOKEN_AUDIENCE)
        .setIssuedAt()
        .setExpirationTime("10m")
        .sign(privateKey),
  };
}

function claimsOf(principal: Principal): Record<string, unknown> {
  if (principal.kind === "public") return {};
  if (principal.kind === "service") return { typ: "service", sub: principal.service };
  const user = {
    sub: toRef(principal.userId),
    sid: toRef(principal.sessionId),
    role: principal.role,
    apps: principal.apps,
  };
  if (principal.kind === "platform") return user;
  const { impersonator } = principal;
  const act = impersonator && {
    sub: toRef(impersonator.userId),
    name: impersonator.name,
    reason: impersonator.reason,
  };
  return { ...user, tid: toRef(principal.tenantId), act };
}

function contexts(tenantA: TenantId, log: Logger): TestContexts {
  const build = (principal: Principal, tenantIds: readonly TenantId[]): Ctx => ({
    principal,
    actor: actorOf(principal),
    tenantIds,
    requestId: newRequestId(),
    signal: new AbortController().signal,
    log,
  });
  return {
    tenant(tenantId = tenantA, role = "owner", userId = newId()) {
      const principal: Principal = {
        kind: "tenant",
        userId,
        tenantId,
        role,
        sessionId: newId(),
        apps: ["dashboard"],
      };
      return forTenant(build(principal, [tenantId]), tenantId);
    },
    reviewer(tenantIds, acting) {
      const ctx = build(
        { kind: "platform", userId: newId(), role: "reviewer", sessionId: newId(), apps: ["dm"], tenantIds },
        tenantIds,
      );
      return acting ? forTenant(ctx, acting) : ctx;
    },
    superAdmin(acting) {
      const ctx = build(
        {
          kind: "platform",
          userId: newId(),
          role: "super_admin",
          sessionId: newId(),
          apps: ["manage", "dm"],
          tenantIds: [],
        },
        [],
      );
      return acting ? forTenant(ctx, acting) : ctx;
    },
    service(name, tenantId) {
      const ctx = build({ kind: "service", service: name }, []);
      return tenantId ? forTenant(ctx, tenantId) : ctx;
    },
  };
}

function testConfig(urls: Record<DatabaseRole, string>, natsUrl: string): BaseConfig {
  const nobody = "http://127.0.0.1:9";
  return {
    NODE_ENV: "test",
    LOG_LEVEL: "error",
    HOST: "127.0.0.1",
    DATABASE_URL: urls.app,
    DATABASE_SYSTEM_URL: urls.system,
    DATABASE_PLATFORM_URL: urls.platform,
    DATABASE_POOL_SIZE: 10,
    NATS_URL: natsUrl,
    RPC_PORT: 0,
    GRPC_PORT: 0,
    ADMIN_PORT: 0,
    SERVICE_SECRET: `${DEVELOPMENT_MARK}-test-secret`,
    ENCRYPTION_KEYS: `${DEVELOPMENT_MARK}:${Buffer.alloc(32, 7).toString("base64")}`,
    IDENTITY_URL: nobody,
    TENANCY_URL: nobody,
    CONTENT_URL: nobody,
    AGENTS_URL: nobody,
    BILLING_URL: nobody,
    NOTIFICATIONS_URL: nobody,
    RAG_URL: nobody,
    SEARCH_URL: nobody,
  };
}
