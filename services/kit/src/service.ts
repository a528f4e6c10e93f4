import type { FastifyInstance } from "fastify";
import { startAdmin } from "./admin.ts";
import type { BaseConfig } from "./config.ts";
import { type ConsumerDefinition, startConsumers, startDeadLetterRouter } from "./consumer/index.ts";
import { type Database, openDatabase } from "./db/database.ts";
import { assertSchemaVersion } from "./db/migrate.ts";
import { drain } from "./drain.ts";
import { createLogger, type Logger, setRootLogger } from "./log.ts";
import { connectNats, type Nats } from "./nats.ts";
import { announceCommits, startRelay } from "./outbox/index.ts";
import { type RpcClients, rpcClients } from "./rpc/clients.ts";
import { recordRefusals } from "./rpc/refusals.ts";
import { RIGHTS_BUCKET, Rights } from "./rpc/rights.ts";
import { type RpcServer, type ServedService, startRpcServer } from "./rpc/server.ts";
import { type KeySource, TokenVerifier } from "./rpc/verifier.ts";
import { type ScheduleDefinition, startSchedules } from "./schedule.ts";
import { type SecretBox, secretBox } from "./secrets.ts";
import { Shutdown } from "./shutdown.ts";
import { assertStreamShapes } from "./stream-shapes.ts";
import { assertStreams } from "./streams.ts";
import { collectProcessMetrics } from "./telemetry/metrics.ts";
import { brokerSampler } from "./telemetry/samplers/broker.ts";
import { databaseSampler } from "./telemetry/samplers/database.ts";
import { outboxSampler } from "./telemetry/samplers/outbox.ts";
import { type Sampler, sample } from "./telemetry/samples.ts";

/** What the parts of a service are built from. */
export interface Deps<DB, C extends BaseConfig> {
  readonly config: C;
  readonly db: Database<DB>;
  readonly log: Logger;
  readonly nats: Nats;
  readonly rpc: RpcClients;
  readonly box: SecretBox;
  readonly rights: Rights;
}

/** How identity verifies and proves itself: everybody else asks identity. */
export interface LocalAuth {
  readonly keys: KeySource;
  readonly serviceToken: () => Promise<string>;
}

export interface ServiceDefinition<DB, C extends BaseConfig> {
  readonly name: string;
  readonly config: C;
  /** Folder of the migrations this build needs. */
  readonly migrations: URL;
  readonly rpc?: (deps: Deps<DB, C>) => readonly ServedService[];
  readonly consumers?: (deps: Deps<DB, C>) => readonly ConsumerDefinition<DB>[];
  readonly schedules?: (deps: Deps<DB, C>) => readonly ScheduleDefinition<DB>[];
  /** What is measured by looking, each time somebody scrapes. */
  readonly samplers?: (deps: Deps<DB, C>) => readonly Sampler[];
  /** Further work of the process; what it returns is called first when the process stops. */
  readonly start?: (deps: Deps<DB, C>) => Promise<() => Promise<void> | void>;
  readonly routes?: (app: FastifyInstance, deps: Deps<DB, C>) => void;
  readonly auth?: (deps: Omit<Deps<DB, C>, "rpc">) => Promise<LocalAuth>;
  /**
   * True for the service that files what nobody settled. It may read every stream, so there is one such service; while it
   * is away the broker keeps what there is to file.
   */
  readonly deadLetterRouter?: boolean;
  /** False for a process that leaves the relay of its database to another one. */
  readonly relay?: boolean;
}

export interface RunningService {
  readonly rpcPort: number | undefined;
  readonly grpcPort: number | undefined;
  readonly adminPort: number;
  stop(): Promise<void>;
}

