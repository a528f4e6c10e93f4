import {
  freePort,
  type RunningNats,
  type RunningPostgres,
  startNats,
  startPostgres,
} from "@leadmetrics/kit/backends";
import { provisionServiceDatabase } from "@leadmetrics/kit/db/provision";
import { BROKER_USERS, OPERATOR } from "@leadmetrics/local/broker-rights";
import type { KubernetesObject, Workload } from "./kubernetes.ts";

/** The chart's environment on this machine: its own names and passwords, with the addresses of real backends. */
export interface Machine {
  environmentOf(workload: Workload): Record<string, string>;
  /** The database and roles of a service, empty; with the passwords of the environment's URLs. */
  makeDatabase(service: string, env: Readonly<Record<string, string>>): Promise<void>;
  /** Where a process listens: `admin` of `identity`. */
  url(workload: string, port: "rpc" | "grpc" | "admin" | "http"): string;
  stop(): Promise<void>;
}

/** Starts Postgres and a broker that knows the users and passwords of the chart. */
export async function startMachine(objects: readonly KubernetesObject[]): Promise<Machine> {
  const secrets = secretsOf(objects);
  const password = (user: string) =>
    new URL(secrets.get(user === OPERATOR ? "leadmetrics-lm/NATS_URL" : `leadmetrics-${user}/NATS_URL`) ?? "")
      .password;
  const [postgres, nats]: [RunningPostgres, RunningNats] = await Promise.all([
    startPostgres({ durable: false }),
    startNats({
      users: [
        { name: OPERATOR, password: password(OPERATOR) },
        ...BROKER_USERS.map(({ name, ...allow }) => ({ name, password: password(name), allow })),
      ],
    }),
  ]);
  const ports = new Map<string, number>();
  for (const name of ["identity", "gateway"])
    for (const port of ["rpc", "grpc", "admin", "http"]) ports.set(`${name}/${port}`, await freePort());
  const portOf = (name: string, port: string) => ports.get(`${name}/${port}`) ?? 1;
  const here = (text: string): string =>
    text
      .replace("postgres.leadmetrics-infra:5432", `127.0.0.1:${postgres.port}`)
      .replace("nats.leadmetrics-infra:4222", `127.0.0.1:${nats.port}`)
      .replace(
        /http:\/\/leadmetrics-(\w+):8080/,
        (_, name: string) => `http://127.0.0.1:${portOf(name, "rpc")}`,
      );
  return {
    environmentOf({ name, container }) {
      const env = Object.fromEntries(
        container.env.map(({ name: variable, value, valueFrom }) => [
          variable,
          here(value ?? secrets.get(`${valueFrom?.secretKeyRef.name}/${valueFrom?.secretKeyRef.key}`) ?? ""),
        ]),
      );
      // No collector listens here, and everything listens on one machine.
      env.OTEL_EXPORTER_OTLP_ENDPOINT = "";
      env.HOST = "127.0.0.1";
      if (env.POSTGRES_ADMIN_URL) env.POSTGRES_ADMIN_URL = postgres.adminUrl;
      for (const [variable, port] of [
        ["RPC_PORT", "rpc"],
        ["GRPC_PORT", "grpc"],
        ["ADMIN_PORT", "admin"],
        ["PORT", "http"],
      ] as const)
        if (env[variable]) env[variable] = String(portOf(name, port));
      return env;
    },
    async makeDatabase(service, env) {
      const passwordIn = (variable: string) => new URL(env[variable] ?? "").password;
      await provisionServiceDatabase(postgres.adminUrl, service, {
        owner: passwordIn("DATABASE_OWNER_URL"),
        app: passwordIn("DATABASE_URL"),
        system: passwordIn("DATABASE_SYSTEM_URL"),
        platform: passwordIn("DATABASE_PLATFORM_URL"),
      });
    },
    url: (name, port) => `http://127.0.0.1:${portOf(name, port)}`,
    async stop() {
      await Promise.all([postgres.stop(), nats.stop()]);
    },
  };
}

function secretsOf(objects: readonly KubernetesObject[]): ReadonlyMap<string, string> {
  return new Map(
    objects
      .filter(({ kind }) => kind === "Secret")
      .flatMap(({ metadata, data }) =>
        Object.entries(data ?? {}).map(
          ([key, value]) => [`${metadata.name}/${key}`, Buffer.from(value, "base64").toString()] as const,
        ),
      ),
  );
}
