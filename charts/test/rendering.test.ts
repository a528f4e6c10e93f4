import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CHART, INFRA, lint, noHelm, refusal, render } from "./helm.ts";
import { workloadsOf } from "./kubernetes.ts";
import { EXAMPLES } from "./values.ts";

const PRODUCTION = ["values-production.yaml"];

describe.skipIf(noHelm)("the platform's chart", () => {
  it("has every file of values in this test", () => {
    const files = readdirSync(CHART).filter((file) => /^values-.*\.yaml$/.test(file));
    expect(EXAMPLES.flatMap((example) => example.files).sort()).toEqual(files.sort());
  });

  it.each(EXAMPLES)("passes the strict linter and renders with $name values", ({ files }) => {
    expect(lint(CHART, { files })).toContain("0 chart(s) failed");
    expect(workloadsOf(render(CHART, { files })).length).toBeGreaterThan(20);
  });

  it("says of each service what is its own in at most 25 lines", () => {
    const text = readFileSync(`${CHART}/values.yaml`, "utf8");
    const entries = text.slice(text.indexOf("\nservices:\n") + 11).split(/\n {2}(?=[a-z])/);
    expect(entries).toHaveLength(12);
    for (const each of entries) expect(each.trimEnd().split("\n").length, each).toBeLessThanOrEqual(25);
  });

  it.each([
    ["a key nobody knows", "servics={}", "additional properties 'servics' not allowed"],
    [
      "a key nobody knows in a service",
      "services.content.replicas=3",
      "additional properties 'replicas' not allowed",
    ],
    ["a service nobody knows", "services.contents={}", "additional properties 'contents' not allowed"],
    ["the tag latest", 'image.tag="latest"', "/image/tag"],
    [
      "memory without a unit",
      'services.content.resources.memory="384"',
      "/services/content/resources/memory",
    ],
    [
      "a queue that doesn't exist",
      'services.agents.workers.worker-llm.lag.consumer="agents-x"',
      "/lag/consumer",
    ],
    ["less grace than a process takes to stop", "defaults.graceSeconds=30", "/defaults/graceSeconds"],
  ])("refuses %s", (_, set, says) => {
    expect(refusal(CHART, { set: [set] })).toContain(says);
  });

  it.each([
    ["development secrets", 'secrets.provider="development"', "known to everybody who has the chart"],
    ["no secret store", 'secrets.store.name=""', "name the SecretStore or ClusterSecretStore"],
    [
      "plain HTTP",
      'origins.dm="http://desk.example.com"',
      "origins.dm is http://desk.example.com: in production it has to begin with https://",
    ],
    ["no ingress class", 'exposure.className=""', "exposure.className is empty"],
    ["no Gateway", 'exposure.kind="gateway"', "exposure.gateway.name is empty"],
    ["nobody allowed in", "exposure.from=[]", "exposure.from is empty"],
    ["no network policies", "networkPolicy.enabled=false", "every pod could reach every other one"],
    ["streams on one broker", "streams.replicas=1", "streams.replicas is less than 3"],
    ["no bucket for files", 'services.rag.config.S3_BUCKET=""', "Name a bucket"],
    ["no Qdrant", 'services.rag.config.QDRANT_URL=""', "Name a Qdrant"],
    [
      "proxies of a laptop",
      'services.gateway.config.TRUSTED_PROXIES="127.0.0.1"',
      "every caller shares one rate limit",
    ],
    ["one replica", "services.content.scaling.min=1", "services.content.scaling.min is 1"],
    ["files that can be replaced", "sync=true", "for skaffold dev alone"],
  ])("refuses production with %s, in a sentence", (_, set, says) => {
    expect(refusal(CHART, { files: PRODUCTION, set: [set] })).toContain(says);
  });

  it.each([
    [
      "a secret among plain values",
      'services.agents.config.OPENAI_API_KEY="sk-1"',
      "services.agents.config.OPENAI_API_KEY is a secret",
    ],
    [
      "a password in a plain URL",
      'services.content.config.DATABASE_URL="postgres://a:b@c/d"',
      "name it in services.content.secrets",
    ],
    [
      "a called service that isn't there",
      'services.content.calls=["invoices"]',
      "services.content.calls names invoices, which is no service",
    ],
    [
      "a store that isn't there",
      'services.content.stores=["redis"]',
      "services.content.stores names redis, which is not in stores",
    ],
    ["more at least than at most", "services.content.scaling.min=9", "min 9 is more than max 6"],
    [
      "two replicas on one disk",
      "services.rag.scaling.max=2",
      "services.rag has a volume, which one replica can use",
    ],
    ["an origin with a path", 'origins.api="http://localhost:3003/v1"', "without a path"],
    [
      "a secret without a development value",
      'services.billing.secrets=["RAZORPAY_KEY_SECRET"]',
      "has no development value",
    ],
  ])("refuses %s, in a sentence", (_, set, says) => {
    expect(refusal(CHART, { set: [set] })).toContain(says);
  });

  it("has one name for everything, whatever the release is called", () => {
    const names = render(CHART, { release: "blue" }).map(({ metadata }) => metadata.name);
    for (const name of names) expect(name).toMatch(/^blue-leadmetrics-/);
  });
});

describe.skipIf(noHelm)("the chart of development backends", () => {
  it.each([[[]], [["values-ci.yaml"]]])("passes the strict linter and renders with %j", (files) => {
    expect(lint(INFRA, { files })).toContain("0 chart(s) failed");
    expect(render(INFRA, { files }).length).toBeGreaterThan(10);
  });

  it("has one of every backend", () => {
    const sets = render(INFRA).filter(({ kind }) => kind === "StatefulSet");
    expect(sets.map(({ metadata }) => metadata.name).sort()).toEqual(
      [
        "postgres",
        "nats",
        "mongo",
        "qdrant",
        "typesense",
        "mail",
        "otel-collector",
        "prometheus",
        "grafana",
      ].sort(),
    );
    for (const { spec } of sets) expect(spec.replicas).toBe(1);
  });

  it("refuses production and unknown keys", () => {
    expect(refusal(INFRA, { set: ['environment="production"'] })).toContain("use managed backends");
    expect(refusal(INFRA, { set: ["backends.redis={}"] })).toContain(
      "additional properties 'redis' not allowed",
    );
    expect(refusal(INFRA, { set: ['backends.nats.image="nats:latest"'] })).toContain("/backends/nats");
  });

  it("runs nothing as root, and nothing that writes on its image", () => {
    const sets = render(INFRA).filter(({ kind }) => kind === "StatefulSet");
    for (const { metadata, spec } of sets) {
      const text = JSON.stringify(spec);
      expect([metadata.name, text.includes('"runAsNonRoot":true')]).toEqual([metadata.name, true]);
      expect([metadata.name, text.includes('"readOnlyRootFilesystem":false')]).toEqual([
        metadata.name,
        false,
      ]);
    }
  });
});
