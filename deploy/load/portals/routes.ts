import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

export const PORTALS = ["dashboard", "dm", "manage"] as const;

const appOf = (portal: string): string =>
  new URL(`../../../portals/${portal}/src/app`, import.meta.url).pathname;

/** The pages of a portal behind its sign-in that need nothing in their address, as their folders say. */
export function routesOf(portal: (typeof PORTALS)[number]): string[] {
  const root = join(appOf(portal), "(app)");
  const below = (folder: string, path: string): string[] => {
    const here = existsSync(join(folder, "page.tsx")) ? [path || "/"] : [];
    const folders = readdirSync(folder, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && !/^[[(]/.test(entry.name),
    );
    return [...here, ...folders.flatMap(({ name }) => below(join(folder, name), `${path}/${name}`))];
  };
  return below(root, "").sort();
}
