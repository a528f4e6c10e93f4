import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../company.ts";
import { apiSuite } from "./api.ts";
import { backendsSuite } from "./backends.ts";
import { canarySuite } from "./canary.ts";
import { elsewhereSuite } from "./elsewhere.ts";
import { fuzzSuite } from "./fuzz.ts";
import { impersonatedSuite } from "./impersonated.ts";
import { methodsSuite } from "./methods.ts";
import { type Rows, rowsOf } from "./rows.ts";
import { buildWorld, type World } from "./world.ts";

const SETUP_MS = 240_000;
const SETTLE_MS = 60_000;

let held: World | undefined;
let before: Rows;
const world = (): World => {
  if (!held) throw new Error("the world isn't there yet");
  return held;
};

beforeAll(async () => {
  held = await buildWorld();
}, SETUP_MS);
afterAll(async () => {
  await held?.stop();
}, 60_000);

/** B's rows once everything that its work set off has come to rest. */
function settledRows(): Promise<Rows> {
  let earlier = "";
  return until("B's rest", SETTLE_MS, async () => {
    const rows = await rowsOf(world().platform, world().b);
    const now = JSON.stringify(rows);
    if (now === earlier) return rows;
    earlier = now;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    return undefined;
  });
}

const canary = canarySuite(world);
canary.plant();
elsewhereSuite(world);

describe("with everybody's references at hand", () => {
  beforeAll(async () => {
    before = await settledRows();
  }, SETTLE_MS);

  apiSuite(world);
  methodsSuite(world);
  impersonatedSuite(world);

  it("leaves the other tenant unchanged in every database, whatever was tried", async () => {
    expect(Object.values(before).filter((hash) => !hash.startsWith("0:")).length).toBeGreaterThan(20);
    expect(await rowsOf(world().platform, world().b)).toEqual(before);
  });
});

backendsSuite(world);
fuzzSuite(world);
canary.search();
