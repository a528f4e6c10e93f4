import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { CHART, INFRA, noHelm, ROOT, render } from "./helm.ts";
import { targets } from "./images.ts";
import { find, workloadsOf } from "./kubernetes.ts";

/** What Skaffold's published schema (v4beta13) says of the parts in use: it refuses unknown keys, so this does. */
const forward = z.strictObject({
  resourceType: z.enum(["service", "deployment", "pod"]),
  resourceName: z.string(),
  namespace: z.string(),
  port: z.number().int(),
  localPort: z.number().int(),
});
const artifact = z.strictObject({
  image: z.string(),
  docker: z.strictObject({
    dockerfile: z.string(),
    target: z.string(),
    buildArgs: z.record(z.string(), z.string()).optional(),
  }),
  sync: z.strictObject({ manual: z.array(z.strictObject({ src: z.string(), dest: z.string() })) }).optional(),
});
const release = z.strictObject({
  name: z.string(),
  chartPath: z.string(),
  namespace: z.string(),
  createNamespace: z.boolean(),
  wait: z.boolean(),
  valuesFiles: z.array(z.string()),
  setValues: z.record(z.string(), z.union([z.string(), z.boolean()])).optional(),
  setValueTemplates: z.record(z.string(), z.string()).optional(),
});
const patch = z.strictObject({
  op: z.enum(["add", "remove", "replace"]),
  path: z.string().startsWith("/"),
  value: z.unknown().optional(),
});
const config = z.strictObject({
  apiVersion: z.literal("skaffold/v4beta13"),
  kind: z.literal("Config"),
  metadata: z.strictObject({ name: z.string() }),
  requires: z.array(z.strictObject({ configs: z.array(z.string()) })).optional(),
  build: z
    .strictObject({
      tagPolicy: z.strictObject({ inputDigest: z.strictObject({}) }),
      local: z.strictObject({ useBuildkit: z.boolean(), concurrency: z.number() }),
      artifacts: z.array(artifact),
    })
    .optional(),
  deploy: z.strictObject({
    statusCheckDeadlineSeconds: z.number(),
    helm: z.strictObject({ releases: z.tuple([release]) }),
  }),
  portForward: z.array(forward),
  verify: z
    .array(
      z.strictObject({
        name: z.string(),
        timeout: z.number(),
        container: z.strictObject({ name: z.string(), image: z.string(), command: z.array(z.string()) }),
        executionMode: z.strictObject({
          kubernetesCluster: z.strictObject({ jobManifestPath: z.string() }),
        }),
      }),
    )
    .optional(),
  profiles: z.array(
    z.strictObject({
      name: z.string(),
      activation: z.array(z.strictObject({ command: z.string() })).optional(),
      patches: z.array(patch).optional(),
    }),
  ),
});

const [infra, app] = z
  .tuple([config, config])
  .parse(
    parseAllDocuments(readFileSync(join(ROOT, "skaffold.yaml"), "utf8")).map((document) => document.toJS()),
  );
const [appRelease] = app.deploy.helm.releases;
const artifacts = app.build?.artifacts ?? [];

