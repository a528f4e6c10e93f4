import { buildPortals } from "@leadmetrics/local/portal-builds";
import { processNamed } from "@leadmetrics/local/system";
import { beforeAll, describe, expect, it } from "vitest";
import { SCRIPT_BUDGET, weighPages } from "./portals/weight.ts";

/** As long as three builds take on a slow machine. */
const BUILD_MS = 600_000;
const PORTALS = ["dashboard", "dm", "manage"] as const;
/** For those who build portals; nobody else opens it. */
const GALLERY = "/ui";

/** Bytes alone: they are the same on every machine. */
describe("the script of the portals' pages", () => {
  beforeAll(() => buildPortals(PORTALS.map(processNamed), () => () => {}), BUILD_MS);

  it.each(PORTALS)("stays within its budget on every page of %s", (portal) => {
    const pages = weighPages(portal).filter(({ route }) => route !== GALLERY);
    expect(pages.length).toBeGreaterThan(10);
    const over = pages
      .filter(({ bytes }) => bytes > SCRIPT_BUDGET)
      .map(({ route, bytes }) => `${route}: ${Math.round(bytes / 1_000)} kB of ${SCRIPT_BUDGET / 1_000}`);
    // What only opens, or shows once it is there, belongs behind lazy(): see portals/ui's README.
    expect(over).toEqual([]);
  });
});
