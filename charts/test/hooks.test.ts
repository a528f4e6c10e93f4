import { SERVICES } from "@leadmetrics/local/system";
import { describe, expect, it } from "vitest";
import { CHART, noHelm, render } from "./helm.ts";
import { find, type KubernetesObject, shortName, workloadsOf } from "./kubernetes.ts";
import { EXAMPLES } from "./values.ts";

const WEIGHT = "helm.sh/hook-weight";
const weightOf = ({ metadata }: KubernetesObject) => Number(metadata.annotations[WEIGHT]);
const isHook = ({ metadata }: KubernetesObject) => "helm.sh/hook" in metadata.annotations;

describe.skipIf(noHelm).each(EXAMPLES)("before the workloads, with $name values", ({ files }) => {
  const objects = noHelm ? [] : render(CHART, { files });
  const hooks = objects.filter(isHook);
  const jobs = hooks.filter(({ kind }) => kind === "Job");

  it("each service's migration runs, then the streams', then everything else", () => {
    expect(jobs.map(shortName).sort()).toEqual(
      [...SERVICES.map((name) => `${name}-migrate`), "streams"].sort(),
    );
    const migrations = jobs.filter((job) => shortName(job).endsWith("-migrate"));
    const streams = find(objects, "Job", "streams");
    const needed = hooks.filter(({ kind }) => kind !== "Job");
    expect(Math.max(...needed.map(weightOf))).toBeLessThan(Math.min(...migrations.map(weightOf)));
    expect(Math.max(...migrations.map(weightOf))).toBeLessThan(weightOf(streams));
    // Helm waits for hooks before it makes anything else, so nothing that serves may be one.
    for (const { metadata } of hooks)
      expect(metadata.annotations["helm.sh/hook"]).toBe("pre-install,pre-upgrade");
    expect(objects.filter((object) => object.kind === "Deployment" && isHook(object))).toEqual([]);
  });

  it("a Job finds what it needs, which is made before it", () => {
    for (const { name, object, pod, container } of workloadsOf(hooks)) {
      const named = [
        ["ServiceAccount", pod.spec.serviceAccountName],
        ...container.env.flatMap(({ valueFrom }) =>
          valueFrom ? [["secret", valueFrom.secretKeyRef.name]] : [],
        ),
      ];
      for (const [kind = "", needed] of named) {
        const there = hooks.find(
          (each) => each.metadata.name === needed && each.kind.toLowerCase().endsWith(kind.toLowerCase()),
        );
        expect([name, needed, there && weightOf(there) < weightOf(object)]).toEqual([name, needed, true]);
      }
    }
  });

  it("a failed one stays to be looked at, is tried once more and never runs forever", () => {
    for (const { metadata, spec } of jobs) {
      expect(metadata.annotations["helm.sh/hook-delete-policy"]).toBe("before-hook-creation");
      expect(spec.backoffLimit).toBe(1);
      expect(spec.activeDeadlineSeconds).toBeGreaterThan(0);
    }
  });

  it("the owner of a database is known to its migration alone", () => {
    for (const { name, container } of workloadsOf(objects)) {
      const owner = container.env.some(({ name: variable }) =>
        /DATABASE_OWNER_URL|POSTGRES_ADMIN_URL/.test(variable),
      );
      expect([name, owner]).toEqual([name, name.endsWith("-migrate")]);
    }
  });

  it("each migration has its own service's database, and no other", () => {
    for (const service of SERVICES) {
      const [job] = workloadsOf([find(objects, "Job", `${service}-migrate`)]);
      expect(job?.container.args).toEqual([service]);
      for (const { valueFrom } of job?.container.env ?? [])
        if (valueFrom) expect(valueFrom.secretKeyRef.name).toBe(`leadmetrics-${service}-migrate`);
    }
  });

  it("streams get as many copies as the values say", () => {
    const [job] = workloadsOf([find(objects, "Job", "streams")]);
    expect(job?.container.args).toEqual([
      "streams",
      "apply",
      "--replicas",
      files.includes("values-production.yaml") ? "3" : "1",
    ]);
    expect(job?.container.image).toMatch(/\/lm:/);
  });
});

describe.skipIf(noHelm)("lm in a cluster", () => {
  const objects = noHelm
    ? []
    : render(CHART, { set: ['lm.jobs.reindex={"args":["search","reindex"],"as":"search"}'] });
  const jobOf = (name: string) => find(objects, "CronJob", `lm-${name}`);

  it("waits as a Job's template that never runs by itself, and needs no shell in a container", () => {
    const { spec } = jobOf("manual");
    expect(spec.suspend).toBe(true);
    expect(JSON.stringify(objects)).not.toContain('"command":');
    expect(jobOf("audit").spec).toMatchObject({ suspend: false, schedule: "17 3 * * *" });
  });

  it("gets every variable that names the platform", () => {
    const [manual] = workloadsOf([jobOf("manual")]);
    const names = manual?.container.env.map(({ name }) => name);
    for (const service of SERVICES.map((name) => name.toUpperCase()))
      expect(names).toEqual(
        expect.arrayContaining([
          `${service}_URL`,
          `${service}_ADMIN_URL`,
          `${service}_DATABASE_URL`,
          `${service}_DATABASE_SYSTEM_URL`,
        ]),
      );
    expect(names).toEqual(expect.arrayContaining(["NATS_URL", "SERVICE_SECRET"]));
  });

  it("runs a service's own program with that service's environment", () => {
    const [reindex] = workloadsOf([jobOf("reindex")]);
    const env = new Map(
      reindex?.container.env.map(({ name, value, valueFrom }) => [
        name,
        value ?? valueFrom?.secretKeyRef.name,
      ]),
    );
    expect(env.get("LM_SERVICE")).toBe("search");
    expect(env.get("DATABASE_URL")).toBe("leadmetrics-search");
    expect(env.get("TYPESENSE_URL")).toContain("8108");
  });
});
