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

it("names a portal that talks past the gateway and a kit that knows a service", () => {
  file("portals/dm/src/a.ts", 'import { X } from "@leadmetrics/proto/x";');
  file("services/kit/src/a.ts", 'export * from "../../content/src/b.ts";');
  expect(wrongArrows(root).map((line) => line.split(": ")[1])).toEqual([
    "the kit must not know service content",
    "portal dm must not know the proto",
  ]);
});

it("keeps rules free of everything but types and other rules", () => {
  file(
    "services/content/src/plans/rules.ts",
    'import type { Row } from "./store.ts";\nimport { type A, type B } from "../db.ts";\nimport { other } from "../activities/rules.ts";\nimport { load } from "./store.ts";',
  );
  expect(wrongArrows(root)).toEqual([
    "services/content/src/plans/rules.ts:4 imports ./store.ts: rules.ts imports types and other rules only",
  ]);
});

it("tells types from values", () => {
  expect(
    importsOf("a.ts", 'import { type A, b } from "x";\nimport "y";\nexport type { C } from "z";'),
  ).toEqual([
    { to: "x", typeOnly: false, line: 1 },
    { to: "y", typeOnly: false, line: 2 },
    { to: "z", typeOnly: true, line: 3 },
  ]);
});
