import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { glyphs } from "./glyphs.ts";

type Done = (failure: Error | null, drawing?: string) => void;
type Loader = (this: { resourcePath: string; addDependency(path: string): void; async(): Done }) => void;

const PORTALS = fileURLToPath(new URL("../../..", import.meta.url));
const SKIPPED = new Set(["node_modules", ".next", "dist"]);

/** As a build draws it. */
function draw(): Promise<string> {
  const loader: Loader = createRequire(import.meta.url)("../../icon-sprite.cjs");
  return new Promise((resolve, reject) => {
    loader.call({
      resourcePath: fileURLToPath(new URL("glyphs.ts", import.meta.url)),
      addDependency: () => {},
      async: () => (failure, drawing) => (failure ? reject(failure) : resolve(drawing ?? "")),
    });
  });
}

function* sources(folder: string): Generator<string> {
  for (const one of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, one.name);
    if (one.isDirectory() && !SKIPPED.has(one.name)) yield* sources(path);
    else if (/\.tsx?$/.test(one.name) && !one.name.startsWith("glyphs.")) yield readFileSync(path, "utf8");
  }
}

describe("the picture of all icons", () => {
  it("has a drawing of every icon that is named, and says whose they are", async () => {
    const drawing = await draw();
    for (const name of glyphs)
      expect(drawing).toMatch(new RegExp(`<symbol id="${name}" viewBox="0 0 \\d+ \\d+"><[a-z]+ [a-z0-9]+="`));
    expect(drawing.match(/<symbol /g)).toHaveLength(glyphs.length);
    expect(drawing).toContain("ISC licence");
    expect(drawing).not.toContain("undefined");
  });

  it("has none that no portal shows", () => {
    const all = [...sources(PORTALS)].join("\n");
    expect(glyphs.filter((name) => !all.includes(`"${name}"`))).toEqual([]);
  });
});
