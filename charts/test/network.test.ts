import { SYSTEM } from "@leadmetrics/local/system";
import { describe, expect, it } from "vitest";
import { CHART, noHelm, render } from "./helm.ts";
import {
  component,
  deploymentsOf,
  find,
  type NetworkPolicySpec,
  networkPolicySpec,
  workloadsOf,
} from "./kubernetes.ts";
import { calledBy, storesOf } from "./sources.ts";
import { chartValues, declared, EXAMPLES } from "./values.ts";

describe("what the chart declares", () => {
  const services = Object.keys(chartValues.services);

  it("has the names of the map of the system", () => {
    const workers = Object.entries(chartValues.services).flatMap(([service, { workers }]) =>
      // One Deployment for each group of work: agents-worker-llm is an agents-worker.
      Object.keys(workers).map((worker) => `${service}-${worker.split("-")[0]}`),
    );
    expect([...new Set([...services, ...workers])].sort()).toEqual(SYSTEM.map(({ name }) => name).sort());
  });

  it.each(SYSTEM.filter(({ kind }) => kind !== "worker").map((spec) => [spec.name, spec] as const))(
    "%s calls whom the map says and the code calls, nobody else",
    (name, { calls, dir, kind }) => {
      const inChart = [...declared(name).calls].sort();
      const called = kind === "portal" ? ["gateway"] : [...calledBy(dir)].sort();
      expect(inChart, `services.${name}.calls in values.yaml against the clients in ${dir}`).toEqual(called);
      expect([...calls].sort(), `calls of ${name} in deploy/local/system.ts`).toEqual(called);
    },
  );

  it.each(SYSTEM.filter(({ kind }) => kind !== "worker").map((spec) => [spec.name, spec] as const))(
    "%s has the stores its code reaches, no others",
    (name, { dir, kind }) => {
      const everybody = {
        service: ["postgres", "nats", "telemetry"],
        gateway: ["nats", "telemetry"],
        portal: ["telemetry"],
      };
      const own = kind === "portal" ? [] : storesOf(dir);
      const wanted = [...(kind === "worker" ? [] : everybody[kind]), ...own].sort();
      expect(
        [...declared(name).stores].sort(),
        `services.${name}.stores in values.yaml against ${dir}`,
      ).toEqual(wanted);
    },
  );

  it("lets a worker call no more than its service does", () => {
    for (const { service = "", calls } of SYSTEM.filter(({ kind }) => kind === "worker"))
      expect(declared(service).calls).toEqual(expect.arrayContaining([...calls]));
  });
});

describe.skipIf(noHelm).each(EXAMPLES)("network policies with $name values", ({ files }) => {
  const objects = noHelm ? [] : render(CHART, { files });
  const deployments = noHelm ? [] : deploymentsOf(objects);
  const policyOf = (name: string) => networkPolicySpec.parse(find(objects, "NetworkPolicy", name).spec);

  it("refuse everything that no policy allows", () => {
    const deny = policyOf("default-deny");
    expect(deny.policyTypes).toEqual(["Ingress", "Egress"]);
    expect(deny.ingress ?? []).toEqual([]);
    expect(deny.egress ?? []).toEqual([]);
    for (const { pod } of workloadsOf(objects))
      expect(pod.metadata.labels).toMatchObject(deny.podSelector.matchLabels);
  });

  it.each(deployments.map((each) => [each.name, each] as const))(
    "%s may speak with what it declares alone",
    (name, { pod }) => {
      const policy = policyOf(name);
      expect(policy.policyTypes).toEqual(["Ingress", "Egress"]);
      expect(pod.metadata.labels).toMatchObject(policy.podSelector.matchLabels);
      const { calls, stores } = declared(name);
      expect(calledPods(policy)).toEqual([...calls].sort());
      const [dns, ...others] = policy.egress ?? [];
      expect(dns?.ports.map(({ port }) => port)).toEqual([53, 53]);
      const outside = others.filter(({ to }) => to.some(({ podSelector }) => !podSelector));
      expect(outside).toHaveLength(stores.length);
      for (const [i, store] of stores.entries()) {
        const rule = outside[i];
        if (files.length === 0)
          expect(
            rule?.ports.map(({ port }) => port),
            store,
          ).toEqual(chartValues.stores[store]?.ports);
        expect(rule?.to.length, store).toBeGreaterThan(0);
      }
    },
  );

  it.each(deployments.map((each) => [each.name] as const))(
    "%s is reached by those who declare it alone",
    (name) => {
      const callers = (policyOf(name).ingress ?? [])
        .filter(({ ports }) => ports.some(({ port }) => port === "rpc" || port === "http"))
        .flatMap(({ from }) => from.flatMap(({ podSelector }) => labelsOf(podSelector)))
        .map(component)
        // The smoke test belongs to no release.
        .filter(Boolean);
      const declaring = deployments
        .map((each) => each.name)
        .filter((other) => declared(other).calls.includes(name));
      const operators = ["identity", "tenancy"].includes(name) ? ["lm"] : [];
      expect(callers.sort()).toEqual([...declaring, ...operators].sort());
    },
  );

  it("let Jobs reach what they work on alone", () => {
    const ports = (name: string) =>
      (policyOf(name).egress ?? []).flatMap((rule) => rule.ports.map(({ port }) => port));
    expect(new Set(ports("migrations"))).toEqual(new Set([53, 5432]));
    expect(new Set(ports("streams"))).toEqual(new Set([53, 4222]));
  });

  it("never open the internet to a private network", () => {
    for (const { name } of deployments)
      for (const { to } of policyOf(name).egress ?? [])
        for (const { ipBlock } of to)
          if (ipBlock?.cidr === "0.0.0.0/0")
            expect(ipBlock.except).toEqual(expect.arrayContaining(["10.0.0.0/8", "169.254.0.0/16"]));
  });
});

/** Components of the pods that a policy lets out to. */
function calledPods({ egress }: NetworkPolicySpec): string[] {
  return (egress ?? [])
    .flatMap(({ to }) => to.flatMap(({ podSelector }) => labelsOf(podSelector)))
    .map(component)
    .sort();
}

function labelsOf(selector: object | undefined): Record<string, string>[] {
  return selector && "matchLabels" in selector ? [selector.matchLabels as Record<string, string>] : [];
}
