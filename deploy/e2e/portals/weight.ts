import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ROOT } from "@leadmetrics/local/place";
import { z } from "zod";

/**
 * Bytes of gzip no page's script may weigh: what its document names, before anything is opened or pressed. React and Next's
 * router are 131 kB of it.
 */
export const SCRIPT_BUDGET = 170_000;

/** What Next's build says each page loads first, by the page's pattern. */
const firstLoads = z.array(z.object({ route: z.string(), firstLoadChunkPaths: z.array(z.string()) }));

export interface PageWeight {
  readonly route: string;
  readonly bytes: number;
  readonly files: number;
}

/**
 * Weighs the pages of a portal as it was last built, the heaviest first.
 *
 * @throws when the portal isn't built, or by a Next that no longer says what its pages load
 */
export function weighPages(portal: string): PageWeight[] {
  const folder = join(ROOT, "portals", portal);
  const stats = join(folder, ".next/diagnostics/route-bundle-stats.json");
  if (!existsSync(stats))
    throw new Error(`The ${portal} portal's build says nothing of its pages: ${stats} is missing.`);
  const sizes = new Map<string, number>();
  const sizeOf = (file: string): number => {
    const known = sizes.get(file) ?? gzipSync(readFileSync(join(folder, file))).length;
    sizes.set(file, known);
    return known;
  };
  return firstLoads
    .parse(JSON.parse(readFileSync(stats, "utf8")))
    .filter(({ route }) => !route.startsWith("/_"))
    .map(({ route, firstLoadChunkPaths: files }) => ({
      route,
      bytes: files.reduce((sum, file) => sum + sizeOf(file), 0),
      files: files.length,
    }))
    .sort((one, other) => other.bytes - one.bytes);
}
