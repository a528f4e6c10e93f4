import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { noBrowser, openBrowser } from "./browser.ts";
import { newCompany } from "./company.ts";
import { decisionJourneys } from "./dashboard/decisions.ts";
import { Desk, World, waitingForClient } from "./dashboard/desk.ts";
import { directionJourneys } from "./dashboard/direction.ts";
import { houseJourneys } from "./dashboard/house.ts";
import { longJourneys } from "./dashboard/long.ts";
import { pageJourneys } from "./dashboard/pages.ts";
import { settingsJourneys } from "./dashboard/settings.ts";
import { platformForTests } from "./harness.ts";

const SETUP_MS = 300_000;

describe.skipIf(noBrowser)("the dashboard in a real browser", () => {
  const world = new World();
  let browser: Browser;

  beforeAll(async () => {
    const [platform, opened] = await Promise.all([platformForTests({ portals: true }), openBrowser()]);
    browser = opened;
    const desk = new Desk(browser, platform);
    const company = await newCompany(platform);
    const items = await waitingForClient(company, { title: "January", blogs: 5, posts: 6 });
    const clara = await (await desk.open()).signIn(company.person);
    world.begin({ platform, desk, company, items, clara });
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    await world.end();
  }, SETUP_MS);

  decisionJourneys(world);
  longJourneys(world);
  directionJourneys(world);
  houseJourneys(world);
  settingsJourneys(world);
  pageJourneys(world);
});