describe("skaffold.yaml", () => {
  it("has the module of the backends, which that of the platform needs", () => {
    expect([infra.metadata.name, app.metadata.name]).toEqual(["infra", "app"]);
    expect(app.requires).toEqual([{ configs: ["infra"] }]);
    for (const each of [infra, app])
      expect(each.profiles.map(({ name }) => name)).toEqual(expect.arrayContaining(["ci", "prod-like"]));
    expect(app.profiles.find(({ name }) => name === "dev")?.activation).toEqual([{ command: "dev" }]);
  });

  it("builds every target of the Dockerfile under the name the chart knows", () => {
    expect(artifacts.map(({ docker }) => docker.target).sort()).toEqual([...targets().keys()].sort());
    for (const { image, docker } of artifacts) {
      expect(image).toBe(`leadmetrics/${docker.target}`);
      expect(existsSync(join(ROOT, docker.dockerfile))).toBe(true);
    }
  });

  it("copies changed sources to where the image has them, and only files their user may replace", () => {
    for (const { sync, docker } of artifacts)
      for (const { src, dest } of sync?.manual ?? []) {
        expect(globSync(src, { cwd: ROOT }).length, src).toBeGreaterThan(5);
        expect(dest).toBe("/app");
        expect(docker.buildArgs?.FILES_OWNER).toBe("10001:10001");
      }
    expect(artifacts.filter(({ sync }) => sync).length).toBe(9);
  });

  it("names only files of values that are there, in every profile", () => {
    for (const { deploy, profiles } of [infra, app]) {
      const patched = profiles
        .flatMap(({ patches = [] }) => patches)
        .filter(({ path }) => path.includes("valuesFiles"));
      for (const file of [
        ...deploy.helm.releases[0].valuesFiles,
        ...patched.map(({ value }) => String(value)),
      ])
        expect(existsSync(join(ROOT, file)), file).toBe(true);
    }
  });

  it("patches places that are there", () => {
    for (const each of [infra, app])
      for (const { path, op } of each.profiles.flatMap(({ patches = [] }) => patches)) {
        const steps = path.split("/").slice(1);
        const parent = (op === "remove" ? steps : steps.slice(0, -1)).reduce<unknown>(
          (node, step) => (node as Record<string, unknown> | undefined)?.[step],
          each,
        );
        expect(parent, path).toBeDefined();
      }
  });

  it("checks what it installed from inside, with a Job the chart's policies let in", () => {
    const [smoke] = app.verify ?? [];
    expect(artifacts.map(({ image }) => image)).toContain(smoke?.container.image);
    const job: unknown = parse(
      readFileSync(join(ROOT, smoke?.executionMode.kubernetesCluster.jobManifestPath ?? ""), "utf8"),
    );
    expect(JSON.stringify(job)).toContain(`"name":"${smoke?.container.name}"`);
    expect(JSON.stringify(job)).toContain('"leadmetrics.io/smoke":"true"');
  });
});

describe.skipIf(noHelm)("with skaffold's values the chart", () => {
  const set = [
    ...Object.entries(appRelease.setValues ?? {}),
    ...Object.entries(appRelease.setValueTemplates ?? {}).map(([key, template]) => [
      key,
      template.includes("IMAGE_TAG")
        ? "0123abcd"
        : template.replace(/^\{\{\.IMAGE_REPO_(\w+)\}\}$/, "registry.test/$1"),
    ]),
  ].map(([key, value]) => `${key}=${JSON.stringify(value)}`);

  it.each(["values.yaml", "values-ci.yaml", "values-prod-like.yaml"])(
    "runs only what was built here, with %s",
    (file) => {
      for (const { name, container } of workloadsOf(render(CHART, { files: [file], set })))
        expect([name, container.image]).toEqual([
          name,
          expect.stringMatching(/^registry\.test\/leadmetrics_[a-z]+:0123abcd$/),
        ]);
    },
  );

  it("lets files be replaced and watches them, in development alone", () => {
    const synced = workloadsOf(render(CHART, { set: ["sync=true"] })).find(({ name }) => name === "content");
    expect(synced?.container.securityContext).toMatchObject({
      readOnlyRootFilesystem: false,
      capabilities: { drop: ["ALL"] },
    });
    expect(synced?.container.args).toEqual(["--watch", "src/main.ts"]);
  });

  it("has the Services whose ports are forwarded", () => {
    const objects = [...render(CHART, { set }), ...render(INFRA)];
    for (const { resourceName, port } of [...app.portForward, ...infra.portForward]) {
      const service = find(objects, "Service", resourceName.replace(/^leadmetrics-/, ""));
      expect(JSON.stringify(service.spec.ports)).toContain(`"port":${port},`);
    }
    const local = [...app.portForward, ...infra.portForward].map(({ localPort }) => localPort);
    expect(new Set(local).size).toBe(local.length);
  });
});
