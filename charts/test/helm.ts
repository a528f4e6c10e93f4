import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse, parseAllDocuments } from "yaml";
import { type KubernetesObject, kubernetesObject } from "./kubernetes.ts";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const CHART = fileURLToPath(new URL("../leadmetrics", import.meta.url));
export const INFRA = fileURLToPath(new URL("../leadmetrics-infra", import.meta.url));

/** Helm without a cluster believes in a version of its own, older than what the charts need. */
const KUBERNETES = "1.34.0";

/** Why nothing can be rendered here; undefined when it can. `npm test` installs Helm where Go is. */
export const noHelm: string | undefined = helmPath()
  ? undefined
  : (process.env.LM_NO_HELM ?? "helm is neither on the PATH nor in .local/helm/bin");
if (noHelm) console.log(`skipped: the charts' tests, ${noHelm}`);

function helmPath(): string | undefined {
  const places = [process.env.HELM_PATH, `${ROOT}/.local/helm/bin/helm`];
  const found = places.find((path) => path && existsSync(path));
  if (found) return found;
  const onPath = (process.env.PATH ?? "").split(":").map((folder) => `${folder}/helm`);
  return onPath.find((path) => existsSync(path));
}

/** Arguments that choose values: files of the chart by name, then `key=value`. */
export interface Values {
  readonly files?: readonly string[];
  readonly set?: readonly string[];
  readonly release?: string;
}

/**
 * What Helm would send to a cluster.
 *
 * @throws with what Helm said
 */
export function render(chart: string, values: Values = {}): readonly KubernetesObject[] {
  return parseAllDocuments(template(chart, values), { merge: true })
    .map((document) => {
      if (document.errors[0]) throw document.errors[0];
      const content: unknown = document.toJS();
      return content;
    })
    .filter((content) => content !== null)
    .map((content) => kubernetesObject.parse(content));
}

export function template(chart: string, values: Values = {}): string {
  return helm([
    "template",
    values.release ?? "leadmetrics",
    chart,
    "--namespace",
    "leadmetrics",
    ...argumentsOf(chart, values),
  ]);
}

export function lint(chart: string, values: Values = {}): string {
  return helm(["lint", "--strict", chart, ...argumentsOf(chart, values)]);
}

/** What Helm says when it refuses; throws when it doesn't. */
export function refusal(chart: string, values: Values): string {
  try {
    template(chart, values);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error(`Helm renders ${JSON.stringify(values)}, which it should refuse.`);
}

function argumentsOf(chart: string, { files = [], set = [] }: Values): string[] {
  return [
    "--kube-version",
    KUBERNETES,
    ...files.flatMap((file) => ["--values", `${chart}/${file}`]),
    ...set.flatMap((pair) => ["--set-json", pair]),
  ];
}

function helm(args: readonly string[]): string {
  const program = helmPath();
  if (!program) throw new Error(noHelm);
  try {
    return execFileSync(program, [...args], { encoding: "utf8", stdio: "pipe", maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    if (error instanceof Error && "stderr" in error)
      throw new Error(`${String(error.stderr)}${"stdout" in error ? String(error.stdout) : ""}`, {
        cause: error,
      });
    throw error;
  }
}

/** A YAML file of the repository. */
export function yamlFile(path: string): unknown {
  return parse(readFileSync(path, "utf8"), { merge: true });
}
