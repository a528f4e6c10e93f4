import { SERVICES, type ServiceName } from "@leadmetrics/local/system";
import type { OperatorRole, Target } from "./target.ts";

const DATABASE_VARIABLE: Record<OperatorRole, string> = {
  app: "DATABASE_URL",
  system: "DATABASE_SYSTEM_URL",
};

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Whether the environment names a platform: its broker and a database. The broker alone is enough where no platform of
 * `npm start` runs, for which `NATS_URL` only says that its broker is somebody else's.
 */
export function namesPlatform(env: Env, runsHere: () => boolean): boolean {
  if (!env.NATS_URL) return false;
  return SERVICES.some((service) => databaseUrl(env, service, "system")) || !runsHere();
}

/**
 * The platform that the environment names, as in a cluster. The names are the services' own; those of which every service
 * has its own value begin with the service: `CONTENT_DATABASE_SYSTEM_URL`. In a service's own container they don't.
 */
export function environmentTarget(env: Env): Target {
  return {
    name: "the platform of the environment's variables",
    natsUrl: env.NATS_URL ?? "",
    databaseUrl: (service, role) => databaseUrl(env, service, role),
    processes: SERVICES.flatMap((name) => {
      const url = env[`${name.toUpperCase()}_ADMIN_URL`];
      return url ? [{ name, readyUrl: `${url.replace(/\/$/, "")}/readyz` }] : [];
    }),
    rpcUrl: (service) => env[`${service.toUpperCase()}_URL`] || undefined,
    secret: env.SERVICE_SECRET || undefined,
    dataDir: undefined,
    logDir: undefined,
    processEnv: () => ({ ...env }),
  };
}

function databaseUrl(env: Env, service: ServiceName, role: OperatorRole): string | undefined {
  const name = DATABASE_VARIABLE[role];
  return (
    env[`${service.toUpperCase()}_${name}`] ||
    (env.LM_SERVICE === service ? env[name] : undefined) ||
    undefined
  );
}
