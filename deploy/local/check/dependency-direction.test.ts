import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { importsOf, wrongArrows } from "./dependency-direction.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lm-arrows-"));
  for (const folder of ["proto", "services", "gateway", "portals", "deploy"]) mkdirSync(join(root, folder));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function file(path: string, text: string) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

it("lets services use the kit and the contracts, portals their libraries", () => {
  file(
    "services/content/src/a.ts",
    'import { on } from "@leadmetrics/kit";\nimport { X } from "@leadmetrics/proto/x";',
  );
  file("portals/dm/src/a.tsx", 'import { Button } from "@leadmetrics/ui";');
  file("deploy/e2e/a.ts", 'import { startPlatform } from "@leadmetrics/local/platform";');
  expect(wrongArrows(root)).toEqual([]);
});

it("names a service that knows another, by package or by path", () => {
  file(
    "services/content/src/a.ts",
    'import { x } from "@leadmetrics/billing";\nconst y = await import("../../agents/src/b.ts");',
  );
  expect(wrongArrows(root)).toEqual([
    "services/content/src/a.ts:1 imports @leadmetrics/billing: service content must not know service billing",
    "services/content/src/a.ts:2 imports ../../agents/src/b.ts: service content must not know service agents",
  ]);
});

it("lets tests from outside share a third party's end of the wire, and load tests measure a part by itself", () => {
  file("deploy/e2e/a.ts", 'import { fake } from "../../services/billing/test/wire/server.ts";');
  file("deploy/load/a.ts", 'import { list } from "@leadmetrics/content/src/list.ts";');
  file("services/billing/test/a.test.ts", 'import { x } from "../src/x.ts";');
  expect(wrongArrows(root)).toEqual([]);
  file("deploy/e2e/b.ts", 'import { x } from "../../services/billing/src/x.ts";');
  file("services/billing/test/b.test.ts", 'import { x } from "../../content/src/x.ts";');
  expect(wrongArrows(root).map((line) => line.split(": ")[1])).toEqual([
    "service-test billing must not know service content",
    "deploy e2e must not know service billing",
  ]);
});

it("lets the portals' library measure as every process does, and use nothing else of the kit", () => {
  file("portals/web/src/a.ts", 'import { histogram } from "@leadmetrics/kit/telemetry/metrics";');
  expect(wrongArrows(root)).toEqual([]);
  file("portals/web/src/b.ts", 'import { openDatabase } from "@leadmetrics/kit";');
  file("portals/dm/src/c.ts", 'import { histogram } from "@leadmetrics/kit/telemetry/metrics";');
  expect(wrongArrows(root).map((line) => line.split(": ")[1])).toEqual([
    "portal dm must not know the kit",
    "portal-library web must not know the kit",
  ]);
});

it("names a portal that talks past the gateway and a kit that knows a service", () => {
  file("portals/dm/src/a.ts", 'import { X } from "@leadmetrics/proto/x";');
  file("services/kit/src/a.ts", 'export * from "../../content/src/b.ts";');
  expect(wrongArrows(root).map((line) => line.split(": ")[1])).toEqual([
    "the kit must not know service content",
    "portal dm must not know the proto",
  ]);
});

it("keeps rules free of everything but types and pure modules", () => {
  file("services/content/src/plans/store.ts", 'import pg from "pg";');
  file("services/content/src/plans/limits.ts", 'import type { Row } from "./store.ts";');
  file("services/content/src/plans/mixed.ts", 'import { load } from "./store.ts";');
  file(
    "services/content/src/plans/rules.ts",
    [
      'import { createHash } from "node:crypto";',
      'import { randomUUID } from "node:crypto";',
      'import type { Row } from "./store.ts";',
      'import { type A, type B } from "../db.ts";',
      'import { LONGEST } from "./limits.ts";',
      'import { load } from "./store.ts";',
      'import { mixed } from "./mixed.ts";',
    ].join("\n"),
  );
  const lines = wrongArrows(root).filter((line) => line.includes("rules.ts imports types"));
  expect(lines.map((line) => line.split(" ")[0]?.split(":")[1])).toEqual(["2", "6", "7"]);
});

it("tells types from values", () => {
  expect(
    importsOf("a.ts", 'import { type A, b as c } from "x";\nimport "y";\nexport type { C } from "z";'),
  ).toEqual([
    { to: "x", names: ["A", "b"], typeOnly: false, line: 1 },
    { to: "y", names: ["*"], typeOnly: false, line: 2 },
    { to: "z", names: ["*"], typeOnly: true, line: 3 },
  ]);
});
