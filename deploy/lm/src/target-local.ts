import { existsSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "@leadmetrics/local/broker-rights";
import { commandFor } from "@leadmetrics/local/commands";
import { makePlace } from "@leadmetrics/local/place";
import { readRunning } from "@leadmetrics/local/run-lock";
import { SecretsFile } from "@leadmetrics/local/secrets-file";
import { BACKEND_PORTS, processNamed, type ServiceName, SYSTEM } from "@leadmetrics/local/system";
import { Problem } from "./problem.ts";
import type { ProcessAddress, Target } from "./target.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Whether `npm start` keeps a platform in this checkout. */
export function runsHere(): boolean {
  return readRunning(makePlace({}).stateDir) !== undefined;
}

/**
 * The platform the local runner keeps in a data directory. As with `npm start`, `NATS_URL` and `POSTGRES_ADMIN_URL` name
 * servers that aren't the runner's own; of the latter only the address is used.
 *
 * @throws {Problem} when none runs there
 */
export function localTarget(dataDir: string | undefined, env: Env): Target {
  const { stateDir } = makePlace({ dataDir });
  const folder = dataDir ?? ".local";
  const running = readRunning(stateDir);
  const secretsFile = join(stateDir, "secrets.json");
  if (!running || !existsSync(secretsFile))
    throw new Problem(
      `No platform runs in ${folder}: start it with npm start, name its folder with --data-dir, ` +
        "or name the parts of another one in the environment (see deploy/lm/README.md).",
    );
  const place = makePlace({ dataDir, base: running.base });
  const secrets = new SecretsFile(secretsFile);
  const natsUrlOf = (user: string) =>
    env.NATS_URL ||
    `nats://${user}:${secrets.secret(`broker.${user}`)}@127.0.0.1:${place.port(BACKEND_PORTS.nats)}`;
  const databaseUrl = (service: ServiceName, role: string) => {
    const url = new URL(
      env.POSTGRES_ADMIN_URL || `postgres://nobody@127.0.0.1:${place.port(BACKEND_PORTS.postgres)}`,
    );
    url.username = `${service}_${role}`;
    url.password = encodeURIComponent(secrets.secret(`database.${service}.${role}`));
    url.pathname = `/${service}`;
    return url.href;
  };
  return {
    name: `the platform in ${folder} (ports from ${running.base})`,
    natsUrl: natsUrlOf(OPERATOR),
    databaseUrl,
    processes: SYSTEM.filter(({ name }) => running.names.includes(name)).map(
      ({ name, ports }): ProcessAddress => ({
        name,
        readyUrl: `http://127.0.0.1:${place.port(ports.admin ?? 0)}/readyz`,
      }),
    ),
    rpcUrl: place.url,
    secret: secrets.secret("service.lm"),
    dataDir: place.dataDir,
    logDir: place.logDir,
    processEnv(service) {
      const url = (role: string) => databaseUrl(service, role);
      const urls = { owner: url("owner"), app: url("app"), system: url("system"), platform: url("platform") };
      return commandFor(processNamed(service), {
        place,
        secrets,
        backends: { natsUrlOf, smtpUrl: "" },
        databases: new Map([[service, urls]]),
        watch: false,
        traces: false,
      }).env;
    },
  };
}
