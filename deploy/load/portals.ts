/**
 * What the portals' pages weigh and how fast they are, in Debian's Chromium on a production build: JavaScript over the wire,
 * the server's time for the page, largest contentful paint, the slowest answer to a key or click, what moves by itself, and
 * requests. Prints what is over its budget; asserts nothing: bytes are held by `deploy/e2e/portals-weight.test.ts`.
 *
 *   node deploy/load/portals.ts [--portals dashboard,dm,manage] [--visits 3] [--at manage=http://localhost:3001]...
 *
 * With --at it visits the portals named, where they already run with the demo tenant; without, it starts a platform.
 */
import { parseArgs } from "node:util";
import { openBrowser } from "@leadmetrics/e2e/browser";
import { platformForTests } from "@leadmetrics/e2e/harness";
import { people } from "@leadmetrics/local/people";
import { median, printConditions } from "./measure.ts";
import { BUDGETS, overBudget } from "./portals/budgets.ts";
import { PORTALS, routesOf } from "./portals/routes.ts";
import { signIn, type Visit, visit } from "./portals/visit.ts";

const { values } = parseArgs({
  options: {
    at: { type: "string", multiple: true, default: [] },
    portals: { type: "string", default: PORTALS.join(",") },
    visits: { type: "string", default: "3" },
  },
});
const visits = Number(values.visits);
const chosen = values.portals.split(",");
const running = new Map(values.at.map((one) => [one.split("=")[0], one.slice(one.indexOf("=") + 1)]));
const platform = running.size > 0 ? undefined : await platformForTests({ portals: true, demo: true });
const whose = { dashboard: people.client, dm: people.reviewer, manage: people.superAdmin } as const;
const browser = await openBrowser();
const kB = (bytes: number): string => (bytes / 1_000).toFixed(0);

function print(name: string, one: Visit, over: readonly string[] = []): void {
  const cells = [
    kB(one.scriptBytes).padStart(7),
    kB(one.allScriptBytes).padStart(9),
    one.serverMs.toFixed(0).padStart(12),
    one.lcpMs.toFixed(0).padStart(9),
    one.inpMs.toFixed(0).padStart(9),
    one.shift.toFixed(2).padStart(8),
    one.requests.toFixed(0).padStart(11),
  ];
  console.log(`  ${name.padEnd(22)}${cells.join("")}${over.length > 0 ? `   over: ${over.join(", ")}` : ""}`);
}

try {
  printConditions(
    `Chromium, no throttling, ${visits} visits of each page with an empty cache; medians. Budgets: ${BUDGETS.scriptBytes / 1_000} kB of JavaScript, LCP ${BUDGETS.lcpMs} ms, INP ${BUDGETS.inpMs} ms, CLS ${BUDGETS.shift}.`,
  );
  for (const portal of PORTALS.filter((name) => chosen.includes(name))) {
    const origin = platform?.url(portal) ?? running.get(portal);
    if (!origin) continue;
    const state = await signIn(browser, origin, whose[portal]);
    console.log(`\n${portal}`);
    console.log("  page                    JS kB   all JS   server ms   LCP ms   INP ms     CLS   requests");
    const rows: Visit[] = [];
    for (const path of routesOf(portal)) {
      const all: Visit[] = [];
      for (let round = 0; round < visits; round++) all.push(await visit(browser, origin + path, state));
      const of = (pick: (one: Visit) => number) => median(all.map(pick));
      const row: Visit = {
        scriptBytes: of((one) => one.scriptBytes),
        allScriptBytes: of((one) => one.allScriptBytes),
        serverMs: of((one) => one.serverMs),
        lcpMs: of((one) => one.lcpMs),
        inpMs: of((one) => one.inpMs),
        shift: of((one) => one.shift),
        requests: of((one) => one.requests),
      };
      rows.push(row);
      print(path, row, overBudget(row));
    }
    const middle = (pick: (one: Visit) => number) => median(rows.map(pick));
    print("median", {
      scriptBytes: middle((one) => one.scriptBytes),
      allScriptBytes: middle((one) => one.allScriptBytes),
      serverMs: middle((one) => one.serverMs),
      lcpMs: middle((one) => one.lcpMs),
      inpMs: middle((one) => one.inpMs),
      shift: middle((one) => one.shift),
      requests: middle((one) => one.requests),
    });
  }
} finally {
  await browser.close();
  await platform?.stop();
}
