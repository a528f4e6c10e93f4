import { z } from "zod";

/** As much of Kubernetes' objects as the tests look at; everything else passes through. */

const strings = z.record(z.string(), z.string());
const probe = z.looseObject({ httpGet: z.object({ path: z.string(), port: z.string() }).optional() });

const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()).default([]),
  env: z
    .array(
      z.object({
        name: z.string(),
        value: z.string().optional(),
        valueFrom: z.object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }) }).optional(),
      }),
    )
    .default([]),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })).default([]),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  lifecycle: z.object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }) }) }).optional(),
  resources: z.object({ requests: strings, limits: strings }),
  securityContext: z.unknown(),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).default([]),
});

const podTemplate = z.looseObject({
  metadata: z.looseObject({ labels: strings, annotations: strings.default({}) }),
  spec: z.looseObject({
    serviceAccountName: z.string(),
    automountServiceAccountToken: z.boolean().optional(),
    securityContext: z.unknown(),
    terminationGracePeriodSeconds: z.number().optional(),
    topologySpreadConstraints: z
      .array(z.looseObject({ topologyKey: z.string(), labelSelector: z.object({ matchLabels: strings }) }))
      .default([]),
    containers: z.array(container),
    volumes: z.array(z.looseObject({ name: z.string() })).default([]),
  }),
});
export type PodTemplate = z.output<typeof podTemplate>;
export type Container = z.output<typeof container>;

const labelSelector = z.object({ matchLabels: strings });
const peer = z.object({
  podSelector: labelSelector.or(z.object({})).optional(),
  namespaceSelector: labelSelector.optional(),
  ipBlock: z.object({ cidr: z.string(), except: z.array(z.string()).default([]) }).optional(),
});
const portOf = z.object({ port: z.union([z.string(), z.number()]), protocol: z.string() });

export const networkPolicySpec = z.object({
  podSelector: labelSelector,
  policyTypes: z.array(z.string()),
  ingress: z.array(z.object({ from: z.array(peer), ports: z.array(portOf) })).nullish(),
  egress: z.array(z.object({ to: z.array(peer), ports: z.array(portOf) })).nullish(),
});
export type NetworkPolicySpec = z.output<typeof networkPolicySpec>;

export const kubernetesObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    labels: strings.default({}),
    annotations: strings.nullish().transform((annotations) => annotations ?? {}),
  }),
  spec: z.record(z.string(), z.unknown()).default({}),
  data: strings.optional(),
});
export type KubernetesObject = z.output<typeof kubernetesObject>;

const withPod = z.object({ template: podTemplate });
const cron = z.object({ jobTemplate: z.object({ spec: withPod }) });

/** An object that runs pods, with their template. */
export interface Workload {
  readonly kind: string;
  /** Without the release's name: `content`, `content-migrate`. */
  readonly name: string;
  readonly object: KubernetesObject;
  readonly pod: PodTemplate;
  readonly container: Container;
}

/** Everything that runs pods. */
export function workloadsOf(objects: readonly KubernetesObject[]): Workload[] {
  return objects.flatMap((object) => {
    const pod = podOf(object);
    if (!pod) return [];
    const [only, ...others] = pod.spec.containers;
    if (!only || others.length > 0) throw new Error(`${object.metadata.name} has not exactly one container`);
    return [{ kind: object.kind, name: shortName(object), object, pod, container: only }];
  });
}

function podOf({ kind, spec }: KubernetesObject): PodTemplate | undefined {
  if (["Deployment", "Job", "StatefulSet"].includes(kind)) return withPod.parse(spec).template;
  return kind === "CronJob" ? cron.parse(spec).jobTemplate.spec.template : undefined;
}

export const shortName = ({ metadata }: KubernetesObject): string =>
  metadata.name.replace(/^leadmetrics-/, "");

export const deploymentsOf = (objects: readonly KubernetesObject[]): Workload[] =>
  workloadsOf(objects).filter(({ kind }) => kind === "Deployment");

/** The one object of a kind and name (without the release's). */
export function find(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.filter((object) => object.kind === kind && shortName(object) === name);
  const [only] = found;
  if (!only || found.length > 1)
    throw new Error(`There are ${found.length} ${kind} named "${name}", not one.`);
  return only;
}

export const component = (labels: Readonly<Record<string, string>>): string =>
  labels["app.kubernetes.io/component"] ?? "";
