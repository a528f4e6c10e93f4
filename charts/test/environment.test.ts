import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processNamed, SERVICE_CLIENTS } from "@leadmetrics/local/system";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import * as brokerUsers from "./broker-users.ts";
import { readConfigs } from "./configs.ts";
import { CHART, INFRA, noHelm, ROOT, refusal, render } from "./helm.ts";
import { deploymentsOf, type KubernetesObject, type Workload } from "./kubernetes.ts";
import { unlisted, wanted, written } from "./variables.ts";

describe.skipIf(noHelm)("the environment the chart gives", () => {
  const objects = noHelm ? [] : render(CHART);
  const processes = noHelm
    ? []
    : deploymentsOf(objects).filter(({ container }) => container.name !== "portal");

  it("is enough for every process to start", () => {
    const problems = configProblems(processes.map((each) => [each, environmentOf(objects, each)]));
    expect(Object.fromEntries(processes.map(({ name }, i) => [name, problems[i]]))).toEqual(
      Object.fromEntries(processes.map(({ name }) => [name, ""])),
    );
  });

  it("is refused in production with the secrets of development", () => {
    const problems = configProblems(
      processes.map((each) => [each, { ...environmentOf(objects, each), NODE_ENV: "production" }]),
    );
    for (const problem of problems)
      expect(problem).toContain("is a development secret. Production needs one of its own.");
  });

  it("has no variable that its process doesn't read", () => {
    const read = written();
    const unread = deploymentsOf(objects).flatMap(({ name, container }) =>
      container.env
        // Those are Node's own.
        .filter(({ name: variable }) => !/^NODE_(?!ENV)/.test(variable))
        .filter(({ name: variable }) => !read[serviceOf(name)]?.includes(variable))
        .map(({ name: variable }) => `${name}: ${variable}`),
    );
    expect(unread).toEqual([]);
  });

  it("lets identity know everybody who has a secret", () => {
    const secrets = z
      .record(z.string(), z.string())
      .parse(JSON.parse(secretValue(objects, "leadmetrics-identity", "SERVICE_SECRETS")));
    expect(Object.keys(secrets).sort()).toEqual([...SERVICE_CLIENTS].sort());
    for (const name of SERVICE_CLIENTS)
      expect(secretValue(objects, `leadmetrics-${name}`, "SERVICE_SECRET")).toBe(secrets[name]);
  });

  it("marks every development secret, so that a production process refuses it", () => {
    for (const { data, metadata } of objects.filter(({ kind }) => kind === "Secret"))
      for (const key of Object.keys(data ?? {}))
        if (key !== "SMTP_URL")
          expect(secretValue(objects, metadata.name, key), key).toContain("development-only");
  });
});

describe.skipIf(noHelm)("both charts", () => {
  const app = noHelm ? [] : render(CHART);
  const infra = noHelm ? [] : render(INFRA);
  const infraValue = (name: string, key: string) => secretValue(infra, name, key);

  it("come to the same passwords by themselves", () => {
    const password = (url: string) => decodeURIComponent(new URL(url).password);
    expect(password(secretValue(app, "leadmetrics-content-migrate", "POSTGRES_ADMIN_URL"))).toBe(
      infraValue("postgres", "POSTGRES_PASSWORD"),
    );
    expect(password(secretValue(app, "leadmetrics-tenancy", "MONGO_URL"))).toBe(
      infraValue("mongo", "MONGO_INITDB_ROOT_PASSWORD"),
    );
    expect(secretValue(app, "leadmetrics-rag", "QDRANT_API_KEY")).toBe(
      infraValue("qdrant", "QDRANT__SERVICE__API_KEY"),
    );
    expect(secretValue(app, "leadmetrics-search", "TYPESENSE_API_KEY")).toBe(
      infraValue("typesense", "TYPESENSE_API_KEY"),
    );
    const broker = infraValue("nats", "nats.conf");
    for (const name of [...SERVICE_CLIENTS.filter((each) => each !== "lm"), "lm-streams"]) {
      const url = new URL(secretValue(app, `leadmetrics-${name}`, "NATS_URL"));
      expect(broker).toContain(
        `{ user: ${url.username === "operator" ? "operator" : `"${url.username}"`}`.replaceAll('"', ""),
      );
      expect(broker).toContain(`password: "${url.password}"`);
    }
  });

  it("call each backend by the name and port it has", () => {
    const services = new Map(
      infra
        .filter(({ kind }) => kind === "Service")
        .map(({ metadata, spec }) => [metadata.name, JSON.stringify(spec.ports)]),
    );
    const text = [
      ...app.flatMap(({ data }) =>
        Object.values(data ?? {}).map((value) => Buffer.from(value, "base64").toString()),
      ),
      ...deploymentsOf(app).flatMap(({ container }) => container.env.flatMap(({ value }) => value ?? [])),
    ].join("\n");
    const named = [...text.matchAll(/\b([a-z-]+)\.leadmetrics-infra:(\d+)/g)];
    expect(new Set(named.map(([, host]) => host)).size).toBeGreaterThanOrEqual(7);
    for (const [, host = "", port] of named) expect(services.get(host), host).toContain(`"port":${port}`);
  });
});

