import { join, resolve } from "node:path";
import type { Backends } from "./backends.ts";
import type { DatabaseUrls } from "./databases.ts";
import { type Place, ROOT } from "./place.ts";
import { nextProgram, portalEnv } from "./portal-builds.ts";
import type { SecretsFile } from "./secrets-file.ts";
import type { Command } from "./supervisor.ts";
import { type PlaceView, type ProcessSpec, SERVICES, type ServiceName } from "./system.ts";

export interface Surroundings {
  readonly place: Place;
  readonly secrets: SecretsFile;
  readonly backends: Pick<Backends, "natsUrlOf" | "smtpUrl">;
  readonly databases: ReadonlyMap<ServiceName, DatabaseUrls>;
  /** Restart processes when their files change; portals rebuild pages on request. */
  readonly watch: boolean;
  /** Write every span to `<logs>/<name>.trace.jsonl`. */
  readonly traces: boolean;
  /** On top of everything, for every process or for one by name. */
  readonly env?: Readonly<Record<string, string>>;
  readonly envOf?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * Room for what a process makes and drops at once. With less, what answering a call needs outlives two collections and is kept until
 * the slow ones, which hold a service up for tens of milliseconds; portals allocate little and there are three of them.
 */
const SEMI_SPACE_MB = { service: 16, portal: 4 };

/** How each process of the map is started. */
export function commandFor(spec: ProcessSpec, around: Surroundings): Command {
  return spec.kind === "portal" ? portalCommand(spec, around) : serviceCommand(spec, around);
}

function serviceCommand(spec: ProcessSpec, around: Surroundings): Command {
  const { place } = around;
  const args = [
    `--max-semi-space-size=${SEMI_SPACE_MB.service}`,
    `--max-old-space-size=${spec.memoryMb}`,
    "--import",
    "@leadmetrics/kit/telemetry/preload",
    ...(around.watch ? ["--watch", "--watch-preserve-output"] : []),
    spec.main ?? "src/main.ts",
  ];
  const admin = `http://127.0.0.1:${place.port(spec.ports.admin ?? 0)}/readyz`;
  return {
    name: spec.name,
    program: process.execPath,
    args,
    cwd: resolve(ROOT, spec.dir),
    env: { ...inherited(), ...serviceEnv(spec, around), ...around.env, ...around.envOf?.[spec.name] },
    ready: () => answers(admin, (status) => status === 200),
  };
}

function portalCommand(spec: ProcessSpec, around: Surroundings): Command {
  const { place } = around;
  const port = place.port(spec.ports.http ?? 0);
  const mode = around.watch ? "dev" : "start";
  return {
    name: spec.name,
    program: process.execPath,
    args: [
      ...(around.watch
        ? []
        : [`--max-semi-space-size=${SEMI_SPACE_MB.portal}`, `--max-old-space-size=${spec.memoryMb}`]),
      nextProgram(spec),
      mode,
      "--port",
      String(port),
      "--hostname",
      "127.0.0.1",
    ],
    cwd: join(ROOT, spec.dir),
    env: {
      ...inherited(),
      ...portalEnv,
      NODE_ENV: around.watch ? "development" : "production",
      PORT: String(port),
      ADMIN_PORT: String(place.port(spec.ports.admin ?? 0)),
      ...(around.traces ? { TRACE_FILE: traceFile(place, spec) } : {}),
      ...spec.env?.(viewOf(around)),
      ...around.env,
      ...around.envOf?.[spec.name],
    },
    // Any answer will do: a portal without a session answers with a redirect to its sign-in.
    ready: () => answers(`http://127.0.0.1:${port}/`, (status) => status < 500),
  };
}

function serviceEnv(spec: ProcessSpec, around: Surroundings): Record<string, string> {
  const { place, secrets, backends } = around;
  const service = spec.service ?? "gateway";
  const urls = service === "gateway" ? undefined : around.databases.get(service);
  const port = (offset: number | undefined): string =>
    offset === undefined ? "0" : String(place.port(offset));
  return {
    NODE_ENV: "development",
    LM_SERVICE: service,
    NODE_COMPILE_CACHE: join(place.localDir, "cache", "node"),
    ...(urls
      ? {
          DATABASE_URL: urls.app,
          DATABASE_SYSTEM_URL: urls.system,
          DATABASE_PLATFORM_URL: urls.platform,
          DATABASE_POOL_SIZE: "6",
        }
      : {}),
    NATS_URL: backends.natsUrlOf(service),
    RPC_PORT: port(spec.ports.rpc),
    GRPC_PORT: port(spec.ports.grpc),
    ADMIN_PORT: port(spec.ports.admin),
    ...(spec.ports.http === undefined ? {} : { PORT: port(spec.ports.http) }),
    SERVICE_SECRET: secrets.secret(`service.${service}`),
    ENCRYPTION_KEYS: secrets.encryptionKey(`encryption.${service}`),
    ...Object.fromEntries(SERVICES.map((name) => [`${name.toUpperCase()}_URL`, place.url(name)])),
    ...(around.traces ? { TRACE_FILE: traceFile(place, spec) } : {}),
    ...spec.env?.(viewOf(around)),
  };
}

const traceFile = (place: Place, { name }: ProcessSpec) => join(place.logDir, `${name}.trace.jsonl`);

function viewOf({ place, secrets, backends }: Surroundings): PlaceView {
  return {
    port: place.port,
    url: place.url,
    dir: place.dir,
    secret: (name) => secrets.secret(name),
    smtpUrl: backends.smtpUrl,
  };
}

/** Our environment without what a test runner, npm or this runner put in for itself. */
function inherited(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (/^(npm_|VITEST|NODE_ENV$|NODE_OPTIONS$|DATABASE_|POSTGRES_ADMIN_URL$)/.test(name)) continue;
    env[name] = value;
  }
  return env;
}

const ANSWER_MS = 2_000;

async function answers(url: string, good: (status: number) => boolean): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(ANSWER_MS) });
    await response.body?.cancel();
    return good(response.status);
  } catch {
    return false;
  }
}
