import { execFileSync } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SYSTEM } from "@leadmetrics/local/system";
import { z } from "zod";
import { readConfigs } from "./configs.ts";
import { ROOT } from "./helm.ts";

/**
 * Which variables each workload reads: its config.ts is asked, and the chart takes no others into `config:` and `secrets:`. A
 * chart can't read outside of its folder, so they are written into it: `node charts/test/variables.ts` after a change.
 */
const FILE = fileURLToPath(new URL("../leadmetrics/files/variables.json", import.meta.url));

/** What every process of ours reads before there is a configuration. */
const MEASURED = [
  "LM_VERSION",
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_TRACES_SAMPLER",
  "OTEL_TRACES_SAMPLER_ARG",
];
const PRELOAD = [...MEASURED, "LM_SERVICE"];
const PORTAL = [...MEASURED, "ADMIN_PORT", "GATEWAY_URL", "HOST"];
const NEXT = ["HOSTNAME", "NEXT_TELEMETRY_DISABLED", "NODE_ENV", "PORT"];
/** Read, but nobody's business in a cluster: for tests, for the local runner, at build time. */
const ELSEWHERE = [
  "FAILPOINT",
  "GALLERY",
  "LM_STANDALONE",
  "NATS_SERVER",
  "NEXT_RUNTIME",
  "PATH",
  "TRACE_FILE",
  "VITEST",
];

const list = z.record(z.string(), z.array(z.string()));

export function wanted(): z.infer<typeof list> {
  const configured = SYSTEM.filter(({ kind }) => kind === "service" || kind === "gateway");
  const answers = readConfigs(configured.map(({ dir }) => ({ dir, env: {} })));
  const portals = SYSTEM.filter(({ kind }) => kind === "portal");
  return Object.fromEntries([
    ...configured.map(({ name }, i) => [name, [...(answers[i]?.asked ?? []), ...PRELOAD].sort()] as const),
    ...portals.map(({ name }) => [name, [...PORTAL, ...NEXT].sort()] as const),
  ]);
}

/** Variables that code reads by itself, beside its configuration, without their being listed here; and listed ones nobody reads. */
export function unlisted(): string[] {
  const text = globSync("{services/*/src,gateway/src,portals/*/src}/**/*.{ts,tsx}", { cwd: ROOT })
    .concat("portals/web/next-config.mjs")
    .filter((file) => !/\.test\.tsx?$|\/testing\//.test(file))
    .map((file) => readFileSync(join(ROOT, file), "utf8"))
    .join("\n");
  const read = new Set([
    ...[...text.matchAll(/\benv\.([A-Z][A-Z0-9_]+)/g)].map(([, name = ""]) => name),
    ...[...text.matchAll(/const \{([^}]+)\} = process\.env/g)].flatMap(([, names = ""]) =>
      [...names.matchAll(/\b[A-Z][A-Z0-9_]+\b/g)].map(([name]) => name),
    ),
  ]);
  const listed = [...PRELOAD, ...PORTAL, ...ELSEWHERE];
  const configured = new Set(Object.values(wanted()).flat());
  return [
    ...[...read]
      .filter((name) => !listed.includes(name) && !configured.has(name))
      .map((name) => `${name} is read`),
    ...listed.filter((name) => !read.has(name)).map((name) => `${name} is listed and not read`),
  ];
}

export const written = (): z.infer<typeof list> => list.parse(JSON.parse(readFileSync(FILE, "utf8")));

if (process.argv[1] === import.meta.filename) {
  writeFileSync(FILE, JSON.stringify(wanted(), null, 2));
  const biome = fileURLToPath(new URL("../../node_modules/.bin/biome", import.meta.url));
  execFileSync(biome, ["format", "--write", FILE], { stdio: "inherit" });
}