/** Starts one process of a service and stops it in order on SIGTERM. */
export async function createService<DB, C extends BaseConfig>(
  definition: ServiceDefinition<DB, C>,
): Promise<RunningService> {
  const { name, config } = definition;
  const log = createLogger({
    service: name,
    level: config.LOG_LEVEL,
    pretty: config.NODE_ENV !== "production",
  });
  setRootLogger(log);
  collectProcessMetrics(name);
  const shutdown = new Shutdown(log);
  let ready = false;
  let broker: Nats | undefined;

  const db = openDatabase<DB>({
    service: name,
    urls: {
      app: config.DATABASE_URL,
      system: config.DATABASE_SYSTEM_URL,
      platform: config.DATABASE_PLATFORM_URL,
    },
    log,
    poolSize: config.DATABASE_POOL_SIZE,
  });
  const admin = await startAdmin({
    port: config.ADMIN_PORT,
    host: config.HOST,
    checks: {
      started: () => ready && !shutdown.draining,
      database: () => db.ping(),
      broker: () => broker?.connected() ?? false,
    },
  });
  await assertSchemaVersion({ service: name, url: config.DATABASE_URL, migrations: definition.migrations });
  const nats = await connectNats({ url: config.NATS_URL, name, log });
  broker = nats;
  await assertStreams(nats);
  await assertStreamShapes(nats);

  const rights = new Rights();
  await rights.watch(await nats.kv(RIGHTS_BUCKET), log);
  const base = { config, db, log, nats, box: secretBox(config.ENCRYPTION_KEYS), rights };
  const auth = await definition.auth?.(base);
  const rpc = rpcClients({
    name,
    urls: config,
    secret: config.SERVICE_SECRET,
    serviceToken: auth?.serviceToken,
  });
  const deps: Deps<DB, C> = { ...base, rpc };
  const verifier = new TokenVerifier(auth?.keys ?? rpc.keys, rights);

  const stopAnnouncing = definition.relay === false ? announceCommits({ db, nats }) : undefined;
  const relay =
    definition.relay === false
      ? undefined
      : startRelay({ db, nats, systemUrl: config.DATABASE_SYSTEM_URL, log });
  const served = definition.rpc?.(deps) ?? [];
  const server: RpcServer | undefined =
    served.length > 0
      ? await startRpcServer({
          services: served,
          verifier,
          log,
          refused: recordRefusals(db),
          host: config.HOST,
          rpcPort: config.RPC_PORT,
          grpcPort: config.GRPC_PORT,
          isReady: () => ready && !shutdown.draining,
          routes: (app) => definition.routes?.(app, deps),
        })
      : undefined;
  const consumers = await startConsumers(definition.consumers?.(deps) ?? [], {
    db,
    nats,
    service: name,
    log,
  });
  const deadLetters = definition.deadLetterRouter ? startDeadLetterRouter({ nats, log }) : undefined;
  const schedules = startSchedules(definition.schedules?.(deps) ?? [], { db, log });
  const stopOwn = await definition.start?.(deps);
  const samplers = [
    outboxSampler(db),
    databaseSampler(db),
    ...(definition.deadLetterRouter ? [brokerSampler(nats)] : []),
    ...(definition.samplers?.(deps) ?? []),
  ].map(sample);

  shutdown.add("drain", () => drain(config));
  shutdown.add("own work", () => stopOwn?.());
  shutdown.add("schedules", () => schedules.stop());
  shutdown.add("calls", () => server?.close());
  shutdown.add("consumers", () => consumers.stop());
  shutdown.add("dead letters", () => deadLetters?.stop());
  shutdown.add("relay", async () => {
    stopAnnouncing?.();
    await relay?.stop();
  });
  shutdown.add("measurements", () => {
    for (const stop of samplers) stop();
  });
  shutdown.add("rights", () => rights.stop());
  shutdown.add("broker", () => nats.close());
  shutdown.add("database", () => db.close());
  shutdown.add("admin", () => admin.close());
  shutdown.listen();
  ready = true;
  log.info({ rpcPort: server?.rpcPort, grpcPort: server?.grpcPort, adminPort: admin.port }, "ready");
  return {
    rpcPort: server?.rpcPort,
    grpcPort: server?.grpcPort,
    adminPort: admin.port,
    stop: () => shutdown.run(),
  };
}
