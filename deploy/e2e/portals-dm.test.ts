import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../local/people.ts";
import { noBrowser, openBrowser } from "./browser.ts";
import { type Platform, platformForTests } from "./harness.ts";
import { watchAsks } from "./portals/asks.ts";
import { boardJourneys } from "./portals/dm-board.ts";
import { craftJourneys } from "./portals/dm-craft.ts";
import { deskOf, TEST_MS } from "./portals/dm-desk.ts";
import { draftJourneys } from "./portals/dm-drafts.ts";
import { keyJourneys } from "./portals/dm-keys.ts";
import { barriers, overflow } from "./portals/readable.ts";

const SETUP_MS = 300_000;

const LAPTOP = { width: 1366, height: 860 };
const PHONE = { width: 375, height: 740 };

/** Payloads that have run somewhere before, each marking the page when it does. */
const XSS = [
  "<script>window.__ran=1</script>",
  '<img src=x onerror="window.__ran=1">',
  '<svg onload="window.__ran=1">',
  "[press](javascript:window.__ran=1)",
  "[press](java\tscript:window.__ran=1)",
  '![x](x" onerror="window.__ran=1)',
  "<a href='data:text/html,<script>opener.__ran=1</script>'>x</a>",
  '<iframe srcdoc="<script>parent.__ran=1</script>"></iframe>',
  "`<img src=x onerror=window.__ran=1>`",
];

describe.skipIf(noBrowser)("the reviewers' portal in a real browser", () => {
  let platform: Platform;
  let browser: Browser;
  let tenantRef: string;
  beforeAll(async () => {
    [platform, browser] = await Promise.all([platformForTests({ portals: true, demo: true }), openBrowser()]);
    const desk = await visit(people.reviewer);
    const tenants = await asked<{ items: { ref: string }[] }>(desk.page, "/api/dm/v1/tenants");
    tenantRef = tenants.items[0]?.ref ?? "";
    await desk.context.close();
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
  }, SETUP_MS);

  const host = () => ({ platform, browser, tenantRef });
  const { visit, asked, plant } = deskOf(host);
  keyJourneys(host);
  draftJourneys(host);
  craftJourneys(host);
  boardJourneys(host);

  it("says a failure of the gateway as a sentence, and goes on when it is over", {
    timeout: TEST_MS,
  }, async () => {
    const { page, context } = await visit(people.reviewer);
    await platform.retire("gateway");
    try {
      await page.goto(`${platform.url("dm")}/queue`);
      const alert = page.getByRole("main").getByRole("alert").first();
      await alert.waitFor();
      expect(await alert.textContent()).toMatch(/[A-Z][^{}<>]+\./);
    } finally {
      await platform.restart("gateway");
    }
    await page.getByRole("button", { name: "Try again" }).first().click();
    const list = page.getByRole("navigation", { name: "To review" });
    await list.or(page.getByText("Nothing to review")).first().waitFor();
    await context.close();
  });

  it("never runs what a draft, a title, a brief or a comment brings along", {
    timeout: TEST_MS,
  }, async () => {
    // Three of them a draft: a title has an end, and so has a test's time.
    const sets = [XSS.slice(0, 3), XSS.slice(3, 6), XSS.slice(6)];
    const refs = await plant(
      sets.map((payloads, index) => ({
        title: `XSS ${index} ${payloads.join(" ")}`,
        body: payloads.map((payload) => `${payload}\n\nText ${payload} inside.\n\n- ${payload}\n`).join("\n"),
        brief: payloads.map((payload) => `# ${payload}\n\n${payload}`).join("\n\n"),
        comment: payloads.join("\n\n"),
        promisedInMinutes: 10_000 + index,
      })),
    );
    const { page, context, complaints } = await visit(people.reviewer);
    for (const ref of refs) {
      const item = await page.request.get(
        `${platform.url("dm")}/api/dm/v1/tenants/${tenantRef}/activities/${ref}`,
      );
      expect(item.status()).toBe(200);
      await page.goto(`${platform.url("dm")}/activities/${tenantRef}/${ref}`);
      await page.getByRole("tab", { name: /Comments/ }).click();
      await page.getByRole("tab", { name: "Brief" }).click();
      expect(await page.evaluate("window.__ran")).toBeUndefined();
      expect(
        await page.locator('a[href^="javascript" i], a[href^="data:" i], iframe, main script').count(),
      ).toBe(0);
    }
    await page.goto(`${platform.url("dm")}/queue`);
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await page.getByLabel("Words of the title").fill("XSS");
    await page.getByText(/of this filter/).waitFor();
    await page.getByRole("navigation", { name: "To review" }).getByRole("link").first().click();
    await page.keyboard.press("e");
    await page.getByRole("textbox", { name: "Text of the draft" }).waitFor();
    expect(await page.evaluate("window.__ran")).toBeUndefined();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("has no page with an accessibility violation, in either theme, on a laptop and on a phone", {
    timeout: TEST_MS,
  }, async () => {
    const { page, context, complaints } = await visit(people.reviewer);
    const [ref = ""] = await plant([
      {
        title: "Axe",
        body: "## A\n\nIt rests [1].\n\n- a\n",
        brief: "B",
        comment: "C",
        promisedInMinutes: -3_000,
      },
    ]);
    const pages = [
      `/queue?activity=${ref}`,
      "/activities",
      `/activities/${tenantRef}/${ref}`,
      "/runs",
      "/skills",
      "/skills/tone",
      "/skills/preview",
      "/templates",
      "/tenants",
      `/tenants/${tenantRef}`,
      "/stats",
      "/notifications",
      "/security",
    ];
    const found: string[] = [];
    const asks = watchAsks(page);
    const look = async (name: string) => {
      for (const viewport of [PHONE, LAPTOP]) {
        await page.setViewportSize(viewport);
        const here = await barriers(page);
        const wider = await overflow(page);
        if (wider > 0) here.push(`${wider} px wider than the window`);
        found.push(...here.map((one) => `${name} ${viewport.width} px: ${one}`));
      }
    };
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const path of pages) {
        await page.goto(`${platform.url("dm")}${path}`);
        await page.getByRole("main").waitFor();
        await page
          .getByRole("main")
          .getByRole("status", { name: "Loading" })
          .first()
          .waitFor({ state: "detached" });
        await look(`${path} ${colorScheme}`);
      }
    }
    expect(found.join("\n")).toBe("");
    expect(await asks()).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
