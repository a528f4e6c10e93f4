import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CHART, INFRA, noHelm, ROOT, render } from "./helm.ts";
import { deploymentsOf, find, type KubernetesObject, type Workload, workloadsOf } from "./kubernetes.ts";
import { EXAMPLES } from "./values.ts";

/** What a process of the kit gives itself to stop, seconds; read where it is set. */
const STOPS_WITHIN = constant("services/kit/src/shutdown.ts", /DEADLINE_MS = ([\d_]+)/) / 1_000;
/** What the gateway lets a request take, seconds. */
const REQUEST = 30;
const MARGIN = 5;

describe.skipIf(noHelm).each(EXAMPLES)("with $name values", ({ files }) => {
  const objects = noHelm ? [] : render(CHART, { files });
  const workloads = noHelm ? [] : workloadsOf(objects);
  const deployments = noHelm ? [] : deploymentsOf(objects);

  it.each(workloads.map((each) => [each.name, each] as const))(
    "%s runs as nobody, on a read-only disk, without rights",
    (_, { pod, container }) => {
      expect(pod.spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 10001,
        runAsGroup: 10001,
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(pod.spec.automountServiceAccountToken).toBe(false);
      const account = find(
        objects,
        "ServiceAccount",
        pod.spec.serviceAccountName.replace("leadmetrics-", ""),
      );
      expect(account.automountServiceAccountToken).toBe(false);
      expect(Object.keys(pod.spec)).not.toEqual(
        expect.arrayContaining(["hostNetwork", "hostPID", "hostIPC"]),
      );
      for (const volume of pod.spec.volumes) expect(volume).not.toHaveProperty("hostPath");
    },
  );

  it.each(workloads.map((each) => [each.name, each] as const))(
    "%s has resources, and Node's heap fits into them",
    (_, { container }) => {
      const { requests, limits } = container.resources;
      expect(requests.cpu).toMatch(/^\d+m?$/);
      expect(limits.memory).toBe(requests.memory);
      expect(limits.cpu).toBeUndefined();
      const heap = container.env.find(({ name }) => name === "NODE_OPTIONS")?.value;
      if (heap) expect(Number(heap.split("=")[1])).toBeLessThanOrEqual(0.75 * mebibytes(limits.memory));
    },
  );

  it.each(workloads.map((each) => [each.name, each] as const))(
    "%s has an image of a version",
    (_, { container }) => {
      expect(container.image).toMatch(/^[\w./-]+\/[a-z-]+(:[\w.-]+|@sha256:[0-9a-f]{64})$/);
      expect(container.image).not.toMatch(/:latest$/);
    },
  );

  it.each(workloads.map((each) => [each.name, each] as const))(
    "%s has its secrets from a Secret, none in the plain",
    (_, { container }) => {
      for (const { name, value } of container.env) {
        if (value === undefined) continue;
        expect(name).not.toMatch(/(SECRET|PASSWORD|KEYS?|TOKEN)S?$|DATABASE_|NATS_URL|SMTP_URL|MONGO_URL/);
        expect(value).not.toMatch(/development-only|:\/\/[^/]*:[^/]*@/);
      }
    },
  );

  it.each(deployments.map((each) => [each.name, each] as const))(
    "%s is asked three ways how it is, over HTTP",
    (_, { container }) => {
      const ports = container.ports.map(({ name }) => name);
      for (const probe of [container.startupProbe, container.livenessProbe, container.readinessProbe]) {
        expect(ports).toContain(probe?.httpGet?.port);
        expect(probe).not.toHaveProperty("exec");
      }
      // Whoever asks a dependency in its liveness is restarted when the dependency is away.
      expect(container.livenessProbe?.httpGet?.path).toMatch(/^\/(livez|icon\.svg)$/);
    },
  );

  it.each(deployments.map((each) => [each.name, each] as const))(
    "%s keeps one of two through a drain, spread over zones and nodes",
    (name, { pod, object }) => {
      const budget = find(objects, "PodDisruptionBudget", name);
      expect(budget.spec).toMatchObject({ maxUnavailable: 1, selector: object.spec.selector });
      const spread = pod.spec.topologySpreadConstraints;
      expect(spread.map(({ topologyKey }) => topologyKey)).toEqual([
        "topology.kubernetes.io/zone",
        "kubernetes.io/hostname",
      ]);
      for (const { labelSelector } of spread)
        expect(pod.metadata.labels).toMatchObject(labelSelector.matchLabels);
    },
  );

  it.each(deployments.map((each) => [each.name, each] as const))(
    "%s is replaced without a gap and given the time to stop",
    (name, workload) => {
      const { pod, container, object } = workload;
      const disk = pod.spec.volumes.some((volume) => "persistentVolumeClaim" in volume);
      expect(object.spec.strategy).toEqual(
        disk
          ? { type: "Recreate" }
          : { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      );
      const drain = container.lifecycle?.preStop.sleep.seconds ?? 0;
      const longest = isPortal(workload) ? REQUEST : STOPS_WITHIN;
      expect(pod.spec.terminationGracePeriodSeconds, name).toBeGreaterThanOrEqual(drain + longest + MARGIN);
    },
  );

  it.each(deployments.map((each) => [each.name, each] as const))(
    "%s has exactly one that says how many there are",
    (name, { object }) => {
      const scalers = objects.filter(
        ({ kind, spec }) =>
          ["HorizontalPodAutoscaler", "ScaledObject"].includes(kind) &&
          JSON.stringify(spec.scaleTargetRef).includes(`"${object.metadata.name}"`),
      );
      expect(scalers.map(({ metadata }) => metadata.name)).toEqual([`leadmetrics-${name}`]);
      expect(object.spec).not.toHaveProperty("replicas");
    },
  );

  it.each(
    deployments.filter(({ name }) => !name.includes("-worker")).map((each) => [each.name, each] as const),
  )("%s is reached by a Service whose ports it has", (name, { container, pod }) => {
    const service = find(objects, "Service", name);
    expect(pod.metadata.labels).toMatchObject(service.spec.selector ?? {});
    const targets = JSON.stringify(service.spec.ports);
    for (const { name: port, containerPort } of container.ports) {
      expect(targets).toContain(`"targetPort":"${port}"`);
      expect(targets).toContain(`"port":${containerPort}`);
    }
  });

  it("has every Secret that a pod names, and each of its keys", () => {
    for (const { name, container } of workloads)
      for (const { valueFrom } of container.env) {
        if (!valueFrom) continue;
        const { name: secret, key } = valueFrom.secretKeyRef;
        expect([name, secret, keysOf(objects, secret)]).toEqual([
          name,
          secret,
          expect.arrayContaining([key]),
        ]);
      }
  });
});

describe.skipIf(noHelm)("in production", () => {
  const objects = noHelm ? [] : render(CHART, { files: ["values-production.yaml"] });

  it("has no Secret of its own making, only references into a store", () => {
    expect(objects.filter(({ kind }) => kind === "Secret")).toEqual([]);
    expect(objects.filter(({ kind }) => kind === "ExternalSecret").length).toBeGreaterThan(10);
  });

  it("reads the metrics of every pod that has some", () => {
    const monitor = objects.find(({ kind }) => kind === "PodMonitor");
    expect(monitor?.spec.podMetricsEndpoints).toMatchObject([{ port: "admin", path: "/metrics" }]);
    for (const each of deploymentsOf(objects))
      expect(
        each.container.ports.some(({ name }) => name === "admin"),
        each.name,
      ).toBe(true);
  });

  it("calls each process by the name that alarms and dashboards have for it, as the development Prometheus does", () => {
    const monitor = objects.find(({ kind }) => kind === "PodMonitor");
    const label = "app.kubernetes.io/component";
    expect(monitor?.spec.jobLabel).toBe(label);
    for (const { name, pod } of deploymentsOf(objects)) expect(pod.metadata.labels[label]).toBe(name);
    const development = readFileSync(`${INFRA}/files/prometheus.yml.tpl`, "utf8");
    expect(development).toMatch(
      /__meta_kubernetes_pod_label_app_kubernetes_io_component\], target_label: job/,
    );
  });

  it("brings every dashboard and every rule to where Grafana and Prometheus look", () => {
    const names = (kind: string, prefix: string) =>
      objects.filter((each) => each.kind === kind).map(({ metadata }) => metadata.name.replace(prefix, ""));
    const files = (folder: string) =>
      readdirSync(`${CHART}/files/${folder}`).map((file) => file.replace(/\.(json|yaml)$/, ""));
    expect(names("ConfigMap", "leadmetrics-dashboard-").sort()).toEqual(files("dashboards").sort());
    expect(names("PrometheusRule", "leadmetrics-").sort()).toEqual(files("rules").sort());
    for (const { spec } of objects.filter(({ kind }) => kind === "PrometheusRule"))
      expect(spec.groups).toEqual(
        expect.arrayContaining([expect.objectContaining({ name: expect.any(String) })]),
      );
  });

  it("shows each portal on a host of its own, and the gateway", () => {
    const hosts = objects.filter(({ kind }) => kind === "Ingress").map(({ spec }) => JSON.stringify(spec));
    expect(hosts).toHaveLength(4);
    for (const host of ["app", "desk", "manage", "api"])
      expect(hosts.filter((spec) => spec.includes(`"host":"${host}.example.com"`))).toHaveLength(1);
  });

  it("does the same with the Gateway API", () => {
    const routes = render(CHART, {
      files: ["values-production.yaml"],
      set: ['exposure.kind="gateway"', 'exposure.gateway.name="public"'],
    }).filter(({ kind }) => kind === "HTTPRoute");
    expect(routes.flatMap(({ spec }) => spec.hostnames).sort()).toEqual(
      ["api.example.com", "app.example.com", "desk.example.com", "manage.example.com"].sort(),
    );
    for (const { spec } of routes) expect(spec.parentRefs).toEqual([{ name: "public" }]);
  });
});

function isPortal({ container }: Workload): boolean {
  return container.name === "portal";
}

function keysOf(objects: readonly KubernetesObject[], name: string): string[] {
  return objects
    .filter(({ kind, metadata }) => metadata.name === name && ["Secret", "ExternalSecret"].includes(kind))
    .flatMap(({ data, spec }) =>
      data ? Object.keys(data) : (JSON.stringify(spec).match(/(?<="secretKey":")\w+/g) ?? []),
    );
}

function mebibytes(text = ""): number {
  return text.endsWith("Gi") ? 1024 * Number.parseInt(text, 10) : Number.parseInt(text, 10);
}

function constant(file: string, pattern: RegExp): number {
  const found = pattern.exec(readFileSync(`${ROOT}/${file}`, "utf8"))?.[1];
  if (!found) throw new Error(`${file} has no ${pattern}`);
  return Number(found.replaceAll("_", ""));
}
