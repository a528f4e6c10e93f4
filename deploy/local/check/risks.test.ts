import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../place.ts";
import { processNamed, SYSTEM } from "../system.ts";

const SKIPPED = new Set(["node_modules", "gen", ".next", "dist"]);

function sourcesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (SKIPPED.has(entry.name)) return [];
    if (entry.isDirectory()) return sourcesIn(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
const textOf = (path: string) => readFileSync(join(ROOT, path), "utf8");
const sources = ["services", "gateway", "portals", "deploy"].flatMap(sourcesIn);

it("R-03: the gateway's routes are registered in one place, which tests and production share", () => {
  const builders = sourcesIn("gateway/src").filter((path) => /\bfastify\(/i.test(textOf(path)));
  expect(builders).toEqual(["gateway/src/app.ts"]);
  for (const path of ["gateway/src/main.ts", "gateway/test/gateway.ts"])
    expect(textOf(path)).toContain("buildApp(");
});

it("R-08: agents' work runs in a process of its own, which can end without its service", () => {
  const worker = processNamed("agents-worker");
  expect(worker).toMatchObject({ kind: "worker", service: "agents" });
  expect(worker.main).not.toBe(processNamed("agents").main);
  // Every process has a limit of its own: one that leaks ends itself, nobody else.
  for (const spec of SYSTEM) expect(spec.memoryMb).toBeGreaterThan(0);
});

it("R-19: no module is loaded by require, nor by a name that is only known when it runs", () => {
  const computed = /(?<![.\w])import\(\s*[^"'`\s/)]/;
  const required = /(?<![.\w])require\(/;
  const found = sources.filter((path) => {
    if (path.endsWith(".test.ts") || path.startsWith("deploy/")) return false;
    const text = textOf(path);
    return required.test(text) || computed.test(text);
  });
  expect(found).toEqual([]);
});

it("R-20: no portal depends on a service or a provider's library, and on the kit only where it runs on its server", () => {
  const providers = /^(@anthropic-ai|openai$|nodemailer|pg$|@nats-io|@aws-sdk|@lancedb|razorpay|mongodb)/;
  for (const portal of readdirSync(join(ROOT, "portals"))) {
    const { dependencies = {} } = JSON.parse(textOf(`portals/${portal}/package.json`)) as {
      dependencies?: Record<string, string>;
    };
    const wrong = Object.keys(dependencies).filter(
      (name) =>
        providers.test(name) ||
        (/^@leadmetrics\/(?!ui$|web$|proto$)/.test(name) &&
          !(portal === "web" && name === "@leadmetrics/kit")),
    );
    expect([portal, wrong]).toEqual([portal, []]);
  }
  const measuring = sources.filter(
    (path) => path.startsWith("portals/") && /from "@leadmetrics\/kit/.test(textOf(path)),
  );
  expect(measuring).toEqual(["portals/web/src/server/observe.ts"]);
});

it("R-21: unit tests run from the sources: no package of ours has to be built first", () => {
  const packages = ["services", "portals", "deploy"]
    .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}/package.json`))
    .concat("gateway/package.json");
  for (const path of packages) {
    const { exports = {}, main } = JSON.parse(textOf(path)) as { exports?: unknown; main?: string };
    expect([path, /\b(dist|build)\b/.test(JSON.stringify([exports, main ?? ""]))]).toEqual([path, false]);
  }
});