describe("the variables of each service", () => {
  it("are in the chart as the code declares them, one more or less is told by name", () => {
    expect(written(), "write them with: node charts/test/variables.ts").toEqual(wanted());
  });

  it("are all that the code reads, beside what is named in variables.ts", () => {
    expect(unlisted()).toEqual([]);
  });

  it.skipIf(noHelm)("are the only ones the chart takes", () => {
    for (const set of ['services.rag.config.S3_BUKET="files"', 'services.tenancy.secrets=["MONGO_URI"]'])
      expect(refusal(CHART, { set: [set] })).toMatch(
        /names the variable (S3_BUKET|MONGO_URI), which (rag|tenancy) doesn't read/,
      );
    const known = [
      "DELETION_GRACE_HOURS",
      "DELETION_QUIET_SECONDS",
      "EXPORT_KEPT_HOURS",
      "DATABASE_POOL_SIZE",
    ];
    const set = known.map((name) => `services.tenancy.config.${name}="24"`);
    const tenancy = deploymentsOf(render(CHART, { set })).find(({ name }) => name === "tenancy");
    expect(tenancy?.container.env).toEqual(
      expect.arrayContaining(known.map((name) => ({ name, value: "24" }))),
    );
  });
});

describe("the broker's users", () => {
  const folder = mkdtempSync(join(tmpdir(), "lm-charts-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("have the rights of the local runner's", () => {
    expect(brokerUsers.written(), "write them with: node charts/test/broker-users.ts").toEqual(
      brokerUsers.wanted(),
    );
  });

  const server = globSync("{.local/tools/*/usr/sbin,.local/bin}/nats-server", { cwd: ROOT })[0];
  it.skipIf(noHelm || !server)("are in a configuration that the broker accepts", () => {
    const file = join(folder, "nats.conf");
    writeFileSync(file, secretValue(render(INFRA), "nats", "nats.conf").replace("/data", folder));
    const said = execFileSync(join(ROOT, server ?? ""), ["-t", "-c", file], {
      encoding: "utf8",
      stdio: "pipe",
    });
    expect(said).toBeDefined();
  });
});

/** A worker's service. */
const serviceOf = (name: string): string => name.replace(/-worker-(llm|util)$/, "");

function environmentOf(
  objects: readonly KubernetesObject[],
  { container }: Workload,
): Record<string, string> {
  return Object.fromEntries(
    container.env.map(({ name, value, valueFrom }) => [
      name,
      value ?? secretValue(objects, valueFrom?.secretKeyRef.name ?? "", valueFrom?.secretKeyRef.key ?? ""),
    ]),
  );
}

function secretValue(objects: readonly KubernetesObject[], name: string, key: string): string {
  const encoded = objects.find(({ kind, metadata }) => kind === "Secret" && metadata.name === name)?.data?.[
    key
  ];
  if (encoded === undefined) throw new Error(`The Secret ${name} has no ${key}.`);
  return Buffer.from(encoded, "base64").toString();
}

/** What each process would say about its configuration; nothing when it is content. */
function configProblems(processes: readonly (readonly [Workload, Record<string, string>])[]): string[] {
  return readConfigs(
    processes.map(([{ name }, env]) => ({ dir: processNamed(serviceOf(name)).dir, env })),
  ).map(({ problem }) => problem);
}
